"""Drawing: figures become the points of an SVG, with the same figures as a table beside it."""

from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from babel.dates import format_date
from babel.numbers import format_compact_currency
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from budgets.reports.charts import Curve, DailySpend
from budgets.reports.words import locale, money

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 64, 12, 14, 24
LABELS_AT_MOST = 8
NICE = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
TICKS = 4


@dataclass(slots=True, kw_only=True)
class Chart:
    """What the template draws; every position is in the units of the drawing."""

    name: str
    title: str
    description: str
    columns: list[str]
    rows: list[list[str]]
    ticks: list[tuple[str, str]]
    labels: list[tuple[str, str]]
    zero: str
    budget: str = ""
    spent: str = ""
    plan: str = ""
    bars: list[dict[str, str]] = field(default_factory=list)


class Scale:
    """Maps amounts to heights: from the least, or 0, to a round number above the most."""

    def __init__(self, amounts: list[Decimal]) -> None:
        known = [*amounts, Decimal(0)]
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
        return [(self.y(amount), short(amount, currency)) for amount in amounts]


def nice_step(span: Decimal) -> Decimal:
    """Return a round step that cuts the span into a few parts."""
    if span <= 0:
        return Decimal(1)
    rough = span / TICKS
    power = Decimal(10) ** rough.adjusted()
    return min(step * power for step in NICE if step * power >= rough)


def short(amount: Decimal, currency: str) -> str:
    """Return an amount as briefly as an axis has room for."""
    return format_compact_currency(amount, currency, locale=locale(), fraction_digits=1)


def x_of(position: Decimal) -> str:
    """Return where a share of the width lies, 0 to 1."""
    return f"{LEFT + position * (WIDTH - LEFT - RIGHT):.1f}"


def curve(name: str, title: str, figures: Curve, currency: str) -> SafeString:
    """Draw spend that adds up, beside budget and plan."""
    steps = len(figures.labels)
    amounts = [*figures.spent, *figures.plan, *([figures.budget] if figures.budget else [])]
    scale = Scale(amounts)
    chart = Chart(
        name=name,
        title=title,
        description=described(figures, currency),
        columns=[_("Until the end of"), _("Spent"), _("Plan")],
        rows=rows_of(figures, currency),
        ticks=scale.ticks(currency),
        labels=labels_of(figures.labels),
        zero=scale.y(Decimal(0)),
        budget=scale.y(figures.budget) if figures.budget is not None else "",
        spent=points(figures.spent, steps, scale, reached=figures.reached),
        plan=points(figures.plan, steps, scale),
    )
    return draw(chart)


def daily(name: str, title: str, figures: DailySpend, currency: str) -> SafeString:
    """Draw a bar a day, beside the daily budget."""
    amounts = [amount for _day, amount in figures.days]
    scale = Scale([*amounts, *([figures.budget] if figures.budget else [])])
    days = [format_date(day, "d MMM", locale=locale()) for day, _amount in figures.days]
    chart = Chart(
        name=name,
        title=title,
        description=_("%(days)s days, today %(today)s, daily budget %(budget)s.")
        % {
            "days": len(days),
            "today": money(amounts[-1], currency),
            "budget": money(figures.budget, currency),
        },
        columns=[_("Day"), _("Spent")],
        rows=[[day, money(amount, currency)] for day, amount in zip(days, amounts, strict=True)],
        ticks=scale.ticks(currency),
        labels=labels_of(days),
        zero=scale.y(Decimal(0)),
        budget=scale.y(figures.budget) if figures.budget is not None else "",
        bars=[
            bar_of(
                number,
                len(days),
                amount,
                figures.budget,
                scale,
                f"{day}: {money(amount, currency)}",
            )
            for number, (day, amount) in enumerate(zip(days, amounts, strict=True))
        ],
    )
    return draw(chart)


def bar_of(
    number: int, count: int, amount: Decimal, budget: Decimal | None, scale: Scale, words: str
) -> dict[str, str]:
    """Return the place and look of one bar; one over the budget looks so."""
    left, right = Decimal(x_of(Decimal(number) / count)), Decimal(x_of(Decimal(number + 1) / count))
    top, zero = Decimal(scale.y(max(amount, Decimal(0)))), Decimal(scale.y(min(amount, Decimal(0))))
    return {
        "x": str(left + 1),
        "y": str(top),
        "width": str(max(right - left - 2, Decimal(1))),
        "height": str(zero - top),
        "look": "over" if budget is not None and amount > budget else "room",
        "words": words,
    }


def points(
    amounts: list[Decimal], steps: int, scale: Scale, *, reached: Decimal | None = None
) -> str:
    """Return a line from 0 through the ends of the steps, the last one no further than reached."""
    if not amounts:
        return ""
    furthest = Decimal(steps) if reached is None else reached
    ends = [(min(Decimal(n + 1), furthest) / steps, each) for n, each in enumerate(amounts)]
    return " ".join(f"{x_of(x)},{scale.y(y)}" for x, y in [(Decimal(0), Decimal(0)), *ends])


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
    planned = [money(round(due, 2), currency) for due in figures.plan]
    planned = planned or ["–"] * len(figures.labels)
    return [
        [label, money(spent, currency), due]
        for label, spent, due in zip(figures.labels, figures.spent, planned, strict=False)
    ]


def described(figures: Curve, currency: str) -> str:
    spent = figures.spent[-1] if figures.spent else Decimal(0)
    return _("%(spent)s spent so far, budget %(budget)s.") % {
        "spent": money(spent, currency),
        "budget": money(figures.budget, currency),
    }


def draw(chart: Chart) -> SafeString:
    """Render a chart with its table."""
    box = {"width": WIDTH, "height": HEIGHT, "left": LEFT, "right": WIDTH - RIGHT}
    bottom = {"bottom": HEIGHT - 6}
    return render_to_string("budgets/charts/chart.html", {"chart": chart, **box, **bottom})
