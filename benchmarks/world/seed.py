"""A made-up agency of any size, written with one statement a table."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.management import call_command
from django.db import connection

from budgets.models import Schedule
from budgets.operations.database import to_sql
from budgets.operations.reconcile.decision_input import zone_now

CAMPAIGNS_A_BRAND = 100
SCHEDULES = 200

ZONES = """
Africa/Cairo Africa/Johannesburg Africa/Lagos Africa/Nairobi America/Anchorage America/Bogota
America/Chicago America/Denver America/Halifax America/Lima America/Los_Angeles America/Mexico_City
America/New_York America/Phoenix America/Santiago America/Sao_Paulo America/St_Johns
America/Toronto Asia/Dhaka Asia/Dubai Asia/Hong_Kong Asia/Jakarta Asia/Karachi Asia/Kathmandu
Asia/Kolkata Asia/Manila Asia/Seoul Asia/Shanghai Asia/Singapore Asia/Tokyo Australia/Adelaide
Australia/Brisbane Australia/Sydney Europe/Berlin Europe/London Europe/Madrid Europe/Moscow
Europe/Paris Pacific/Auckland UTC
""".split()  # noqa: SIM905  # forty names read better as text

LONELY_ZONE = "Asia/Kathmandu"
"""The only one of them with its midnight at a quarter past an hour of UTC."""

# A row a number, on both databases; `%` stands doubled because parameters are given.
NUMBERS = (
    "WITH RECURSIVE number (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM number WHERE n < %(n)s)"
)

BRANDS = f"""
INSERT INTO budgets_brand (
    name, currency, timezone, daily_budget_micros, monthly_budget_micros, is_held,
    closed_day, created_at
)
{NUMBERS},
zone (number, name, yesterday) AS (VALUES {{zones}})
SELECT 'Brand ' || n, 'USD', zone.name,
       CASE WHEN n %% 50 = 0 THEN 1000000000 ELSE 10000000000 END,
       CASE WHEN n %% 3 > 0 THEN 300000000000 END,
       n %% 100 = 1, zone.yesterday, %(now)s
FROM number JOIN zone ON zone.number = n %% %(zones)s
ORDER BY n
"""

# 5 % have reached their day's budget; nobody has reached the month's.
CAMPAIGNS = f"""
INSERT INTO budgets_campaign (
    name, external_id, brand_id, schedule_id, daily_budget_micros, monthly_budget_micros,
    starts_on, ends_on, is_held, reasons, created_at,
    day, day_spent_micros, month, month_spent_micros
)
{NUMBERS},
zone (name, today, month, days) AS (VALUES {{zones}}),
dealt AS (
    SELECT n, 1 + (n - 1) / {CAMPAIGNS_A_BRAND} AS brand,
           CASE WHEN n %% 20 = 7 THEN 100 ELSE 1 + n %% 99 END * CAST(1000000 AS bigint) AS spent
    FROM number
)
SELECT 'Campaign ' || n, 'ref-' || n, b.id,
       CASE WHEN n %% 2 = 0 THEN (SELECT MIN(id) FROM budgets_schedule) + n %% {SCHEDULES} END,
       CASE WHEN n %% 10 > 0 THEN 100000000 END, CASE WHEN n %% 4 = 0 THEN 4000000000 END,
       CASE WHEN n %% 10 = 3 THEN z.month END, CASE WHEN n %% 10 = 3 THEN z.today END,
       n %% 200 = 5, 0, %(now)s, z.today, spent, z.month, spent * z.days
FROM dealt
JOIN budgets_brand b ON b.id = (SELECT MIN(id) FROM budgets_brand) + dealt.brand - 1
JOIN zone z ON z.name = b.timezone
ORDER BY n
"""

SPEND_OF_A_DAY = """
INSERT INTO budgets_spend (campaign_id, day, amount_micros)
WITH zone (name, day) AS (VALUES {zones})
SELECT c.id, z.day, c.day_spent_micros
FROM budgets_campaign c
JOIN budgets_brand b ON b.id = c.brand_id
JOIN zone z ON z.name = b.timezone
ORDER BY c.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large the agency is, and for how many days its spend is known."""

    campaigns: int
    days: int = 1

    @property
    def brands(self) -> int:
        """A hundred campaigns each."""
        return -(-self.campaigns // CAMPAIGNS_A_BRAND)


def seed(size: Size, *, now: datetime) -> None:
    """Migrate the scratch database and write the agency as it stands at the instant."""
    call_command("migrate", verbosity=0)
    Schedule.objects.bulk_create(
        [Schedule(name=f"Schedule {n}", hours=hours(n)) for n in range(SCHEDULES)]
    )
    zones = [zone_now(name, now=now) for name in ZONES]
    yesterdays = [(n, z.name, z.today - timedelta(days=1)) for n, z in enumerate(zones)]
    todays = [(z.name, z.today, z.month, min(size.days, z.today.day)) for z in zones]
    moment = {"now": to_sql(now), "zones": len(ZONES)}
    write(BRANDS, yesterdays, **moment, n=size.brands)
    write(CAMPAIGNS, todays, **moment, n=size.campaigns)
    for back in reversed(range(size.days)):
        of_day = [(z.name, z.today - timedelta(days=back)) for z in zones]
        write(SPEND_OF_A_DAY, of_day)
    tidy()


def hours(number: int) -> str:
    """Return one of many weeks; each opens and closes at quarter hours of its own."""
    opens, closes = number % 40, 60 + number % 36
    day = "Mon-Fri {}-{}; Sat 10:00-14:00" if number % 5 else "Mon-Sun {}-{}"
    return day.format(clock(opens), clock(closes))


def clock(quarter: int) -> str:
    """Write a quarter hour of the day."""
    return f"{quarter // 4:02}:{quarter % 4 * 15:02}"


def write(statement: str, rows: list[tuple[Any, ...]], **parameters: Any) -> None:
    """Run a statement with a table of zones in it."""
    with connection.cursor() as cursor:
        values, of_rows = values_of(rows)
        cursor.execute(statement.format(zones=values), of_rows | parameters)


def values_of(rows: list[tuple[Any, ...]]) -> tuple[str, dict[str, Any]]:
    """Return rows as an SQL `VALUES` list and its parameters."""
    texts: list[str] = []
    parameters: dict[str, Any] = {}
    for number, row in enumerate(rows):
        names = [f"r{number}_{column}" for column in range(len(row))]
        texts.append(f"({', '.join(f'%({name})s' for name in names)})")
        parameters |= dict(zip(names, row, strict=True))
    return ", ".join(texts), parameters


def tidy(*tables: str) -> None:
    """Clear away dead rows and bring the planner's figures up to date."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"VACUUM (ANALYZE) {', '.join(tables)}")
        else:
            cursor.execute("ANALYZE")
