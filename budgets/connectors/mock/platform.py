"""What the mock platform keeps: accounts, their campaigns, every flip of a status, and its faults.

The state is a SQLite file, which the processes of one machine share, or lies in memory.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from threading import RLock

from budgets.connectors.base import Order
from budgets.connectors.mock.facts import MockAccount, MockCampaign
from budgets.connectors.mock.tables import TABLES
from budgets.rules.status import RunStatus

IN_MEMORY = ":memory:"
WAIT_SECONDS = 20

COLUMNS = ", ".join(field.name for field in fields(MockAccount))
MARKS = ", ".join(f":{field.name}" for field in fields(MockAccount))
CHOSEN = "account = ? AND id IN (SELECT value FROM json_each(?))"


class MockPlatform:
    """A small ad platform; every instant it is given is aware."""

    def __init__(self, path: Path | str) -> None:
        self.lock = RLock()
        self.database = sqlite3.connect(
            path, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False
        )
        self.database.execute("PRAGMA journal_mode=WAL")
        self.database.execute("PRAGMA synchronous=NORMAL")
        self.database.executescript(TABLES)

    def close(self) -> None:
        self.database.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Write all or nothing."""
        with self.lock:
            self.database.execute("BEGIN IMMEDIATE")
            try:
                yield self.database
            except BaseException:
                self.database.execute("ROLLBACK")
                raise
            self.database.execute("COMMIT")

    def rows(self, statement: str, *parameters: object) -> list[tuple[object, ...]]:
        with self.lock:
            return self.database.execute(statement, parameters).fetchall()

    def save_account(self, account: MockAccount) -> None:
        with self.writing() as database:
            database.execute(
                f"INSERT OR REPLACE INTO account ({COLUMNS}) VALUES ({MARKS})",  # noqa: S608 - our own names
                asdict(account),
            )

    def forget(self, account_id: str) -> None:
        """Let go of an account with all it has."""
        with self.writing() as database:
            database.execute("DELETE FROM account WHERE id = ?", (account_id,))
            for table in ("campaign", "flip", "settled", "budget"):
                database.execute(f"DELETE FROM {table} WHERE account = ?", (account_id,))  # noqa: S608 - our own names

    def account(self, account_id: str) -> MockAccount | None:
        found = self.rows(f"SELECT {COLUMNS} FROM account WHERE id = ?", account_id)  # noqa: S608 - our own names
        if not found:
            return None
        account = MockAccount(**dict(zip(COLUMNS.split(", "), found[0], strict=True)))  # type: ignore[arg-type]  # as the table says
        return replace(account, is_down=bool(account.is_down))

    def add_campaigns(
        self, account_id: str, campaigns: Iterable[MockCampaign], *, now: datetime
    ) -> None:
        """Add the campaigns that are not there yet, with the statuses they have."""
        with self.writing() as database:
            for campaign in campaigns:
                added = database.execute(
                    "INSERT OR IGNORE INTO campaign VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (
                        *(account_id, campaign.id, campaign.name, campaign.status.value),
                        campaign.daily_budget_micros,
                        *(campaign.since.isoformat(), campaign.settled_until.isoformat()),
                    ),
                ).rowcount
                if added:
                    self.note_flip(account_id, campaign.id, campaign.status, at=now)

    def note_flip(self, account_id: str, campaign: str, status: RunStatus, *, at: datetime) -> None:
        self.database.execute(
            "INSERT INTO flip VALUES (?, ?, ?, ?)",
            (account_id, campaign, at.isoformat(), status.value),
        )

    def set_status(
        self, account_id: str, orders: Sequence[Order], *, now: datetime
    ) -> dict[str, RunStatus]:
        """Carry out the orders that can be; return what status each known campaign has now."""
        with self.writing() as database:
            for campaign, status in orders:
                changed = database.execute(
                    "UPDATE campaign SET status = ? WHERE account = ? AND id = ?"
                    " AND status NOT IN (?, ?)",
                    (status.value, account_id, campaign, status.value, RunStatus.REMOVED.value),
                ).rowcount
                if changed:
                    self.note_flip(account_id, campaign, status, at=now)
            return self.statuses(account_id, [campaign for campaign, _ in orders])

    def set_budgets(self, account_id: str, micros: Mapping[str, int]) -> dict[str, RunStatus]:
        """Keep daily budgets of the campaigns that can run; return the status of each known one."""
        with self.writing() as database:
            stands = self.statuses(account_id, list(micros))
            database.executemany(
                "INSERT OR REPLACE INTO budget VALUES (?, ?, ?)",
                [
                    (account_id, campaign, micros[campaign])
                    for campaign, status in stands.items()
                    if status is not RunStatus.REMOVED
                ],
            )
            return stands

    def statuses(self, account_id: str, campaigns: Sequence[str]) -> dict[str, RunStatus]:
        found = self.rows(
            f"SELECT id, status FROM campaign WHERE {CHOSEN}",  # noqa: S608 - our own names
            *(account_id, json_list(campaigns)),
        )
        return {str(campaign): RunStatus(str(status)) for campaign, status in found}

    def campaigns(self, account_id: str, chosen: Sequence[str] | None = None) -> list[MockCampaign]:
        """Return the campaigns of an account, or the chosen ones of them, with their flips."""
        with self.lock:
            if chosen is None:
                chosen = [
                    str(each)
                    for (each,) in self.rows(
                        "SELECT id FROM campaign WHERE account = ?", account_id
                    )
                ]
            found = self.rows(
                "SELECT id, name, status, daily_budget_micros, since, settled_until, micros"  # noqa: S608 - our own names
                " FROM campaign LEFT JOIN budget USING (account, id)"
                f" WHERE {CHOSEN} ORDER BY id",
                *(account_id, json_list(chosen)),
            )
            flips = self.flips(account_id, chosen)
        return [
            MockCampaign(
                id=str(key),
                name=str(name),
                status=RunStatus(str(status)),
                daily_budget_micros=budget if isinstance(budget, int) else None,
                since=datetime.fromisoformat(str(since)),
                settled_until=datetime.fromisoformat(str(until)),
                flips=tuple(flips.get(str(key), ())),
                budget_micros=own if isinstance(own, int) else None,
            )
            for key, name, status, budget, since, until, own in found
        ]

    def flips(
        self, account_id: str, campaigns: Sequence[str]
    ) -> dict[str, list[tuple[datetime, RunStatus]]]:
        """Return every status that campaigns were given, oldest first."""
        found = self.rows(
            "SELECT campaign, at, status FROM flip WHERE account = ?"
            " AND campaign IN (SELECT value FROM json_each(?)) ORDER BY campaign, rowid",
            *(account_id, json_list(campaigns)),
        )
        return {
            str(campaign): [
                (datetime.fromisoformat(str(at)), RunStatus(str(status))) for _, at, status in rows
            ]
            for campaign, rows in groupby(found, key=lambda row: row[0])
        }


def json_list(texts: Sequence[str]) -> str:
    return json.dumps(list(texts))
