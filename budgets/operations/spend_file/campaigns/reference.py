"""How a row names its campaign, and why none may be booked on."""

from typing import NamedTuple

from budgets.cells.names import folded
from budgets.operations.ingest.validation import MAX_ID, Refused


class Reference(NamedTuple):
    """How a row names its campaign: the cells as they are written, empty where there is none."""

    campaign_id: str
    external_id: str
    brand_id: str
    brand: str
    campaign: str
    source: str

    @property
    def column(self) -> str:
        """The column that says which campaign is meant."""
        if self.campaign_id:
            return "campaign_id"
        return "campaign" if self.campaign and not self.external_id else "external_id"

    @property
    def identifier(self) -> "Identifier":
        """What a person can match to a campaign: the id, or the name where there is no id."""
        return identifier(self.external_id, self.campaign)


class Known(NamedTuple):
    """What people, and reports, call a campaign."""

    campaign: str
    brand: str
    external_id: str | None


class Identifier(NamedTuple):
    """What the reports of a source call a campaign."""

    text: str
    is_name: bool


def identifier(external_id: str, name: str) -> Identifier:
    """Return by what a campaign of this id, which may be empty, and this name is known."""
    return Identifier(external_id or folded(name), not external_id)


class Unmatched(Refused):
    """A row of a campaign that we do not know for certain, and that a person can match to one."""

    def __init__(
        self, message: str, *, brand_id: int | None, candidates: tuple[int, ...] = ()
    ) -> None:
        super().__init__("unknown_campaign", message)
        self.brand_id = brand_id
        """The brand of which it is, `None` where neither the row nor anybody said it."""
        self.candidates = candidates
        """The campaigns that it may be."""


LeftOutCampaign = tuple[int, str, Identifier]
"""A brand, a source, and what that calls a campaign."""


class LeftOut(Exception):
    """A row of a campaign that a person chose to leave out."""

    def __init__(self, brand_id: int, source: str, identifier: Identifier) -> None:
        super().__init__(identifier.text)
        self.campaign: LeftOutCampaign = brand_id, source, identifier


def number(text: str) -> int:
    """Return the id that the text is, 0 if it cannot be one."""
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(MAX_ID)):
        return 0
    return int(text) if int(text) <= MAX_ID else 0
