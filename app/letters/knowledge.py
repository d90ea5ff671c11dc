"""What is known of each category of data: its name in a letter, what may follow, what to advise.

Read from ``categories.toml`` and ``contacts.toml``. Both ways complete: every category has its consequence
and its advice, and every piece of advice names the categories that justify it.
"""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from app.core.errors.letters import CatalogueInvalid
from app.core.incident import DataCategory
from app.letters.typography import typeset_words


@dataclass(frozen=True, slots=True)
class CategoryFacts:
    """One category. ``phrase`` follows « votre/vos » in the list; the word lists are those of the checker."""

    category: DataCategory
    label: str
    phrase: str
    excluded_phrase: str
    consequence: str
    #: says something of the person's health or private life (point 17: offer of a talk)
    is_intimate: bool
    #: at least one is found in the letter when the category is listed
    name_words: tuple[str, ...]
    #: at least one is found in the part on consequences
    consequence_words: tuple[str, ...]
    #: at least one is found in the advice
    advice_words: tuple[str, ...]
    #: none may be found in the advice or the consequences when the category is not exposed
    own_words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """One bullet. Kept when any of ``categories`` is exposed; general advice has none."""

    id: str
    text: str
    categories: frozenset[DataCategory]
    order: int
    #: general advice that only fills a list of fewer than three
    is_filler: bool = False
    #: facts of the practice (« makes_home_visits ») without which, or with which, it is left out
    only_if: str = ""
    unless: str = ""
    #: needs all these categories together, and then stands for the advice named by ``replaces``
    all_of: frozenset[DataCategory] = frozenset()
    replaces: frozenset[str] = frozenset()

    def fits(self, exposed: Collection[DataCategory], practice_facts: Collection[str]) -> bool:
        """True when the bullet belongs in a letter about these categories."""
        if self.unless and self.unless in practice_facts:
            return False
        if self.only_if and self.only_if not in practice_facts:
            return False
        if self.all_of:
            return self.all_of <= set(exposed)
        return bool(self.categories & set(exposed))


@dataclass(frozen=True, slots=True)
class Combination:
    """Categories that are worse together."""

    id: str
    categories: frozenset[DataCategory]
    #: sentence added to the letter; may be empty
    consequence: str
    #: why the risk is higher, for the guided choice
    reason: str


@dataclass(frozen=True, slots=True)
class ConsequenceGroup:
    """One sentence for categories exposed together."""

    categories: frozenset[DataCategory]
    text: str


@dataclass(frozen=True, slots=True)
class OfficialContact:
    """A public service that letters may name; ``checked_on`` and ``source`` say how it is known."""

    id: str
    name: str
    host: str
    phone: str
    line: str
    listening: bool
    checked_on: date
    source: str


@dataclass(frozen=True)
class Knowledge:
    """Everything the two files hold."""

    categories: Mapping[DataCategory, CategoryFacts]
    advice: tuple[Advice, ...]
    groups: tuple[ConsequenceGroup, ...]
    combinations: tuple[Combination, ...]
    contacts: Mapping[str, OfficialContact] = field(default_factory=dict)

    #: fewest and most bullets of advice in a letter (domain.md §8, point 5)
    FEWEST, MOST = 3, 6

    def advice_for(
        self, exposed: Collection[DataCategory], practice_facts: Collection[str] = ()
    ) -> tuple[Advice, ...]:
        """Bullets for these categories, in order of usefulness.

        ``practice_facts``: names of what is true of the practice (« makes_home_visits »).
        """
        fitting = [item for item in self.advice if item.fits(exposed, practice_facts)]
        replaced = {name for item in fitting for name in item.replaces}
        kept = [item for item in fitting if item.id not in replaced]
        fillers = [item for item in self.advice if item.is_filler]
        kept += fillers[: max(0, self.FEWEST - len(kept))]
        return tuple(sorted(kept, key=lambda item: item.order))

    def consequences_for(self, exposed: Sequence[DataCategory]) -> tuple[str, ...]:
        """Sentences for these categories, in their order; a group stands where its first category would."""
        left = list(exposed)
        sentences: list[str] = []
        for category in exposed:
            if category not in left:
                continue
            group = next(
                (g for g in self.groups if category in g.categories and g.categories <= set(left)),
                None,
            )
            gone = {category} if group is None else group.categories
            sentences.append(self.categories[category].consequence if group is None else group.text)
            left = [other for other in left if other not in gone]
        combination = self.combination_for(exposed)
        if combination is not None and combination.consequence:
            sentences.append(combination.consequence)
        return tuple(sentences)

    def combination_for(self, exposed: Collection[DataCategory]) -> Combination | None:
        """The first combination that these categories complete."""
        for combination in self.combinations:
            if combination.categories <= set(exposed):
                return combination
        return None

    @cached_property
    def official_hosts(self) -> frozenset[str]:
        """Hosts that letters may name."""
        return frozenset(contact.host for contact in self.contacts.values() if contact.host)

    @cached_property
    def official_phones(self) -> frozenset[str]:
        """Numbers that letters may give, digits only."""
        return frozenset(
            "".join(char for char in contact.phone if char.isdigit())
            for contact in self.contacts.values()
            if contact.phone
        )


