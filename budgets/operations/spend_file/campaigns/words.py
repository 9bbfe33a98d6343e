"""What is said of rows whose campaign is not known for certain."""

from budgets.cells.refusal import quoted
from budgets.operations.spend_file.campaigns.reference import Known, Reference


def no_brand(reference: Reference) -> str:
    """Say that a row names a campaign that only its brand could tell."""
    name = quoted(reference.campaign)
    if not reference.external_id:
        return (
            f"No brand says whose campaign {name} is; choose the brand, or add a column brand or "
            "brand_id."
        )
    words = f"There is no campaign with external_id {quoted(reference.external_id)}."
    return f"{words} Choose the brand to look for {name}." if reference.campaign else words


def no_campaign(reference: Reference, brand: str) -> str:
    """Say that the brand has no such campaign."""
    known_by = [
        f"{word} {quoted(text)}"
        for word, text in (
            ("with external_id", reference.external_id),
            ("named", reference.campaign),
        )
        if text
    ]
    lost = letters_lost(reference.campaign)
    return f"{quoted(brand)} has no campaign {' and none '.join(known_by)}.{lost}"


def namesakes(reference: Reference, brand: str, ids: tuple[int, ...]) -> str:
    """Say that several campaigns of the brand have the name."""
    return (
        f"Several campaigns of {quoted(brand)} are named {quoted(reference.campaign)}: "
        f"{', '.join(map(str, ids))}. Match it to one of them, or give campaign_id."
    )


def disagrees(known: Known, what: str, said: str) -> str:
    """Say that what stands beside an id is not what its campaign is called."""
    return (
        f"The campaign with this id is {quoted(known.campaign)} of {quoted(known.brand)}, and the "
        f"row's {what} is {quoted(said)}; put the id or the {what} right.{letters_lost(said)}"
    )


def letters_lost(name: str) -> str:
    """Say what a question mark inside a name may be, as more words for a refusal."""
    if "?" not in name and "\ufffd" not in name:
        return ""
    return (
        " A “?” in a name often stands for a letter that was lost when the file was saved in an "
        "encoding without it; export it in UTF-8."
    )
