"""Errors of the world: letters."""

from dataclasses import dataclass

from app.core.errors import UserError


@dataclass(eq=False)
class MissingValue(UserError):
    """A letter needs facts that nobody gave. ``fields`` are field names, ``row`` the patient's row."""

    template_id: str
    fields: tuple[str, ...]
    #: row of the list; None when the fact is about the incident or the practice
    row: int | None = None


@dataclass(eq=False)
class TemplateInvalid(UserError):
    """A template cannot be read. ``reason`` is one of the keys of app.wording.errors_letters.REASONS."""

    template_id: str
    line: int
    reason: str
    #: the word or sign of the template at fault (never a patient's value)
    fragment: str = ""


@dataclass(eq=False)
class CatalogueInvalid(UserError):
    """A data file of the catalogue (TOML) is missing, unreadable or incomplete."""

    file: str
    reason: str
    fragment: str = ""


@dataclass(eq=False)
class UnknownTemplate(UserError):
    """The campaign names a template that this version does not have."""

    template_id: str


@dataclass(eq=False)
class PackageInvalid(UserError):
    """The file of templates to import is not one that this program wrote, or is damaged."""

    file: str
    reason: str


@dataclass(eq=False)
class SampleInvalid(UserError):
    """A bundled sample campaign cannot be read."""

    file: str
    fragment: str


@dataclass(eq=False)
class AcceptanceIncomplete(UserError):
    """A warning is not accepted, nor a letter said read, without « by » (a name) and « reason » (a few words)."""

    missing: str


@dataclass(eq=False)
class ReasonNamesPatient(UserError):
    """The reason given for a warning would keep a patient's name, number or address in the evidence for ever."""
