"""Invented patients for the sample campaign, trials and benchmarks. Nobody here exists.

E-mail addresses end in ``.example`` (RFC 2606), telephone numbers are in the ranges the French regulator
keeps for fiction, streets are invented: nothing sent to them can reach a person. Deterministic for a seed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from app.core.recipient import (
    Civility,
    ExclusionReason,
    PostalAddress,
    Protection,
    Recipient,
    Restriction,
)
from app.services.invented_names import (
    COMPLEMENTS,
    FAMILY_NAMES,
    MEN,
    STREETS,
    TOWNS,
    WOMEN,
    ascii_word,
)

#: national numbering plan, numbers reserved for films and books: landlines, then mobiles
FICTION_LANDLINES = ("019900", "026191", "035301", "046571", "053649")
FICTION_MOBILE = "063998"
_LANDLINES = 2  # out of 8 people
#: RFC 2606: never delegated
MAIL_DOMAINS = ("courriel.example", "boite.example", "messagerie.example", "poste.example")

_LOCAL = 56  # RFC 5321 4.5.3.1.1: 64 octets before the @, the number included

_OLDEST = date(1928, 1, 1)
_BIRTH_SPAN_DAYS = (date(2024, 6, 30) - _OLDEST).days
#: people born from this day on come with a legal representative
_YOUNG = date(2008, 1, 1)


@dataclass(frozen=True, slots=True)
class _Shares:
    """Out of 1,000 people, how many have which particularity."""

    no_email: int = 300
    no_address: int = 30
    do_not_write: int = 4
    hand_over: int = 3
    deceased: int = 3
    annotations: int = 30
    married_name: int = 220
    tutor: int = 6


_SHARES = _Shares()
_WOMEN = tuple((name, ascii_word(name)) for name in WOMEN)
_MEN = tuple((name, ascii_word(name)) for name in MEN)
_FAMILIES = tuple((name, ascii_word(name)) for name in FAMILY_NAMES)


def invented_patients(count: int, seed: int) -> Iterator[Recipient]:
    """``count`` invented people, the same for the same ``seed``; rows are numbered from 2, as under a header.

    Streams: 300,000 people need no more memory than one.
    """
    draw = Random(seed).getrandbits  # noqa: S311 - invented people, not secrets
    for number in range(1, count + 1):
        yield _person(number, draw(160))


def _person(number: int, bits: int) -> Recipient:
    """One person from 160 random bits: mixed-radix digits of one big number, much cheaper than many draws."""
    bits, sex = divmod(bits, 2)
    bits, first = divmod(bits, len(_WOMEN) if sex else len(_MEN))
    first_name, first_ascii = (_WOMEN if sex else _MEN)[first]
    bits, family = divmod(bits, len(_FAMILIES))
    last_name, last_ascii = _FAMILIES[family]
    bits, days = divmod(bits, _BIRTH_SPAN_DAYS)
    born = _OLDEST + timedelta(days=days)
    is_young = born >= _YOUNG
    bits, chance = divmod(bits, 1000)
    birth_name = last_name
    if sex and not is_young and chance < _SHARES.married_name:
        birth_name = _FAMILIES[(family * 7 + 3 + chance) % len(_FAMILIES)][0]
    bits, chance = divmod(bits, 1000)
    has_email = chance >= _SHARES.no_email
    bits, domain = divmod(bits, len(MAIL_DOMAINS))
    bits, digits = divmod(bits, 10_000)
    bits, phone_kind = divmod(bits, 8)
    bits, chance = divmod(bits, 1000)
    address = PostalAddress()
    if chance >= _SHARES.no_address or (not has_email and chance % 10):
        bits, address = _address(bits)
    bits, chance = divmod(bits, 1000)
    excluded, deceased_on, restriction = None, None, Restriction.NONE
    if chance < _SHARES.do_not_write:
        restriction = Restriction.DO_NOT_WRITE
    elif chance < _SHARES.do_not_write + _SHARES.hand_over:
        restriction = Restriction.HAND_OVER
    elif chance < _SHARES.do_not_write + _SHARES.hand_over + _SHARES.deceased:
        excluded, deceased_on = ExclusionReason.DECEASED, date(2025, 1 + digits % 12, 1 + chance)
    bits, chance = divmod(bits, 1000)
    has_tutor = not is_young and chance < _SHARES.tutor
    bits, annotated = divmod(bits, 1000)
    guardian = (
        _FAMILIES[family][0] if is_young else _FAMILIES[(family + chance + 1) % len(_FAMILIES)][0]
    )
    return Recipient(
        row=number + 1,
        civility=Civility.MADAME if sex else Civility.MONSIEUR,
        last_name=last_name,
        birth_name=birth_name,
        first_name=first_name,
        birth_date=born,
        email=f"{f'{first_ascii}.{last_ascii}'[:_LOCAL]}{number}@{MAIL_DOMAINS[domain]}"
        if has_email
        else "",
        phone=_phone(phone_kind, digits),
        address=address,
        deceased=deceased_on is not None,
        deceased_on=deceased_on,
        representative=_guardian(guardian, sex) if is_young or has_tutor else "",
        protection=Protection.GUARDIANSHIP if has_tutor else Protection.NONE,
        restriction=restriction,
        has_annotations=annotated < _SHARES.annotations,
        excluded=excluded,
    )


def _guardian(family_name: str, sex: int) -> str:
    pool = MEN if sex else WOMEN
    return f"{pool[len(family_name) % len(pool)]} {family_name}"


def _address(bits: int) -> tuple[int, PostalAddress]:
    bits, house = divmod(bits, 180)
    bits, street = divmod(bits, len(STREETS))
    bits, town = divmod(bits, len(TOWNS))
    bits, complement = divmod(bits, 40)
    postcode, city = TOWNS[town]
    return bits, PostalAddress(
        complement=COMPLEMENTS[complement] if complement < len(COMPLEMENTS) else "",
        street=f"{house + 1} {STREETS[street]}",
        postcode=postcode,
        city=city,
    )


def _phone(kind: int, digits: int) -> str:
    """« 06 39 98 12 34 »; one person in eight has none, two in eight a landline."""
    if kind == 0:
        return ""
    prefix = (
        FICTION_LANDLINES[digits % len(FICTION_LANDLINES)] if kind <= _LANDLINES else FICTION_MOBILE
    )
    number = f"{prefix}{digits:04d}"
    return f"{number[:2]} {number[2:4]} {number[4:6]} {number[6:8]} {number[8:]}"
