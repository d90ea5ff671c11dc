"""What stamps cost, roughly: the price of one letter by its number of sheets."""

#: lettre verte up to 20 g, price on 1 January 2026; two sheets and their envelope stay below (domain.md §4.4)
GREEN_LETTER_CENTS = 152
LIGHTEST_SHEETS = 2


def stamps_cents(letters: int, sheets_per_letter: int) -> int | None:
    """Price of the stamps in cents, None when the letters are too heavy for the lightest rate."""
    if sheets_per_letter > LIGHTEST_SHEETS:
        return None
    return letters * GREEN_LETTER_CENTS


def sheets_for(pages: int) -> int:
    """Sheets of a letter printed on both sides."""
    return (pages + 1) // 2
