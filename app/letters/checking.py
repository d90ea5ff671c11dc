"""The checks of the core on letters as they are rendered, and on a template while it is edited."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.core.campaign import Channel
from app.core.errors.letters import MissingValue
from app.core.incident import DataCategory
from app.core.issue import Issue, Level
from app.core.letter_checks import check_values, check_words
from app.core.letter_facts import LetterFacts, LetterText
from app.core.letter_leaks import LeakIndex
from app.core.letter_run_checks import check_person
from app.core.recipient import Civility, PostalAddress, Recipient
from app.letters.catalogue import Audience
from app.letters.facts import letter_facts, letter_text
from app.letters.letter import Letter
from app.letters.render import LetterRenderer
from app.letters.shape import Shape, written_text
from app.letters.values import Value

#: remarks that a letter to a family answers by its very nature
_ABOUT_THE_LIVING = frozenset(
    {"letter_19_deceased", "letter_19_minor_16", "letter_19_minor_remark"}
)
#: true of the letters that go by e-mail, whatever their words: told by the check of every letter
_ABOUT_THE_ROAD = "letter_18_doubtful_mailbox"
TRIAL_CODE = "2222-2222-2"
_PRINTED = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_FEWEST_WORDS = 3


class LetterChecker:
    """Checks the letters of one renderer against the 20 points."""

    def __init__(
        self, renderer: LetterRenderer, today: date, leaks: LeakIndex | None = None
    ) -> None:
        self._renderer = renderer
        self._leaks = leaks
        self._clean: set[tuple[Shape, tuple[DataCategory, ...], Channel]] = set()
        self._facts: Mapping[str, LetterFacts] = {
            template.id: letter_facts(
                template,
                renderer.incident,
                renderer.practice,
                renderer.catalogue.knowledge,
                renderer.letter_date,
                today,
            )
            for template in renderer.templates
        }

    def check(self, letter: Letter, recipient: Recipient) -> list[Issue]:
        """Points 1 to 19 on one letter, and the invariant of the run when the list is known."""
        text = letter_text(letter, recipient, self._renderer)
        facts = self._facts[letter.template_id]
        issues = [*self._words(letter, text, facts), *check_values(text, facts)]
        if self._leaks is not None:
            issues.extend(self._leaks.check(text, recipient))
            template = self._renderer.template_for(recipient)
            remarks = check_person(recipient, letter.channel, self._renderer.letter_date)
            if template.audience is Audience.FAMILY:
                remarks = (r for r in remarks if r.code not in _ABOUT_THE_LIVING)
            issues.extend(remarks)
        return issues

    def _words(self, letter: Letter, text: LetterText, facts: LetterFacts) -> list[Issue]:
        """Points that the words alone decide: judged once for all letters that share every word.

        Letters of one shape that tell the same categories by the same channel differ only by the person's
        values, which ``check_values`` and the search for other names look at in each of them. As long as a
        remark is found, every letter is judged in full, so that each has its row and its place.
        """
        key = (letter.shape, text.exposed, text.channel)
        if key in self._clean:
            return []
        issues = check_words(text, facts)
        if not issues:
            self._clean.add(key)
        return issues

    def check_person(self, recipient: Recipient, code: str, channel: Channel) -> list[Issue]:
        """Render and check; a fact nobody gave is a remark too."""
        try:
            letter = self._renderer.render(recipient, code, channel)
        except MissingValue as error:
            return [missing_value_issue(error)]
        return self.check(letter, recipient)


def missing_value_issue(error: MissingValue) -> Issue:
    """« Il manque … » as a remark on the letter (point 7: every gap is filled)."""
    names = ",".join(error.fields)
    return Issue("letter_07_missing_value", Level.BLOCKING, error.row, "body", {"fields": names})


def practice_texts(renderer: LetterRenderer) -> list[str]:
    """What the practice writes itself and the catalogue's own words: names in them are not a leak.

    A list may hold « Votre Nom » as an example row. The practice's own wording is not allowed anything: it is
    there that somebody may have typed a patient's name.
    """
    practice, incident = renderer.practice, renderer.incident
    texts = [practice.name, practice.controller, practice.contact, practice.street, practice.city]
    texts += [signatory.name for signatory in practice.signatories]
    texts += [incident.vendor, incident.software, *incident.measures_taken]
    texts += [*incident.measures_planned, *incident.details.values()]
    catalogue = renderer.catalogue
    texts += [catalogue.template(template.id).source for template in renderer.templates]
    texts += [item.text for item in catalogue.knowledge.advice]
    return texts + [facts.consequence for facts in catalogue.knowledge.categories.values()]


@dataclass(frozen=True, slots=True)
class _Case:
    recipient: Recipient
    channel: Channel


def _cases(renderer: LetterRenderer) -> Iterator[_Case]:
    """Invented people who take the branches of a template: adult, minor, both channels, both variants."""
    address = PostalAddress(street="1 rue d’Exemple", postcode="01000", city="Exempleville")
    adult = Recipient(
        row=0,
        civility=Civility.MADAME,
        first_name="Prénom",
        last_name="Nomexemple",
        email="exemple@exemple.invalid",
        address=address,
    )
    born = date(renderer.letter_date.year - 9, 1, 1)
    child = replace(adult, civility=Civility.UNKNOWN, birth_date=born)
    for annotations in (False, True) if renderer.variant is not None else (False,):
        for person in (adult, child):
            for channel in (Channel.EMAIL, Channel.PAPER):
                yield _Case(replace(person, has_annotations=annotations), channel)


def check_template(
    renderer: LetterRenderer, today: date, template_id: str | None = None
) -> list[Issue]:
    """Remarks on the wording itself, each once, with its place in the **source** (``column`` « source »).

    ``template_id``: only this one of the renderer's templates. Raises TemplateInvalid.
    """
    checker = LetterChecker(renderer, today)
    found: dict[tuple[str, tuple[tuple[str, str | int], ...]], Issue] = {}
    for case in _cases(renderer):
        template = renderer.template_for(case.recipient)
        if template_id is not None and template.id != template_id:
            continue
        try:
            letter = renderer.render(case.recipient, TRIAL_CODE, case.channel)
        except MissingValue as error:
            issues = [replace(missing_value_issue(error), row=None)]
            values: Mapping[str, Value] = {}
            body = ""
        else:
            issues, values, body = checker.check(letter, case.recipient), letter.values, letter.body
        for issue in issues:
            if issue.code == _ABOUT_THE_ROAD:
                continue
            # lengths differ from case to case: the first is enough
            told = () if issue.code.startswith("letter_11_") else sorted(issue.facts.items())
            key = (issue.code, tuple(told))
            if key not in found and issue.column != "subject":
                span = (
                    None
                    if issue.span is None
                    else source_span(template.source, body, issue.span, values)
                )
                found[key] = replace(issue, row=None, column="source", span=span)
            found.setdefault(key, replace(issue, row=None))
    return sorted(found.values(), key=lambda issue: (_ORDER[issue.level], issue.code))


_ORDER = {Level.BLOCKING: 0, Level.CHECK: 1, Level.INFO: 2}


def _plain(text: str) -> str:
    """Same length, signs of typography made plain."""
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


def source_span(
    source: str, body: str, span: tuple[int, int], values: Mapping[str, Value]
) -> tuple[int, int] | None:
    """Where a passage of a rendered body stands in the template: its words, or the gap that brought it."""
    wanted, plain = _plain(body[span[0] : span[1]]), _plain(source)
    for words in _windows(wanted.split()):
        place = plain.find(" ".join(words))
        if place >= 0:
            return place, place + len(" ".join(words))
    for match in _PRINTED.finditer(source):
        value = values.get(match[1])
        if value and wanted.strip() in _plain(written_text(value)):
            return match.span()
    return None


def _windows(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """Runs of words, the longest first, down to three (or all of a shorter passage)."""
    fewest = min(_FEWEST_WORDS, len(words))
    for length in range(len(words), fewest - 1, -1):
        for start in range(len(words) - length + 1):
            yield words[start : start + length]
