"""The demo's world: eight clients of an agency, their hours, limits and campaigns."""

from dataclasses import dataclass
from typing import NamedTuple

HISTORY_DAYS = 40

HOURS = {
    "Business hours": "Mon-Fri 09:00-18:00",
    "Shop hours": "Mon-Sat 08:00-21:00",
    "Lunch and dinner": "Mon-Sun 10:30-14:30, 17:00-22:30",
    "Evenings": "Mon-Sun 17:00-24:00",
    "Weekend nights": "Fri-Sat 20:00-04:00",
    "Not at night": "Mon-Sun 06:00-24:00",
    "Around the clock": "Mon-Sun 00:00-24:00",
}


@dataclass(frozen=True, slots=True)
class CampaignPlan:
    """A campaign; budgets in units of the brand's currency, flights in days from today."""

    name: str
    daily: int | None = None
    monthly: int | None = None
    hours: str | None = None
    starts: int | None = None
    ends: int | None = None


@dataclass(frozen=True, slots=True)
class BrandPlan:
    """A client; `key` names it, and its campaigns, in every installation alike."""

    key: str
    name: str
    currency: str
    timezone: str
    daily: int | None
    monthly: int | None
    campaigns: tuple[CampaignPlan, ...]
    rollover_cap: int | None = None
    """Most that its months hand on of what is unspent; `None`: nothing."""


class Moment(NamedTuple):
    """The last time a wall clock showed this, not counting the last so many days."""

    days_ago: int
    hour: int
    minute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPlan:
    """A person stops a campaign, in the office hours of its brand, and perhaps lets it go again."""

    campaign: str
    by: str
    held: Moment
    released: Moment | None = None
    note: str


def external_id(brand: BrandPlan, number: int) -> str:
    """Return the reference by which the demo finds its campaign again."""
    return f"demo-{brand.key}-{number:02}"


C = CampaignPlan

