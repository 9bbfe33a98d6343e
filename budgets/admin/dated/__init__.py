"""Budgets over time: what was, is and will be in force; planned ahead, previewed."""
