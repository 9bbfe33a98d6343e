"""The record of access: who came in, was turned away, gave or took rights."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from budgets.models import AccessEvent, AccessKind
from budgets.models.sign_in.access_event import DETAIL_LENGTH, NAME_LENGTH

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, and from where; asked only when there is something to record."""

    name: Callable[[], str] = str
    address: Callable[[], str] = str


NOBODY_KNOWN = Actor()
"""Of what is done in a shell, by a command or a migration."""

_actor: ContextVar[Actor] = ContextVar("actor", default=NOBODY_KNOWN)


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """Record what happens within under this name and address."""
    token = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(token)


def record_access(kind: AccessKind, name: str, *, detail: str = "", **more: Any) -> AccessEvent:
    """Record an event about a user, a role or a key, and log it.

    `who` and `address` are those of the request under way where none are given.
    """
    actor = _actor.get()
    columns = {"who": actor.name, "address": actor.address}
    given = {key: more.pop(key) if key in more else read() for key, read in columns.items()}
    event = AccessEvent.objects.create(
        kind=kind,
        name=name[:NAME_LENGTH],
        detail=shortened(detail),
        **given,
        **more,
    )
    log_access(event)
    return event


def log_access(event: AccessEvent) -> None:
    """Write an event into the log.

    Names are escaped: whoever types one can neither begin a line nor hide the rest of it.
    """
    logger.info(
        "access %s name=%s who=%s address=%s detail=%s",
        event.kind,
        ascii(event.name),
        ascii(event.who),
        event.address or "-",
        ascii(event.detail),
    )


def shortened(detail: str) -> str:
    return detail if len(detail) <= DETAIL_LENGTH else f"{detail[: DETAIL_LENGTH - 1]}…"


def named(names: list[str], *, most: int = 20) -> str:
    """Return names as a detail, in order; of very many the first, and how many more."""
    shown = ", ".join(sorted(names)[:most])
    return f"{shown}, +{len(names) - most}" if len(names) > most else shown
