"""Drawing: figures become the points of an SVG, with the same figures as a table beside it."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import repeat
from typing import Any

from babel.dates import format_date
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from budgets.reports.charts import Curve, DailySpend, DayOfSpend
from budgets.reports.figures import NOTHING
from budgets.reports.words import locale, money, money_in_short

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 64, 12, 14, 24
LABELS_AT_MOST = 8
NICE = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
TICKS = 4


class Scale:
    """Maps amounts to heights: from the least, or 0, to a round number above the most."""

    def __init__(self, amounts: list[Decimal]) -> None:
        known = [*amounts, NOTHING]
        least, most = min(known), max(known)
        self.step = nice_step(most - least)
        self.low: Decimal = (least / self.step).to_integral_value(ROUND_FLOOR) * self.step
        steps_up: Decimal = max((most / self.step).to_integral_value(ROUND_CEILING), Decimal(1))
        self.high = steps_up * self.step

    def y(self, amount: Decimal) -> str:
        """Return the height of an amount."""
        share = (amount - self.low) / (self.high - self.low)
        return f"{HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM):.1f}"

    def ticks(self, currency: str) -> list[tuple[str, str]]:
        """Return the heights and words of the lines across."""
        count = int((self.high - self.low) / self.step)
        amounts = [self.low + n * self.step for n in range(count + 1)]
        return [(self.y(amount), money_in_short(amount, currency)) for amount in amounts]


def nice_step(span: Decimal) -> Decimal:
    """Return a round step that cuts the span into a few parts."""
    if span <= 0:
        return Decimal(1)
    rough = span / TICKS
    power = Decimal(10) ** rough.adjusted()
    return min(step * power for step in NICE if step * power >= rough)


def x_of(position: Decimal) -> str:
    """Return where a share of the width lies, 0 to 1."""
    return f"{LEFT + position * (WIDTH - LEFT - RIGHT):.1f}"


def curve(name: str, title: str, figures: Curve, currency: str) -> SafeString:
    """Draw spend that adds up, beside budget and plan."""
    steps = len(figures.labels)
    planned = [amount for amount in figures.plan if amount is not None]
    scale = Scale([*figures.spent, *planned, figures.budget or NOTHING])
    return draw(
        scale,
        currency,
        labels=figures.labels,
        budget=figures.budget,
        name=name,
        title=title,
        description=_("%(spent)s spent so far, budget %(budget)s.")
        % {
            "spent": money(figures.spent[-1] if figures.spent else NOTHING, currency),
            "budget": money(figures.budget, currency),
        },
        columns=[_("Until the end of"), _("Spent"), _("Plan")],
        rows=rows_of(figures, currency),
        spent=points(figures.spent, steps, scale, reached=figures.reached),
        plan=points(figures.plan, steps, scale),
    )


def daily(name: str, title: str, figures: DailySpend, currency: str) -> SafeString:
    """Draw a bar a day, beside the daily budget that each is judged by."""
    amounts = [each.spent for each in figures.days]
    days = [format_date(each.day, "d MMM", locale=locale()) for each in figures.days]
    rows = [
        [day, money(each.spent, currency), money(each.budget, currency)]
        for day, each in zip(days, figures.days, strict=True)
    ]
    scale = Scale([*amounts, *(each.budget or NOTHING for each in figures.days)])
    bars = [bar_of(number, len(days), each, scale) for number, each in enumerate(figures.days)]
    return draw(
        scale,
        currency,
        labels=days,
        name=name,
        title=title,
        description=_("%(days)s days, today %(today)s, daily budget %(budget)s.")
        % {
            "days": len(days),
            "today": money(amounts[-1], currency),
            "budget": money(figures.budget, currency),
        },
        columns=[_("Day"), _("Spent"), _("Budget")],
        rows=rows,
        bars=[bar | {"words": ": ".join(row[:2])} for bar, row in zip(bars, rows, strict=True)],
        limits=[limit for limit in map(limit_of, bars, figures.days, repeat(scale)) if limit],
    )


def draw(
    scale: Scale, currency: str, *, labels: list[str], budget: Decimal | None = None, **parts: Any
) -> SafeString:
    """Render a chart with its table; every position is in the units of the drawing."""
    context = {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "bottom": HEIGHT - 6,
        "ticks": scale.ticks(currency),
        "labels": labels_of(labels),
        "zero": scale.y(NOTHING),
        "budget": "" if budget is None else scale.y(budget),
    }
    return render_to_string("budgets/charts/chart.html", context | parts)


def bar_of(number: int, count: int, of_day: DayOfSpend, scale: Scale) -> dict[str, str]:
    """Return the position and look of one bar; one over its day's budget looks so."""
    amount = of_day.spent
    left, right = Decimal(x_of(Decimal(number) / count)), Decimal(x_of(Decimal(number + 1) / count))
    top, zero = Decimal(scale.y(max(amount, NOTHING))), Decimal(scale.y(min(amount, NOTHING)))
    return {
        "x": str(left + 1),
        "y": str(top),
        "width": str(max(right - left - 2, Decimal(1))),
        "height": str(zero - top),
        "look": "over" if of_day.is_over else "room",
    }


def limit_of(bar: dict[str, str], of_day: DayOfSpend, scale: Scale) -> dict[str, str] | None:
    """Return where the line of the day's budget goes over its bar; nothing without a budget."""
    if of_day.budget is None:
        return None
    left, right = Decimal(bar["x"]) - 1, Decimal(bar["x"]) + Decimal(bar["width"]) + 1
    return {"left": str(left), "right": str(right), "y": scale.y(of_day.budget)}


def points(
    amounts: Sequence[Decimal | None], steps: int, scale: Scale, *, reached: Decimal | None = None
) -> str:
    """Return a line from 0 through the ends of the steps, the last one no further than reached.

    One that begins later begins at the first amount there is.
    """
    if not amounts:
        return ""
    furthest = Decimal(steps) if reached is None else reached
    ends = [(min(Decimal(n + 1), furthest) / steps, each) for n, each in enumerate(amounts)]
    start = [(NOTHING, NOTHING)] if amounts[0] is not None else []
    return " ".join(f"{x_of(x)},{scale.y(y)}" for x, y in [*start, *ends] if y is not None)


def labels_of(texts: list[str]) -> list[tuple[str, str]]:
    """Return as many labels under the chart as there is room for."""
    every = -(-len(texts) // LABELS_AT_MOST)
    return [
        (x_of(Decimal(number) / len(texts)), text)
        for number, text in enumerate(texts)
        if number % every == 0
    ]


def rows_of(figures: Curve, currency: str) -> list[list[str]]:
    """Return the steps that have passed as a table."""
    planned = ["–" if due is None else money(round(due, 2), currency) for due in figures.plan]
    planned = planned or ["–"] * len(figures.labels)
    return [
        [label, money(spent, currency), due]
        for label, spent, due in zip(figures.labels, figures.spent, planned, strict=False)
    ]
