"""Load the demo."""

from dataclasses import asdict
from typing import Any

from django.utils import timezone

from budgets.demo import BRANDS, HISTORY_DAYS, HOURS, Demo, is_loaded, load_demo
from budgets.management.reporting import Answer, ReportingCommand


class Command(ReportingCommand):
    """Load demo brands with 40 days of history; running it again changes nothing."""

    help = (
        f"Load {len(BRANDS)} demo brands with their campaigns and {HISTORY_DAYS} days of history. "
        "Running it again changes nothing."
    )
    writes = True

    def run(self, *, dry_run: bool, json: bool, **options: Any) -> Answer:
        if dry_run:
            return self.plan()
        demo = load_demo(now=timezone.now(), progress=self.tell_days_left)
        return asdict(demo), demo_in_words(demo)

    def plan(self) -> Answer:
        if is_loaded():
            return {"dry_run": True, "brands": 0}, "The demo is loaded; nothing would change."
        campaigns = sum(len(brand.campaigns) for brand in BRANDS)
        facts = {
            "dry_run": True,
            "brands": len(BRANDS),
            "campaigns": campaigns,
            "schedules": len(HOURS),
            "days": HISTORY_DAYS,
        }
        return facts, (
            f"Would load {len(BRANDS)} brands, {campaigns} campaigns, {len(HOURS)} schedules and "
            f"{HISTORY_DAYS} days of spend. Nothing was written."
        )

    def tell_days_left(self, days: int) -> None:
        """Show progress where a person watches; a log gets the end result only."""
        self.show_progress(f"Living through {HISTORY_DAYS} days: {days:2} left ")


def demo_in_words(demo: Demo) -> str:
    done = (
        "Loaded the demo" if demo.entries_added else "The demo was loaded before; nothing changed"
    )
    return (
        f"{done}: {demo.brands} brands, {demo.campaigns} campaigns ({demo.running} running, "
        f"{demo.paused} paused), {demo.entries:,} spend entries, {demo.changes:,} changes."
    )
