"""Whose report a file is: by what stands above its header, or by columns that only they have."""

from collections.abc import Iterable
from typing import NamedTuple

from budgets.operations.spend_file.header.names import heading_of

ABOVE_THE_HEADER = {
    "cm360": ("report fields", "campaign manager 360", "dcm_account_id"),
    "microsoft": ("microsoft advertising", "bing ads"),
    "linkedin": ("linkedin", "campaign performance report (in utc)"),
    "google": ("google ads",),
    "amazon": ("amazon ads", "amazon advertising"),
    "tiktok": ("tiktok",),
}

COLUMNS = {
    "google": """
        currency code + cost
        impr + cost
        campaign status + budget type + cost
        de: kosten + währungscode
        de: kampagnenstatus + kosten
        de: impr + kosten
        fr: coût + code de devise
        fr: coût + état de la campagne
        fr: impr + coût
        es: coste + código de moneda
        es: coste + impr
        es: costo + código de moneda
        pt: custo + código da moeda
        pt: impr + custo
        it: costo + codice valuta
        it: costo + impr
        nl: kosten + valutacode
        nl: vert + kosten
    """,
    "meta": """
        amount spent + reporting starts
        amount spent + ad set name
        amount spent + campaign delivery
        amount spent + day + campaign name + results
        amount spent + day + campaign name + reach
        de: ausgegebener betrag + berichtsstart
        de: ausgegebener betrag + auswertungsstart
        de: ausgegebener betrag + auswertungsbeginn
        de: ausgegebener betrag + tag
        fr: montant dépensé + début des rapports
        fr: montant dépensé + jour
        es: importe gastado + inicio del informe
        es: importe gastado + día
        pt: valor usado + início dos relatórios
        pt: valor usado + dia
        it: importo speso + inizio report
        it: importo speso + giorno
        nl: besteed bedrag + dag
        nl: uitgegeven bedrag + dag
    """,
    "microsoft": """
        gregorian date + spend
        spend + impr + campaign name
        spend + account number + campaign name
        de: ausgaben + impr + kampagne
        de: ausgaben + kontonummer
        de: ausgaben + gregorianisches datum
    """,
    "amazon": """
        spend + portfolio name
        spend + advertised sku
        spend + total advertising cost of sales acos
        spend + acos
        spend + 14 day total sales
        spend + 7 day total sales
        de: ausgaben + portfolioname
        de: ausgaben + acos
    """,
    "tiktok": """
        cost + by day
        cost + stat time day
        cost + ad group name + campaign name
        cost + cpc destination
        de: kosten + nach tag
    """,
    "linkedin": """
        total spent + campaign group name
        total spent + campaign type
        total spent + start date
        de: ausgegeben insgesamt + startdatum
        de: ausgaben insgesamt + name der kampagnengruppe
    """,
    "cm360": """
        media cost + campaign
        media cost + site cm360
        media cost + placement
        de: medienkosten + kampagne
    """,
}
"""Sets of columns, joined by +, that the reports of one platform have and of no other."""


NAMES = {
    "google": "Google Ads",
    "meta": "Meta",
    "microsoft": "Microsoft Advertising",
    "amazon": "Amazon Ads",
    "tiktok": "TikTok",
    "linkedin": "LinkedIn",
    "cm360": "Campaign Manager 360",
}


class Platform(NamedTuple):
    """A platform that was recognised; its source has the same name."""

    source: str
    by: str
    """What showed it, for people."""

    @property
    def name(self) -> str:
        return NAMES[self.source]


def recognised(above: str, header: Iterable[str]) -> Platform | None:
    """Return whose report it is; `None` where nothing shows it, or it could be that of two."""
    there = {heading_of(field).name: field for field in header}
    found: dict[str, str] = {}
    for source, words in ABOVE_THE_HEADER.items():
        if word := next((word for word in words if word in above), ""):
            found[source] = f"“{word}” above the header"
    for source, lines in {} if found else COLUMNS.items():
        for line in lines.strip().splitlines():
            columns = line.strip().rpartition(": ")[2].split(" + ")
            if all(column in there for column in columns):
                found[source] = "columns " + ", ".join(there[column] for column in columns)
    [(source, by)] = found.items() if len(found) == 1 else [("", "")]
    return Platform(source, by) if source else None
