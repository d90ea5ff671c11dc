"""Where something is in the list, in French: « la ligne 17 », « la ligne 17 de la 2e liste »."""

from app.core.recipient import list_and_row


def row_place(row: int) -> str:
    """With its article: « la ligne 17 »."""
    number, shown = list_and_row(row)
    place = f"la ligne\u00a0{shown}"
    return place if number == 1 else f"{place} de la {number}e liste"


def row_number(row: int) -> str:
    """For a table: « 17 », « 17 (2e liste) »."""
    number, shown = list_and_row(row)
    return str(shown) if number == 1 else f"{shown} ({number}e liste)"
