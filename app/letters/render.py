"""Templates + incident + practice + one person → one letter."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property

from app.core.campaign import Channel
from app.core.errors.letters import MissingValue, TemplateInvalid
from app.core.exposed import exposed_categories
from app.core.incident import DataCategory, Incident
from app.core.practice import Practice
from app.core.recipient import Recipient
from app.letters import context
from app.letters.addressing import Addressee, addressee, family_of, plain_name
from app.letters.catalogue import Audience, Catalogue, LetterTemplate, load
from app.letters.letter import Letter, PublicText
from app.letters.shape import Shape
from app.letters.tree import parse
from app.letters.values import Inline, Value, clean, data, words
from app.wording.french import date_long

#: the only fields that may stand in a subject: nothing of the patient (domain.md §3.4)
SUBJECT_FIELDS = frozenset({"cabinet_nom", "structure"})
_MOST_SHAPES = 500


class LetterRenderer:
    """Renders every letter of one run. One per thread: its caches have no lock."""

    def __init__(
        self,
        template: LetterTemplate,
        variant_for_annotations: LetterTemplate | None,
        incident: Incident,
        practice: Practice,
        letter_date: date,
        catalogue: Catalogue | None = None,
        told_by_list: frozenset[DataCategory] | None = None,
    ) -> None:
        """``told_by_list``: see ``core.exposed``.

        Raises TemplateInvalid when a source or a subject cannot be used.
        """
        self.catalogue = catalogue or load()
        self.template = template
        self.variant = variant_for_annotations
        self.incident = incident
        self.practice = practice
        self.letter_date = letter_date
        self.told_by_list = told_by_list
        self._facts = context.practice_facts(practice)
        self._by_categories: dict[tuple[DataCategory, ...], dict[str, Value]] = {}
        self._shapes: dict[tuple[str, tuple[bool, ...]], Shape] = {}
        self._constants = {each.id: self._constants_of(each) for each in self.templates}
        self._subjects = {
            (each.id, channel): self._subject_of(each, channel)
            for each in self.templates
            for channel in (Channel.EMAIL, Channel.PAPER)
        }

    @property
    def templates(self) -> tuple[LetterTemplate, ...]:
        """The template, and the variant when there is one."""
        return (self.template,) if self.variant is None else (self.template, self.variant)

    def template_for(self, recipient: Recipient) -> LetterTemplate:
        """The variant for people whose record held free text, else the template."""
        if self.variant is not None and _is_annotated(recipient):
            return self.variant
        return self.template

    def categories_for(self, recipient: Recipient) -> tuple[DataCategory, ...]:
        """Exposed categories of one person, in the incident's order."""
        exposed = exposed_categories(self.incident, recipient, self.told_by_list)
        is_annotated = _is_annotated(recipient)
        if is_annotated and DataCategory.ANNOTATIONS not in exposed:
            exposed.append(DataCategory.ANNOTATIONS)
        if self.variant is not None and not is_annotated:
            exposed = [c for c in exposed if c is not DataCategory.ANNOTATIONS]
        return tuple(exposed)

    def addressee(self, template: LetterTemplate, recipient: Recipient) -> Addressee:
        """To whom this template speaks when the letter is about this person."""
        if template.audience is Audience.FAMILY:
            return family_of(recipient)
        return addressee(recipient, self.letter_date)

    def render(self, recipient: Recipient, delivery_code: str, channel: Channel) -> Letter:
        """The letter of one person. Raises MissingValue with the fields nobody filled."""
        template = self.template_for(recipient)
        values = self._values(template, recipient, delivery_code, channel)
        shape = self._shape(template, values)
        missing = shape.missing(values)
        if missing:
            raise MissingValue(template.id, missing, recipient.row)
        form = Channel.EMAIL if channel is Channel.EMAIL else Channel.PAPER
        return Letter(
            recipient,
            delivery_code,
            template,
            channel,
            self._subjects[template.id, form],
            shape,
            values,
            self._footer,
        )

    def render_public(self, template: LetterTemplate) -> PublicText:
        """A companion text (poster, answering machine…). Raises MissingValue, TemplateInvalid."""
        values: dict[str, Value] = {
            **self._constants_of(template),
            **self._category_values(self.incident.categories),
        }
        shape = self._shape(template, values, is_public=True)
        missing = shape.missing(values)
        if missing:
            raise MissingValue(template.id, missing)
        title = self._subject_of(template, Channel.PAPER)
        return PublicText(title, shape.text(values), shape.html(values), shape.document(values))

    def _shape(
        self, template: LetterTemplate, values: Mapping[str, Value], *, is_public: bool = False
    ) -> Shape:
        source = template.parsed
        truths = tuple(bool(values.get(name)) for name in source.conditions)
        if is_public:  # several texts share one identifier
            return Shape(parse(source.token_text(truths), template.fields, template.id))
        key = (template.id, truths)
        shape = self._shapes.get(key)
        if shape is None:
            if len(self._shapes) >= _MOST_SHAPES:
                self._shapes.clear()
            shape = Shape(parse(source.token_text(truths), template.fields, template.id))
            self._shapes[key] = shape
        return shape

    def _constants_of(self, template: LetterTemplate) -> dict[str, Value]:
        signatories = [s for s in self.practice.signatories if s.name.strip()]
        return {
            **context.practice_values(self.practice),
            **context.incident_values(self.incident),
            **context.detail_values(template, self.incident),
            "numeros_ecoute": context.listening_numbers(self.catalogue.knowledge),
            "date_lettre": date_long(self.letter_date),
            "_signataires": "\x1f".join(f"{clean(s.name)}\x1e{clean(s.role)}" for s in signatories),
        }

    def _values(
        self, template: LetterTemplate, recipient: Recipient, code: str, channel: Channel
    ) -> dict[str, Value]:
        whom = self.addressee(template, recipient)
        is_email = channel is Channel.EMAIL
        return {
            **self._constants[template.id],
            **self._category_values(self.categories_for(recipient)),
            "code": clean(code),
            "appel": whom.call,
            "destinataire": whom.name,
            "patient": plain_name(recipient),
            "a_qui": whom.to_name,
            "preambule": context.preamble(whom.represented, whom.role),
            "pour_representant": "oui" if whom.is_representative else "",
            "par_courriel": "oui" if is_email else "",
            "par_courrier": "" if is_email else "oui",
            "formule": _closing(whom.call, is_email=is_email),
        }

    def _category_values(self, exposed: tuple[DataCategory, ...]) -> dict[str, Value]:
        known = self._by_categories.get(exposed)
        if known is None:
            known = context.category_values(
                exposed, self.incident, self.catalogue.knowledge, self._facts
            )
            self._by_categories[exposed] = known
        return known

    @cached_property
    def _footer(self) -> tuple[str, ...]:
        """Signatories, then the practice's lines, under an e-mail."""
        values = context.practice_values(self.practice)
        lines = [
            ", ".join(part for part in (clean(s.name), clean(s.role)) if part)
            for s in self.practice.signatories
            if s.name.strip()
        ]
        lines += [str(values["cabinet_nom"]), str(values["cabinet_adresse"])]
        return tuple(line for line in lines if line)

    def _subject_of(self, template: LetterTemplate, channel: Channel) -> str:
        text = template.subject_email if channel is Channel.EMAIL else template.subject_paper
        values = context.practice_values(self.practice)
        for name in SUBJECT_FIELDS:
            text = text.replace("{{ " + name + " }}", str(values[name]))
        if "{" in text or "}" in text:
            raise TemplateInvalid(template.id, 0, "subject_field")
        return clean(text)


def _is_annotated(recipient: Recipient) -> bool:
    """True when the list says, in one way or the other, that free text about the person was exposed."""
    return recipient.has_annotations or DataCategory.ANNOTATIONS in (recipient.categories or ())


_CLOSINGS: dict[tuple[str, bool], Inline] = {}


def _closing(call: str, *, is_email: bool) -> Inline:
    """Closing formula; on paper it repeats the salutation exactly (domain.md §4.3)."""
    key = (call, is_email)
    if key not in _CLOSINGS:
        _CLOSINGS[key] = Inline(
            (words("Bien cordialement,"),)
            if is_email
            else (
                words("Veuillez agréer, "),
                data(call),
                words(", l’expression de nos salutations distinguées."),
            )
        )
    return _CLOSINGS[key]
