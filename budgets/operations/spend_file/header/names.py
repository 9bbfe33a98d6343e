"""What platforms call the columns that we read, in the languages of their users."""

import re
from functools import lru_cache
from typing import NamedTuple

from budgets.cells.currencies import currencies_named
from budgets.cells.writing import alike

OURS = (
    "campaign_id", "external_id", "brand_id", "brand", "campaign", "source", "currency",
    "occurred_at", "amount", "key", "day", "total", "as_of",
)  # fmt: skip
"""Our own columns. Exactly so written, one goes before all that may mean the same."""

LAST_DAY = "last_day"
"""The other end of the days that a row covers: it is read to refuse rows of several days."""

OTHER_NAMES = {
    "campaign": """
        campaign name | campaignname
        de: kampagne | kampagnenname | name der kampagne
        fr: campagne | nom de la campagne | nom de campagne
        es: campaña | nombre de la campaña | nombre de campaña
        pt: campanha | nome da campanha
        it: campagna | nome della campagna | nome campagna
        nl: campagne | campagnenaam | naam van campagne
    """,
    "external_id": """
        campaign id | campaignid | campaign id number
        de: kampagnen id | id der kampagne
        fr: id de campagne | id de la campagne | identifiant de campagne | code campagne
        es: id de campaña | id de la campaña | identificador de la campaña
        pt: id da campanha | identificação da campanha | código da campanha
        it: id campagna | id della campagna
        nl: campagne id
    """,
    "day": """
        date | by day | segment day | gregorian date | stat time day
        de: tag | datum | nach tag | gregorianisches datum
        fr: jour | date | par jour
        es: día | fecha | por día
        pt: dia | data
        it: giorno | data
        nl: dag | datum
    """,
    "total": """
        cost | spend | amount spent | total spent | media cost
        de: kosten | ausgaben | ausgegebener betrag | ausgegeben insgesamt | medienkosten
        de: ausgaben insgesamt
        fr: coût | dépenses | montant dépensé
        es: coste | costo | gasto | importe gastado
        pt: custo | valor usado | valor gasto | montante gasto
        it: costo | spesa | importo speso
        nl: kosten | uitgaven | uitgegeven bedrag | besteed bedrag
    """,
    "currency": """
        currency code | currencycode | account currency
        de: währung | währungscode
        fr: devise | code de devise | code devise
        es: moneda | divisa | código de moneda | código de divisa
        pt: moeda | código da moeda
        it: valuta | codice valuta
        nl: valuta | valutacode
    """,
}

FIRST_DAYS = """
    reporting starts | start date
    de: berichtsstart | auswertungsstart | auswertungsbeginn | startdatum
    de: beginn des berichtszeitraums
    fr: début des rapports | date de début
    es: inicio del informe | fecha de inicio
    pt: início dos relatórios | início do relatório | data de início
    it: inizio report | inizio dei report | data di inizio
    nl: begin rapportage | begindatum
"""
LAST_DAYS = """
    reporting ends | end date
    de: berichtsende | auswertungsende | enddatum | ende des berichtszeitraums
    fr: fin des rapports | date de fin
    es: fin del informe | fecha de finalización
    pt: encerramento dos relatórios | término dos relatórios | fim do relatório | data de término
    it: fine report | fine dei report | data di fine
    nl: einde rapportage | einddatum
"""
FIRST_DAY = "first_day"

MAY_BE_THE_TOTAL = """
    cost converted currency | converted cost | cost account currency | billed cost | total cost
    net cost | gross cost | total media cost | total spend | spend converted | amount spent in usd
    total amount spent | media spend | net spend | gross spend | invoiced amount | billed amount
    de: kosten umgerechnete währung | gesamtkosten | abgerechnete kosten
"""
"""Money that is another figure than the one we know: where both are there, somebody must say."""

PERIODS = """
    week | month | quarter | year | hour | day of the week | time period | timeperiod
    de: woche | monat | quartal | jahr | stunde
    fr: semaine | mois | trimestre | année
    es: semana | mes | trimestre | año
    pt: semana | mês | ano
    it: settimana | mese | anno
    nl: week | maand | kwartaal | jaar
"""
"""Columns of rows that cover more than a day, or less, without saying which."""

IN_BRACKETS = re.compile(r"(.*?) *[(\[]([^()\[\]]*)[)\]]")
LANGUAGE = re.compile(r"^(?:de|fr|es|pt|it|nl): ")
IN_A_ZONE = re.compile(r"in (utc|gmt\S*|\w+/\w+)")


class Heading(NamedTuple):
    """A column's name as platforms write it: `Amount spent (EUR)` is of euros."""

    name: str
    currency: str = ""
    zone: str = ""


@lru_cache(maxsize=2_000)
def heading_of(text: str) -> Heading:
    """Return the name in small letters, with the currency or zone that it has in brackets."""
    name, currency, zone = " ".join(alike(text).casefold().split()), "", ""
    if found := IN_BRACKETS.fullmatch(name):
        named = currencies_named(found[2])
        if len(named) == 1:
            name, [currency] = found[1], named
        elif in_zone := IN_A_ZONE.fullmatch(found[2]):
            name, zone = found[1], in_zone[1].upper()
    name = " ".join(re.sub(r"[_\-.,:()\[\]]", " ", name).split())
    return Heading(name, currency, zone)


def role_of(text: str) -> str:
    """Return which of our columns a header names, “” for none that we know.

    Only `campaign_id`, exactly so written, is our own id: a platform's “Campaign ID” is its own.
    """
    return text if text in OURS else _roles().get(heading_of(text).name, "")


def may_be_total(text: str) -> bool:
    """Say whether a header names some other figure of money spent."""
    return heading_of(text).name in _rivals()


def is_period(text: str) -> bool:
    return heading_of(text).name in _periods()


def names_in(text: str) -> list[str]:
    """Return the names of such a list as `heading_of` returns them."""
    lines = (LANGUAGE.sub("", line.strip()) for line in text.strip().splitlines())
    return [" ".join(name.split()) for line in lines for name in line.split("|") if name.strip()]


@lru_cache(maxsize=1)
def _roles() -> dict[str, str]:
    roles = {ours.replace("_", " "): ours for ours in OURS if ours != "campaign_id"}
    for role, names in OTHER_NAMES.items():
        roles |= dict.fromkeys(names_in(names), role)
    roles |= dict.fromkeys(names_in(FIRST_DAYS), FIRST_DAY)
    return roles | dict.fromkeys(names_in(LAST_DAYS), LAST_DAY)


@lru_cache(maxsize=1)
def _rivals() -> frozenset[str]:
    return frozenset(names_in(MAY_BE_THE_TOTAL))


@lru_cache(maxsize=1)
def _periods() -> frozenset[str]:
    return frozenset(names_in(PERIODS))
