"""The templates that come with the program, and the categories and contacts they speak of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from app.core.errors.letters import CatalogueInvalid, UnknownTemplate
from app.core.incident import Certainty, DataCategory
from app.letters.fields import COMMON, FieldInfo, FieldKind, FieldSource, FieldTable
from app.letters.knowledge import Knowledge, read_toml
from app.letters.knowledge import load as load_knowledge
from app.letters.source import Source
from app.letters.typography import typeset_words
from app.paths import templates_dir


class Audience(StrEnum):
    """To whom a letter speaks."""

    PERSON = "person"
    #: the relatives of a patient who died (T19)
    FAMILY = "family"


class DetailKind:
    """Kinds of extra facts a template asks for; values live in ``Incident.details``."""

    TEXT, DATE, LIST, FLAG, NUMBER = "text", "date", "list", "flag", "number"
    ALL = frozenset({TEXT, DATE, LIST, FLAG, NUMBER})


@dataclass(frozen=True, slots=True)
class Detail:
    """One extra fact of a template: a field to fill on « L’incident »."""

    name: str
    label: str
    kind: str
    is_required: bool = False
    help: str = ""
    example: str = ""


@dataclass(frozen=True)
class LetterTemplate:
    """One letter: when to choose it, its subjects, its Markdown source, the facts it asks for."""

    id: str
    title: str
    when: str
    #: answer shown under « Que s’est-il passé ? »
    situation: str
    subject_email: str
    subject_paper: str
    source: str
    details: tuple[Detail, ...] = ()
    #: fields of Incident needed besides the common ones (« vendor », « vendor_told_on »)
    needs: tuple[str, ...] = ()
    #: categories proposed when the template is chosen
    proposes: tuple[DataCategory, ...] = ()
    #: template of the people whose record held free text; empty when there is none
    annotations_variant: str = ""
    #: points of the checklist that do not apply, with their reason (a letter without any breach of secrecy, …)
    waived: Mapping[str, str] | None = None
    audience: Audience = Audience.PERSON
    #: degrees of certainty the words fit
    certainties: tuple[Certainty, ...] = tuple(Certainty)
    #: limit of point 11; more for letters that must offer more
    max_words: int = 450
    #: other texts made from the same facts (T17: « telephone », « repondeur », « sms »)
    extras: Mapping[str, str] = field(default_factory=dict)
    #: the event is about the practice's own mailbox (T11)
    is_about_mailbox: bool = False
    #: a letter people receive (T01 …), or a companion
    is_letter: bool = True
    #: True for the practice's own wording
    is_edited: bool = False

    @property
    def subject(self) -> str:
        """Subject of the e-mail form."""
        return self.subject_email

    @cached_property
    def fields(self) -> FieldTable:
        """The common fields and the template's own."""
        return FieldTable((*COMMON, *(_field_of(detail) for detail in self.details)))

    @cached_property
    def parsed(self) -> Source:
        """The checked source. Raises TemplateInvalid."""
        return Source(self.id, self.source, self.fields)

    def other_text(self, name: str) -> "LetterTemplate":
        """The other text of that name, as a template of its own."""
        return replace(self, source=self.extras[name], extras={})

    def with_wording(
        self, source: str, subject_email: str, subject_paper: str = ""
    ) -> "LetterTemplate":
        """The same letter with the practice's own words."""
        return replace(
            self,
            source=source,
            subject_email=subject_email,
            subject_paper=subject_paper or self.subject_paper,
            is_edited=True,
        )


def _field_of(detail: Detail) -> FieldInfo:
    kind = {DetailKind.LIST: FieldKind.BLOCKS, DetailKind.FLAG: FieldKind.CONDITION}.get(
        detail.kind, FieldKind.TEXT
    )
    return FieldInfo(detail.name, detail.label, kind, FieldSource.INCIDENT)


@dataclass(frozen=True)
class Catalogue:
    """Every template by its identifier, in the order of the identifiers."""

    templates: Mapping[str, LetterTemplate]
    knowledge: Knowledge

    def template(self, template_id: str) -> LetterTemplate:
        """The template of that identifier. Raises UnknownTemplate."""
        found = self.templates.get(template_id)
        if found is None:
            raise UnknownTemplate(template_id)
        return found

    def letters(self) -> Sequence[LetterTemplate]:
        """Templates of letters to people; companions left out."""
        return [template for template in self.templates.values() if template.is_letter]


def load(folder: Path | None = None) -> Catalogue:
    """The catalogue of ``folder``, by default the bundled one (read once). Raises CatalogueInvalid."""
    return _load(folder or templates_dir())


@lru_cache(maxsize=4)
def _load(folder: Path) -> Catalogue:
    knowledge = load_knowledge(folder)
    templates: dict[str, LetterTemplate] = {}
    for path in sorted(folder.glob("T[0-9][0-9]-*/template.toml")):
        template = read_template(path)
        templates[template.id] = template
    for template in templates.values():
        variant = template.annotations_variant
        if variant and variant not in templates:
            raise CatalogueInvalid(f"{template.id}/template.toml", "variant_missing", variant)
    return Catalogue(templates, knowledge)


def read_template(path: Path) -> LetterTemplate:
    """One template from its folder. Raises CatalogueInvalid; its source is checked when first used."""
    table = read_toml(path)
    try:
        source = (path.parent / "lettre.md").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueInvalid(f"{path.parent.name}/lettre.md", "unreadable") from error
    extras = {
        each.stem: each.read_text(encoding="utf-8")
        for each in sorted(path.parent.glob("*.md"))
        if each.name != "lettre.md"
    }
    return replace(template_from(table, source, path.parent.name), extras=extras)


def template_from(table: Mapping[str, Any], source: str, name: str) -> LetterTemplate:
    """A template from its decoded TOML and its Markdown. Raises CatalogueInvalid."""
    try:
        return LetterTemplate(
            id=table["id"],
            title=typeset_words(table["title"]),
            when=typeset_words(table["when"]),
            situation=typeset_words(table["situation"]),
            subject_email=typeset_words(table["subject"]["email"]),
            subject_paper=typeset_words(table["subject"]["paper"]),
            source=source,
            details=tuple(_detail(entry) for entry in table.get("detail", ())),
            needs=tuple(table.get("needs", ())),
            proposes=tuple(DataCategory(name) for name in table.get("proposes", ())),
            annotations_variant=table.get("annotations_variant", ""),
            waived=dict(table.get("waived", {})),
            audience=Audience(table.get("audience", "person")),
            certainties=tuple(Certainty(name) for name in table.get("certainties", Certainty)),
            max_words=table.get("max_words", 450),
            is_about_mailbox=table.get("about_mailbox", False),
            is_letter=table.get("letter", True),
            is_edited=table.get("edited", False),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CatalogueInvalid(f"{name}/template.toml", "wrong_entry", str(error)) from error


def _detail(entry: Mapping[str, Any]) -> Detail:
    if entry["kind"] not in DetailKind.ALL:
        raise ValueError(entry["kind"])
    return Detail(
        name=entry["name"],
        label=typeset_words(entry["label"]),
        kind=entry["kind"],
        is_required=entry.get("required", False),
        help=typeset_words(entry.get("help", "")),
        example=typeset_words(entry.get("example", "")),
    )
