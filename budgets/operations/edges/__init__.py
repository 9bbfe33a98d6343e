"""Edges: instants at which time alone changes a decision, met as they come (T5)."""

from budgets.operations.edges.due import decide_due

__all__ = ["decide_due"]