def load(folder: Path) -> Knowledge:
    """Read both files. Raises CatalogueInvalid when a category, a consequence or an advice is missing."""
    table = read_toml(folder / "categories.toml")
    contacts = read_toml(folder / "contacts.toml")
    try:
        knowledge = Knowledge(
            categories={
                DataCategory(name): _category(DataCategory(name), facts)
                for name, facts in table["category"].items()
            },
            advice=tuple(_advice(entry) for entry in table["advice"]),
            groups=tuple(
                ConsequenceGroup(_set(entry["all_of"]), typeset_words(entry["text"]))
                for entry in table["consequence_group"]
            ),
            combinations=tuple(
                Combination(
                    entry["id"],
                    _set(entry["categories"]),
                    typeset_words(entry.get("consequence", "")),
                    typeset_words(entry["reason"]),
                )
                for entry in table["combination"]
            ),
            contacts={name: _contact(name, entry) for name, entry in contacts["contact"].items()},
        )
    except (KeyError, ValueError, TypeError) as error:
        raise CatalogueInvalid("categories.toml", "wrong_entry", str(error)) from error
    _check_both_ways(knowledge)
    return knowledge


def read_toml(path: Path) -> dict[str, Any]:
    """The content of one data file. Raises CatalogueInvalid."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CatalogueInvalid(path.name, "unreadable") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueInvalid(path.name, "not_toml", str(error)) from error


def _set(names: Sequence[str]) -> frozenset[DataCategory]:
    return frozenset(DataCategory(name) for name in names)


def _category(category: DataCategory, facts: Mapping[str, Any]) -> CategoryFacts:
    return CategoryFacts(
        category=category,
        label=facts["label"],
        phrase=typeset_words(facts["phrase"]),
        excluded_phrase=typeset_words(facts["excluded_phrase"]),
        consequence=typeset_words(facts["consequence"]),
        is_intimate=facts.get("intimate", False),
        name_words=tuple(facts["name_words"]),
        consequence_words=tuple(facts["consequence_words"]),
        advice_words=tuple(facts["advice_words"]),
        own_words=tuple(facts.get("own_words", ())),
    )


def _advice(entry: Mapping[str, Any]) -> Advice:
    return Advice(
        id=entry["id"],
        text=typeset_words(entry["text"]),
        categories=_set(entry.get("categories", ())),
        order=entry["order"],
        is_filler=entry.get("filler", False),
        only_if=entry.get("only_if", ""),
        unless=entry.get("unless", ""),
        all_of=_set(entry.get("all_of", ())),
        replaces=frozenset(entry.get("replaces", ())),
    )


def _contact(name: str, entry: Mapping[str, Any]) -> OfficialContact:
    return OfficialContact(
        id=name,
        name=entry["name"],
        host=entry.get("host", ""),
        phone=entry.get("phone", ""),
        line=typeset_words(entry["line"]),
        listening=entry.get("listening", False),
        checked_on=entry["checked_on"],
        source=entry["source"],
    )


def _check_both_ways(knowledge: Knowledge) -> None:
    for category in DataCategory:
        if category not in knowledge.categories:
            raise CatalogueInvalid("categories.toml", "category_missing", category)
        for facts in ((), ("makes_home_visits", "takes_payment_by_link")):
            given = knowledge.advice_for([category], facts)
            if not any(category in item.categories for item in given):
                raise CatalogueInvalid("categories.toml", "advice_missing", category)
    for item in knowledge.advice:
        if item.is_filler and item.categories:
            raise CatalogueInvalid("categories.toml", "filler_with_category", item.id)
