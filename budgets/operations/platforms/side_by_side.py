"""Accounts side by side: one that is slow, fails or hangs delays no other."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, connections

log = logging.getLogger(__name__)

ACCOUNTS_AT_ONCE = 16
"""Threads: they wait for platforms nearly all the time. Each has a database connection."""


def side_by_side(work: Callable[[int], int], account_ids: Sequence[int]) -> int:
    """Do the work of each account and return the sum of what it returns; a failure is logged.

    Inside a transaction, whose rows no other thread sees, it is done one by one.
    """
    if len(account_ids) <= 1 or connection.in_atomic_block:
        return sum(apart(work, account_id) for account_id in account_ids)
    with ThreadPoolExecutor(min(len(account_ids), ACCOUNTS_AT_ONCE)) as threads:
        return sum(threads.map(lambda account_id: in_a_thread(work, account_id), account_ids))


def in_a_thread(work: Callable[[int], int], account_id: int) -> int:
    try:
        return apart(work, account_id)
    finally:
        connections.close_all()


def apart(work: Callable[[int], int], account_id: int) -> int:
    """Work for an account; whatever goes wrong is its own."""
    try:
        return work(account_id)
    except Exception:
        log.exception("Account %d could not be worked for; the next turn tries again.", account_id)
        return 0
