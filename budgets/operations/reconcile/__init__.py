"""Reconcile: make every campaign's reasons what they should be, and write down what changed."""

from budgets.operations.reconcile.transitions import reconcile, settle

__all__ = ["reconcile", "settle"]