BRANDS = (
    BrandPlan("outdoor", "Harbor & Pine Outdoor", "USD", "America/New_York", 3_900, 115_000, (
        C("Search | Brand terms", 350),
        C("Search | Winter boots", 900, hours="Not at night"),
        C("Shopping | Best sellers", 1_200),
        C("Meta | Retargeting 30 days", 450, monthly=11_000),
        C("Meta | Lookalike prospecting", 700),
        C("YouTube | Trail stories", 600, hours="Evenings"),
        C("TikTok | Creator spark ads", 400),
        C("Display | Clearance", 250, ends=-12),
    ), rollover_cap=5_000),
    BrandPlan("eats", "Sunset Eats", "USD", "America/Los_Angeles", 4_100, None, (
        C("App installs | iOS", 1_400),
        C("App installs | Android", 900),
        C("Search | Food near me", 1_100, hours="Lunch and dinner"),
        C("Meta | First order –50 %", 800),
        C("Meta | Win back lapsed diners", 300, monthly=7_500),
        C("Snap | Late-night cravings", 350, hours="Weekend nights"),
        C("Programmatic radio | Drive time", 500, hours="Business hours"),
        C("Instagram | New restaurants", 420, starts=-9),
    )),
    BrandPlan("moveis", "Casa Verde Móveis", "BRL", "America/Sao_Paulo", None, 420_000, (
        C("Pesquisa | Marca", 900),
        C("Shopping | Sofás e poltronas", 4_500),
        C("Shopping | Mesas de jantar", 2_800, monthly=70_000),
        C("Meta | Remarketing carrinho", 1_600),
        C("Meta | Apartamento pequeno", 2_200, hours="Not at night"),
        C("YouTube | Bastidores da fábrica", 1_500),
        C("Pinterest | Ideias de quarto", 800),
        C("Display | Semana do consumidor", 2_000, starts=9, ends=16),
    )),
    BrandPlan("bank", "Brightwater Bank", "GBP", "Europe/London", 5_000, 140_000, (
        C("Search | Current accounts", 1_500, hours="Not at night"),
        C("Search | Brand terms", 600),
        C("Search | Mortgages", 2_400, hours="Business hours"),
        C("Meta | Student account", 700),
        C("LinkedIn | Business banking", 1_300, hours="Business hours"),
        C("Display | Savings rate", 900),
        C("YouTube | Fraud awareness", monthly=4_200),
        C("Search | ISA season", 1_800, starts=-58, ends=-21),
    )),
    BrandPlan("optik", "Nordlicht Optik", "EUR", "Europe/Berlin", 1_900, 56_000, (
        C("Suche | Gleitsichtbrille", 650, hours="Shop hours"),
        C("Suche | Marke", 220),
        C("Shopping | Sonnenbrillen", 540),
        C("Meta | Sehtest-Termin", 480, hours="Shop hours"),
        C("Meta | Retargeting", 260),
        C("Display | Filialen in der Nähe", 350, hours="Business hours"),
        C("TikTok | Fassung des Monats", 300, starts=-15, ends=6),
    )),
    BrandPlan("chai", "Chai & Company", "INR", "Asia/Kolkata", 210_000, None, (
        C("Search | Masala chai online", 28_000),
        C("Shopping | Gift boxes", 42_000),
        C("Meta | Monsoon moods", 36_000, hours="Not at night"),
        C("Meta | Subscribe and save", 25_000, monthly=650_000),
        C("Instagram | Tea rituals", 30_000),
        C("YouTube | Estate stories", 45_000, hours="Not at night"),
        C("Hotstar | Cricket breaks", 40_000, hours="Evenings", starts=-20, ends=24),
        C("Search | Corporate gifting", 18_000, hours="Business hours"),
    )),
    BrandPlan("ryokan", "Hoshi Ryokan 星旅館", "JPY", "Asia/Tokyo", 400_000, 11_500_000, (
        C("検索 | ブランド", 45_000),
        C("検索 | 温泉旅館 予約", 120_000),
        C("Yahoo! | 週末の宿", 80_000, hours="Not at night"),
        C("LINE | 友だち限定プラン", 60_000, monthly=1_600_000),
        C("Instagram | 朝の庭園", 70_000),
        C("YouTube | 四季の湯", 90_000, hours="Evenings"),
        C("Display | 紅葉の季節", 65_000, starts=20),
    )),
    BrandPlan("surf", "Wattle Surf Co.", "AUD", "Australia/Sydney", 2_250, None, (
        C("Search | Surfboards", 520),
        C("Shopping | Wetsuits", 780),
        C("Meta | Swell alert", 450, hours="Around the clock"),
        C("Meta | Learn to surf", 380, hours="Shop hours"),
        C("TikTok | Barrel of the week", 420),
        C("Snap | Festival nights", 360, hours="Weekend nights"),
        C("YouTube | Board makers", monthly=3_900),
    )),
)  # fmt: skip

PEOPLE = {"maria.silva": ("Maria", "Silva"), "tom.becker": ("Tom", "Becker")}

HOLDS = (
    HoldPlan(
        campaign="demo-optik-06",
        by="tom.becker",
        held=Moment(22, 10, 12),
        released=Moment(18, 15, 40),
        note="Opening hours on the landing page were wrong.",
    ),
    HoldPlan(
        campaign="demo-eats-04",
        by="maria.silva",
        held=Moment(8, 16, 27),
        released=Moment(7, 11, 3),
        note="Voucher codes ran out; client is printing new ones.",
    ),
    HoldPlan(
        campaign="demo-bank-06",
        by="tom.becker",
        held=Moment(3, 11, 48),
        note="Rate changed; compliance must approve the new creatives first.",
    ),
    HoldPlan(
        campaign="demo-moveis-07",
        by="maria.silva",
        held=Moment(2, 14, 21),
        note="Client asked to wait for the new bedroom photos.",
    ),
    HoldPlan(
        campaign="demo-surf-05",
        by="tom.becker",
        held=Moment(0, 9, 36),
        note="Video was reported; waiting for TikTok's review.",
    ),
)
