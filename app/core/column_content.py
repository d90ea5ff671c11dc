"""A column judged by what its cells hold: only forms nobody could mistake."""

from collections.abc import Callable, Sequence
from datetime import date

from app.core.birth_dates import clean_date
from app.core.emails import clean_email
from app.core.fields import Field
from app.core.phones import clean_phone
from app.core.postcodes import is_possible, split_postcode_town

_MOST = 0.6  # share of filled cells that must agree before a column is judged by its content


def _share(sample: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, sample)) / len(sample)


def looks_like_nir(sample: Sequence[str]) -> bool:
    """True for numbers of the Sécurité sociale, 13 or 15 digits."""
    return _share(sample, lambda text: _is_nir(text.replace(" ", ""))) >= _MOST


def _is_nir(text: str) -> bool:
    return (
        len(text) in (13, 15) and text[0] in "1278" and text[1:5].isdigit() and text[7:].isdigit()
    )


def field_of_content(sample: Sequence[str], today: date) -> Field | None:
    """What most of these cells are, or None."""
    if _share(sample, lambda text: "@" in text and bool(clean_email(text).value)) >= _MOST:
        return Field.EMAIL
    if _share(sample, lambda text: split_postcode_town(text) is not None) >= _MOST:
        return Field.POSTCODE_CITY
    if (
        _share(sample, lambda text: len(text) == 5 and text.isdigit() and is_possible(text))
        >= _MOST
    ):
        return Field.POSTCODE
    if (
        _share(sample, lambda text: len(text) >= 8 and clean_date(text, today).value is not None)
        >= _MOST
    ):
        return Field.BIRTH_DATE
    if _share(sample, lambda text: len(text) >= 9 and bool(clean_phone(text).value)) >= _MOST:
        return Field.PHONE
    return None
