"""Deliver: the public name of `platforms.push`."""

from budgets.operations.platforms.push import deliver_changes

__all__ = ["deliver_changes"]
