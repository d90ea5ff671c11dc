"""Remarks on the people of a list, one by one and all together. Facts only; sentences in app.wording.

Linear in the number of people: 300,000 are compared within their birth date, never each with all.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from app.core.address import MAX_LINE, address_block
from app.core.address_places import country_line
from app.core.duplicates import DuplicateFinder, DuplicateGroup, Facts, LikelyPair, NameKeys
from app.core.issue import Issue, Level
from app.core.recipient import Protection, Recipient, Restriction

#: nobody is that old without it being said in the press; domain.md §5.2
OLDEST_AGE_YEARS = 105
#: more people than this on one address: a secretary’s own mailbox, or a stand-in
_FAMILY = 6
_CARE_HOME = re.compile(
    r"\b(e\.?h\.?p\.?a\.?d|maison de retraite|foyer logement|r[ée]sidence autonomie|mapa|usld|unit[ée] de soins|"
    r"foyer de vie|foyer d.accueil|r[ée]sidence seniors?|marpa|maison d.accueil|long s[ée]jour)\b",
    re.IGNORECASE,
)
CARE_HINT = re.compile(
    r"[eé]?h\.?p\.?a|retraite|foyer|autonomie|mapa|usld|soins|seniors?|marpa|accueil|s[ée]jour",
    re.IGNORECASE,
)
ROOM_FOR_CIVILITY = 9
MOST_UPPER_LINES = 3


@dataclass(frozen=True, slots=True)
class ListFindings:
    """What only the whole list shows."""

    duplicates: tuple[DuplicateGroup, ...]
    likely: tuple[LikelyPair, ...]
    issues: tuple[Issue, ...]


def check_list(recipients: Iterable[Recipient], today: date) -> Iterator[Issue]:
    """Every remark on these people; those on one row as they come, those on the whole list at the end."""
    checker = ListChecker(today)
    for recipient in recipients:
        yield from checker.add(recipient)
    yield from checker.finish().issues


class ListChecker:
    """Fed with people one by one; keeps keys, never the people."""

    def __init__(self, today: date) -> None:
        self._today = today
        self.adult_since = _years_before(today, 18)
        self.oldest = _years_before(today, OLDEST_AGE_YEARS)
        self._finder = DuplicateFinder()
        self._email_rows: dict[str, int] = {}
        self._email_groups: dict[str, list[int]] = {}
        self._phone_rows: dict[str, int] = {}
        self._phone_groups: dict[str, list[int]] = {}

    def add(self, person: Recipient) -> list[Issue]:
        """Remarks on this person alone."""
        if person.excluded is None:
            self._finder.add(person)
            if person.email:
                _note(person.email.lower(), person.row, self._email_rows, self._email_groups)
            if person.phone:
                _note(person.phone, person.row, self._phone_rows, self._phone_groups)
        return self.row_issues(person)

    def add_columns(
        self,
        keys: NameKeys,
        emails: Iterable[tuple[str, int]],
        phones: Iterable[tuple[str, int]],
    ) -> None:
        """Note many people at once: keys of those not excluded, addresses in lower case and numbers with rows."""
        self._finder.add_keys(keys)
        for email, row in emails:
            _note(email, row, self._email_rows, self._email_groups)
        for phone, row in phones:
            _note(phone, row, self._phone_rows, self._phone_groups)

    def age(self, born: date) -> int:
        """Whole years."""
        day = self._today
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    def row_issues(self, person: Recipient) -> list[Issue]:
        """Remarks that need no other row; also after a correction."""
        found: list[Issue] = []
        if person.excluded is not None:  # nobody writes: nothing to correct
            return list(_status_issues(person))
        if not (person.last_name and person.first_name):
            found += _name_issues(person)
        address = person.address
        complete = (
            bool(address.street and address.postcode and address.city) or address.is_complete()
        )
        if not person.email and not complete:
            found += _reach_issues(person)
        elif not complete and (address.street or address.city or address.postcode):
            found.append(
                Issue(
                    "address_incomplete_email", Level.INFO, person.row, "address", _missing(person)
                )
            )
        born = person.birth_date
        if born is not None:
            if born > self.adult_since:
                level = Level.INFO if person.representative else Level.CHECK
                code = "minor" if person.representative else "minor_alone"
                found.append(
                    Issue(
                        code,
                        level,
                        person.row,
                        "birth_date",
                        {"age": self.age(born)},
                    )
                )
            elif born < self.oldest and not person.deceased:
                found.append(
                    Issue(
                        "very_old",
                        Level.CHECK,
                        person.row,
                        "birth_date",
                        {"age": self.age(born)},
                    )
                )
        if (
            person.deceased
            or person.restriction is not Restriction.NONE
            or person.protection is not Protection.NONE
        ):
            found += _status_issues(person)
        if address.country and country_line(address.country):
            found.append(
                Issue(
                    "foreign_address",
                    Level.INFO,
                    person.row,
                    "country",
                    {"country": address.country},
                )
            )
        if address.complement or address.building or address.locality:
            found += self._upper_lines(person)
        elif not person.email and complete:
            found += self._fit(person)
        return found

    def _upper_lines(self, person: Recipient) -> list[Issue]:
        """Care homes, and addresses of many lines."""
        address = person.address
        above = f"{address.complement} {address.building} {address.locality}"
        found: list[Issue] = []
        if CARE_HINT.search(above) and _CARE_HOME.search(f"{above} {address.street}"):
            found.append(Issue("care_home", Level.INFO, person.row, "address"))
        if not person.email and address.is_complete():
            found += self._fit(person)
        return found

    def _fit(self, person: Recipient) -> list[Issue]:
        """The paper norm’s own remarks, asked only when a line may be too long (NF Z 10-011)."""
        address = person.address
        longest = max(
            len(address.street),
            len(address.complement),
            len(address.building),
            len(address.locality),
            len(address.postcode) + len(address.city) + 1,
            len(person.first_name) + len(person.last_name) + 1 + ROOM_FOR_CIVILITY,
        )
        upper = sum(map(bool, (address.complement, address.building, address.locality)))
        if longest <= MAX_LINE and upper < MOST_UPPER_LINES:
            return []
        issues = address_block(person, self._today).issues
        return [issue for issue in issues if issue.code in _NORM_CODES]

    def finish(self, look_up: Callable[[int], Facts] | None = None) -> ListFindings:
        """What the whole list shows. ``look_up``: facts of a row, for people added by ``add_columns``."""
        duplicates, likely = self._finder.finish(look_up)
        again = {row for group in duplicates for row in group.others}
        issues = [issue for group in duplicates for issue in _duplicate_issues(group)]
        for pair in likely:
            facts: dict[str, str | int] = {
                "other_row": pair.first,
                "likeness": pair.likeness,
                "why": pair.why,
            }
            issues.append(Issue("duplicate_likely", Level.CHECK, pair.second, "last_name", facts))
        issues += _shared("email_shared", "email", self._email_groups, again)
        issues += _shared("phone_shared", "phone", self._phone_groups, again)
        return ListFindings(tuple(duplicates), tuple(likely), tuple(issues))


_NORM_CODES = frozenset({"address_line_too_long", "address_too_many_lines"})


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def _note(key: str, row: int, rows: dict[str, int], groups: dict[str, list[int]]) -> None:
    first = rows.setdefault(key, row)
    if first != row:
        groups.setdefault(key, [first]).append(row)


def _name_issues(person: Recipient) -> list[Issue]:
    if not person.last_name:
        return [Issue("name_missing", Level.BLOCKING, person.row, "last_name")]
    return [Issue("first_name_missing", Level.CHECK, person.row, "first_name")]


def _missing(person: Recipient) -> dict[str, str | int]:
    address = person.address
    parts = {
        "street": address.street or address.locality or address.building,
        "postcode": address.postcode or country_line(address.country),
        "city": address.city,
    }
    return {"missing": ",".join(name for name, value in parts.items() if not value)}


def _reach_issues(person: Recipient) -> list[Issue]:
    if person.excluded is not None or person.restriction is not Restriction.NONE:
        return []
    if not (person.address.street or person.address.city or person.address.postcode):
        return [Issue("no_reach", Level.BLOCKING, person.row, "address")]
    return [Issue("address_incomplete", Level.BLOCKING, person.row, "address", _missing(person))]


def _status_issues(person: Recipient) -> Iterator[Issue]:
    if person.deceased:
        yield Issue("deceased", Level.INFO, person.row, "deceased")
    if person.restriction is Restriction.DO_NOT_WRITE:
        yield Issue("do_not_write", Level.INFO, person.row, "restriction")
    if person.restriction is Restriction.HAND_OVER:
        yield Issue("hand_over", Level.INFO, person.row, "restriction")
    if person.protection is Protection.GUARDIANSHIP:
        if person.representative:
            yield Issue("protected", Level.INFO, person.row, "protection")
        else:
            yield Issue("protected_alone", Level.CHECK, person.row, "protection")
    elif person.protection is Protection.CURATORSHIP:
        yield Issue("curatorship", Level.INFO, person.row, "protection")


def _duplicate_issues(group: DuplicateGroup) -> Iterator[Issue]:
    for row in group.others:
        code = "duplicate_differs" if row in group.different else "duplicate_same"
        level = Level.CHECK if row in group.different else Level.INFO
        yield Issue(code, level, row, "last_name", {"other_row": group.kept})


def _shared(
    code: str, column: str, groups: dict[str, list[int]], again: set[int]
) -> Iterator[Issue]:
    """One remark for each person after the first; people already found twice do not count."""
    for rows in groups.values():
        people = [row for row in rows if row not in again]
        if len(people) < 2:
            continue
        many = len(people) > _FAMILY
        if column == "phone":  # families share a telephone: said once, for a stand-in number only
            if many:
                facts = {"other_row": people[0], "people": len(people)}
                yield Issue(code, Level.INFO, people[1], column, facts)
            continue
        for row in people[1:]:
            facts = {"other_row": people[0], "people": len(people)}
            yield Issue("email_many" if many else code, Level.CHECK, row, column, facts)
