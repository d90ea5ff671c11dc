"""From the incident, the practice and a rendered letter to what the checks of the core read."""

import re
from datetime import date

from app.core.campaign import Channel
from app.core.incident import CnilStatus, Incident
from app.core.letter_facts import CategoryWords, LetterFacts, LetterText, fold
from app.core.practice import Practice
from app.core.recipient import Recipient
from app.letters.addressing import plain_name
from app.letters.catalogue import DetailKind, LetterTemplate
from app.letters.context import day, practice_values, written_by_practice
from app.letters.knowledge import CategoryFacts, Knowledge
from app.letters.letter import Letter
from app.letters.render import LetterRenderer
from app.letters.values import clean
from app.wording.french import date_long, date_short


def category_words(facts: CategoryFacts) -> CategoryWords:
    """The checker's folded words for one category."""

    def folded(words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(fold(word) for word in words)

    return CategoryWords(
        category=facts.category,
        label=facts.label,
        phrase=facts.phrase,
        name_words=folded(facts.name_words),
        consequence_words=folded(facts.consequence_words),
        advice_words=folded(facts.advice_words),
        own_words=folded(facts.own_words),
        is_intimate=facts.is_intimate,
    )


def letter_facts(
    template: LetterTemplate,
    incident: Incident,
    practice: Practice,
    knowledge: Knowledge,
    letter_date: date,
    today: date,
) -> LetterFacts:
    """What every letter of this template must tell."""
    values = practice_values(practice)
    typed = _typed_by_the_practice(incident, practice)
    phones = {digits(practice.phone), *(digits(found) for found in _PHONE.findall(typed))}
    emails = {practice.email.strip().lower(), *(found.lower() for found in _EMAIL.findall(typed))}
    hosts = {_host(practice.website), *(email.rpartition("@")[2] for email in emails)}
    hosts |= {_host(found) for found in _HOST.findall(typed)}
    return LetterFacts(
        template_id=template.id,
        certainty=incident.certainty,
        categories={c: category_words(facts) for c, facts in knowledge.categories.items()},
        excluded={
            category: knowledge.categories[category].excluded_phrase
            for category in incident.excluded_categories
            if category not in incident.categories
        },
        event_dates=_event_dates(template, incident),
        contact=str(values["contact"]),
        phone=str(values["cabinet_tel"]),
        opening_hours=str(values["cabinet_horaires"]),
        email=str(values["cabinet_email"]),
        controller=str(values["responsable_traitement"]),
        signatories=tuple(clean(s.name) for s in practice.signatories if s.name.strip()),
        measures_taken=tuple(
            written_by_practice(text) for text in incident.measures_taken if text.strip()
        ),
        measures_planned=tuple(
            written_by_practice(text) for text in incident.measures_planned if text.strip()
        ),
        cnil_status=incident.cnil_status,
        cnil_date="" if incident.cnil_status is CnilStatus.IN_PROGRESS else day(incident.cnil_on),
        complaint_status=incident.complaint_status,
        complaint_date=day(incident.complaint_on),
        next_update=day(incident.next_update_on),
        letter_date=letter_date,
        today=today,
        discovered_on=incident.discovered_on,
        allowed_phones=frozenset(phones - {""}) | knowledge.official_phones,
        allowed_emails=frozenset(emails - {""}),
        sender_name=str(values["cabinet_nom"]),
        proper_names=(
            practice.name,
            incident.vendor,
            incident.software,
            *incident.details.values(),
        ),
        allowed_hosts=frozenset(hosts - {""}) | knowledge.official_hosts,
        max_words=template.max_words,
        waived=frozenset(template.waived or ()),
        mailbox_is_doubtful=template.is_about_mailbox
        and incident.details.get(_NEW_ADDRESS) != "oui",
        certainties=template.certainties,
    )


#: the letter's own question: « L’adresse du cabinet a changé »
_NEW_ADDRESS = "nouvelle_adresse"
_PHONE = re.compile(r"(?:\+33|0)[\d .\u00a0\u202f-]{8,}\d")
_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_HOST = re.compile(r"(?:https?://)?(?:[a-z0-9-]+\.)+[a-z]{2,}\b", re.IGNORECASE)


def _typed_by_the_practice(incident: Incident, practice: Practice) -> str:
    """Facts about the practice and the event: a number or a site in them is no patient's."""
    texts = [practice.contact, practice.opening_hours, practice.foreign_notice]
    texts += [incident.vendor, incident.software]
    texts += [*incident.measures_taken, *incident.measures_planned, *incident.details.values()]
    return "\n".join(texts)


def _event_dates(template: LetterTemplate, incident: Incident) -> tuple[str, ...]:
    days = [incident.happened_on, incident.happened_until, incident.discovered_on]
    days.append(incident.vendor_told_on)
    written = [date_long(when) for when in days if when is not None]
    for detail in template.details:
        if detail.kind == DetailKind.DATE and incident.details.get(detail.name):
            try:
                written.append(date_long(date.fromisoformat(incident.details[detail.name])))
            except ValueError:
                continue  # the renderer reports the field as missing
    return tuple(dict.fromkeys(written))


def digits(text: str) -> str:
    """The digits of a telephone number, in its national form."""
    found = "".join(char for char in text if char.isdigit())
    return "0" + found[2:] if found.startswith("33") and len(found) == 11 else found


def _host(website: str) -> str:
    plain = website.strip().lower().removeprefix("https://").removeprefix("http://")
    return plain.removeprefix("www.").split("/")[0]


def letter_text(letter: Letter, recipient: Recipient, renderer: LetterRenderer) -> LetterText:
    """The rendered letter as the checks read it."""
    born = recipient.birth_date
    written = () if born is None else (date_long(born), date_short(born), born.isoformat())
    whom = renderer.addressee(renderer.template_for(recipient), recipient)
    return LetterText(
        subject=letter.subject,
        body=letter.body,
        headings=letter.shape.headings,
        channel=Channel.EMAIL if letter.channel is Channel.EMAIL else letter.channel,
        code=letter.code,
        exposed=renderer.categories_for(recipient),
        salutation=str(letter.values["appel"]),
        own_name=plain_name(recipient),
        row=recipient.row,
        birth_dates=written,
        expected_salutation=whom.call,
    )
