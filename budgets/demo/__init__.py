"""The demo: an agency to look at, with a past that the operations wrote themselves."""

from budgets.demo.load import Demo, is_loaded, load_demo
from budgets.demo.world import BRANDS, HISTORY_DAYS, HOURS

__all__ = ["BRANDS", "HISTORY_DAYS", "HOURS", "Demo", "is_loaded", "load_demo"]
