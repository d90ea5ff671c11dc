"""The address in the window: six lines of 38 characters, seven with a country (NF Z 10-011, domain.md §4.1).

Nothing is ever cut: what does not fit after the norm's abbreviations is an ``Issue`` that blocks the letter.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from typing_extensions import override

from app.core.address_places import country_line, town_line
from app.core.address_text import capitals, one_line, postal_capitals, split_at_space
from app.core.address_words import shorter_complements, shorter_streets
from app.core.issue import Issue, Level
from app.core.recipient import Civility, Protection, Recipient

MAX_LINE = 38
MAX_LINES = 6

_CIVILITY = {
    Civility.MADAME: ("MADAME", "MME"),
    Civility.MONSIEUR: ("MONSIEUR", "M"),
    Civility.DOCTEUR: ("DOCTEUR", "DR"),
    Civility.UNKNOWN: ("", ""),
}


@dataclass(frozen=True, slots=True, repr=False)
class AddressParts:
    """The lines by what they are, for those who number them otherwise than the norm (mailing houses)."""

    identity: tuple[str, ...] = ()
    #: flat, residence, building
    extras: tuple[str, ...] = ()
    street: str = ""
    locality: str = ""
    town: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class AddressBlock:
    """Lines as printed, top to bottom, and what is wrong with them."""

    lines: tuple[str, ...]
    issues: tuple[Issue, ...] = ()
    parts: AddressParts = AddressParts()

    @property
    def is_postable(self) -> bool:
        """True when no issue stops the letter."""
        return all(issue.level is not Level.BLOCKING for issue in self.issues)

    @override
    def __repr__(self) -> str:
        return f"AddressBlock({len(self.lines)} lines, {len(self.issues)} issues)"


def address_block(recipient: Recipient, today: date, *, to_family: bool = False) -> AddressBlock:
    """The block of one person; ``to_family``: the letter is for the relatives of that person, who died.

    A minor's letter goes to the legal representatives, a person under guardianship's to the
    representative (domain.md §3.3); a curatorship changes nothing. With a BLOCKING issue the lines are
    those that could not be made to fit, whole, for the user to correct.
    """
    return _Layout(recipient, today, to_family=to_family).block()


class _Layout:
    """Builds one block; holds the issues met on the way."""

    def __init__(self, recipient: Recipient, today: date, *, to_family: bool) -> None:
        self._recipient = recipient
        self._to_family = to_family
        self._today = today
        self._issues: list[Issue] = []

    def block(self) -> AddressBlock:
        address = self._recipient.address
        country = country_line(address.country)
        # the French norm's bare capitals would change what a foreign post reads (« Flat 3/12 »)
        low = capitals if country else postal_capitals
        has_place = any(low(part) for part in (address.street, address.locality)) or bool(
            capitals(address.building)
        )
        if not (address.is_complete() and has_place and low(address.city)):
            self._remark("address_incomplete", Level.BLOCKING)
        if not self._named(""):
            self._remark("address_without_name", Level.BLOCKING, column="identity")
        place = [
            self._fit("street", low(address.street), shorter_streets),
            self._fit("locality", low(address.locality), shorter_streets),
            self._fit(
                "city",
                town_line(low(address.postcode), low(address.city), country),
                shorter_streets,
            ),
        ]
        room = MAX_LINES - sum(1 for line in place if line)
        identity, extras = self._upper_lines(room)
        street, locality, town = place
        parts = AddressParts(identity, extras, street, locality, town, country)
        lines = [line for line in (*identity, *extras, *place, country) if line]
        limit = MAX_LINES + bool(country)
        if len(lines) > limit:
            self._remark("address_too_many_lines", Level.BLOCKING, lines=len(lines), limit=limit)
        return AddressBlock(tuple(lines), tuple(self._issues), parts)

    def _upper_lines(self, room: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Identity, then flat and building, in at most ``room`` lines when that can be done."""
        address = self._recipient.address
        complement, building = capitals(address.complement), capitals(address.building)
        extras = [text for text in (complement, building) if text]
        identity = self._identity(room - len(extras))
        if len(identity) + len(extras) > room and len(extras) == 2:
            joined = _first_fitting(f"{complement} {building}", shorter_complements)
            if joined is not None:
                return tuple(identity), (joined,)
        spare = room - len(identity) - len(extras)
        fitted: list[str] = []
        for column, text in (("complement", complement), ("building", building)):
            if not text:
                continue
            if spare > 0 and _first_fitting(text, shorter_complements) is None:
                halves = split_at_space(text, MAX_LINE)
                if halves is not None:
                    fitted += halves
                    spare -= 1
                    continue
            fitted.append(self._fit(column, text, shorter_complements))
        return tuple(identity), tuple(fitted)

    def _identity(self, room: int) -> list[str]:
        """Line 1, or lines 1 and 2 when the sense or the length needs both. ``room``: lines left for it."""
        person = self._recipient
        if self._to_family:
            return self._on_behalf("À LA FAMILLE DE", "FAMILLE DE", room)
        if person.is_minor_on(self._today):
            return self._on_behalf("AUX REPRÉSENTANTS LÉGAUX DE", "REPR LÉGAUX DE", room)
        if person.protection is Protection.GUARDIANSHIP:
            if person.representative.strip():
                self._remark("address_of_guardian", Level.CHECK)
                head = self._fit(
                    "representative", capitals(person.representative), shorter_complements
                )
                return [head, self._fit_name("POUR ")]
            return self._on_behalf("AU REPRÉSENTANT LÉGAL DE", "REPR LÉGAL DE", room)
        civility = _CIVILITY[person.civility][0]
        if any(len(form) <= MAX_LINE for form in self._name_forms("")) or room < 2:
            return [self._fit_name("")]
        given = " ".join(part for part in (civility, capitals(person.first_name)) if part)
        last = capitals(person.last_name or person.birth_name)
        if given and last and len(given) <= MAX_LINE and len(last) <= MAX_LINE:
            return [given, last]
        halves = split_at_space(self._named(civility), MAX_LINE)
        return list(halves) if halves is not None else [self._fit_name("")]

    def _on_behalf(self, words: str, short: str, room: int) -> list[str]:
        """« AUX REPRÉSENTANTS LÉGAUX DE » and the name: on one line, on two, or shortened."""
        name = self._named("")
        whole = f"{words} {name}"
        if len(whole) <= MAX_LINE:
            return [whole]
        if room >= 2 and len(name) <= MAX_LINE:
            return [words, name]
        if len(f"{short} {name}") <= MAX_LINE:
            self._remark("address_abbreviated", Level.INFO, column="identity")
            return [f"{short} {name}"]
        return [words, self._fit("identity", name, _unchanged)]

    def _fit_name(self, prefix: str) -> str:
        forms = list(self._name_forms(prefix))
        for index, form in enumerate(forms):
            if len(form) <= MAX_LINE:
                if index:
                    self._remark("address_abbreviated", Level.INFO, column="identity")
                return form
        self._too_long("identity", forms[0])
        return forms[0]

    def _name_forms(self, prefix: str) -> Iterator[str]:
        """The name, whole first, then with a short civility, then with initials for the given names."""
        whole, short = _CIVILITY[self._recipient.civility]
        yield prefix + self._named(whole)
        if short:
            yield prefix + self._named(short)
        given = capitals(self._recipient.first_name).replace("-", " ").split()
        if given and self._recipient.last_name.strip():
            initials = " ".join(part[0] for part in given)
            last = capitals(self._recipient.last_name)
            yield prefix + " ".join(part for part in (short, initials, last) if part)

    def _named(self, civility: str) -> str:
        person = self._recipient
        last = person.last_name if person.last_name.strip() else person.birth_name
        parts = (civility, capitals(person.first_name), capitals(last))
        return " ".join(part for part in parts if part)

    def _fit(self, column: str, text: str, shorter: Callable[[str], Iterator[str]]) -> str:
        """``text`` or its first abbreviation that fits; ``text`` itself and a blocking issue when none does."""
        if len(text) <= MAX_LINE:
            return text
        fitting = _first_fitting(text, shorter)
        if fitting is None:
            self._too_long(column, text)
            return text
        self._remark("address_abbreviated", Level.INFO, column=column)
        return fitting

    def _too_long(self, column: str, text: str) -> None:
        self._remark(
            "address_line_too_long", Level.BLOCKING, column=column, length=len(text), limit=MAX_LINE
        )

    def _remark(self, code: str, level: Level, *, column: str = "address", **facts: int) -> None:
        self._issues.append(Issue(code, level, self._recipient.row, column, facts))


def _unchanged(_text: str) -> Iterator[str]:
    return iter(())


def _first_fitting(text: str, shorter: Callable[[str], Iterator[str]]) -> str | None:
    """``text`` or its first shorter form of at most 38 characters."""
    if len(text) <= MAX_LINE:
        return text
    return next((form for form in shorter(text) if len(form) <= MAX_LINE), None)


def sort_key_by_postcode(recipient: Recipient) -> tuple[str, str, str, int]:
    """Order of the mail room: abroad last, then postcode, town and street."""
    address = recipient.address
    abroad = country_line(address.country)
    return (
        abroad,
        one_line(address.postcode),
        f"{postal_capitals(address.city)} {postal_capitals(address.street)}",
        recipient.row,
    )
