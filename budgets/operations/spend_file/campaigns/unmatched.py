"""The campaigns of refused rows, for a person to match once and for all."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from budgets.operations.spend_file.campaigns.reference import Identifier, Reference

CAMPAIGNS_KEPT = 1_000


class UnmatchedRow(NamedTuple):
    """A row whose campaign is not known for certain."""

    line: int
    reference: Reference
    source: str
    brand_id: int | None
    candidates: tuple[int, ...]
    amount: Decimal | None
    """`None` where it cannot be read."""
    currency: str


@dataclass(slots=True, kw_only=True)
class UnmatchedCampaign:
    """What the reports of a source call a campaign that we do not know for certain."""

    source: str
    external_id: str
    name: str
    """As the first of its rows has it; empty where reports have none."""
    brand: str
    """As the rows name it, if they do."""
    brand_id: int | None
    """`None` where no brand was named or chosen."""
    candidates: tuple[int, ...]
    """The campaigns that it may be, by what contradicts or is there twice."""
    first_line: int
    rows: int = 0
    amounts: dict[str, Decimal] = field(default_factory=dict)
    """What its rows come to, by currency, as far as they can be read."""

    def add(self, row: UnmatchedRow) -> None:
        self.rows += 1
        if row.amount is not None:
            before = self.amounts.get(row.currency, Decimal(0))
            self.amounts[row.currency] = before + row.amount


class UnmatchedCampaigns:
    """The first campaigns of a file that are unknown, and how many rows there are of others."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, Identifier, str, int | None], UnmatchedCampaign] = {}
        self.other_rows = 0
        self.lack_a_brand = False
        """Whether choosing a brand would help to find some."""

    def __iter__(self) -> Iterator[UnmatchedCampaign]:
        return iter(self.kept.values())

    def __len__(self) -> int:
        return len(self.kept)

    def add(self, row: UnmatchedRow) -> None:
        """Count a refused row to its campaign."""
        reference = row.reference
        self.lack_a_brand |= row.brand_id is None
        key = row.source, reference.identifier, reference.brand, row.brand_id
        if key not in self.kept:
            if len(self.kept) == CAMPAIGNS_KEPT:
                self.other_rows += 1
                return
            self.kept[key] = UnmatchedCampaign(
                source=row.source,
                external_id=reference.external_id,
                name=reference.campaign,
                brand=reference.brand,
                brand_id=row.brand_id,
                candidates=row.candidates,
                first_line=row.line,
            )
        self.kept[key].add(row)
