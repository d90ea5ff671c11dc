"""Values of the fields: what the practice, the incident and the list say, in French, ready for a letter."""

from collections.abc import Sequence
from datetime import date

from app.core.incident import (
    Certainty,
    CnilStatus,
    ComplaintStatus,
    DataCategory,
    Incident,
)
from app.core.practice import Practice, PracticeKind
from app.letters.addressing import of
from app.letters.catalogue import DetailKind, LetterTemplate
from app.letters.knowledge import Knowledge
from app.letters.typography import typeset_words
from app.letters.values import Blocks, Inline, Node, Value, bullets, clean, data, paragraph, words
from app.wording.french import NBSP, date_long, number, phone

#: template of the incidents in which nothing was copied
UNAVAILABLE = "T07"
STRUCTURES = {
    PracticeKind.PRACTICE: "cabinet",
    PracticeKind.HEALTH_CENTRE: "centre de santé",
    PracticeKind.MULTI_PROFESSIONAL: "maison de santé",
    PracticeKind.CLINIC: "clinique",
    PracticeKind.HOSPITAL: "hôpital",
    PracticeKind.PLATFORM: "service",
}


def practice_values(practice: Practice) -> dict[str, Value]:
    """Fields of the practice."""
    town = f"{practice.postcode} {practice.city}".strip()
    lines = (practice.street, practice.address_complement, town)
    notice = clean(practice.foreign_notice)
    return {
        "cabinet_nom": clean(practice.name),
        "cabinet_adresse": clean(", ".join(line for line in lines if line.strip())),
        "cabinet_tel": phone(clean(practice.phone)),
        "cabinet_horaires": written_by_practice(practice.opening_hours),
        "cabinet_email": clean(practice.email),
        "cabinet_site": clean(practice.website),
        "structure": STRUCTURES[practice.kind],
        "responsable_traitement": clean(practice.controller),
        "contact": clean(practice.contact),
        "lieu": clean(practice.place),
        # words, not data: inside isolates its direction would not be found
        "notice_etrangere": Inline((words(notice),) if notice else ()),
    }


def practice_facts(practice: Practice) -> frozenset[str]:
    """Names of what is true of the practice, for the advice that depends on it."""
    names = ("makes_home_visits", "takes_payment_by_link")
    return frozenset(name for name in names if getattr(practice, name))


def incident_values(incident: Incident) -> dict[str, Value]:
    """Fields of the incident that are the same in every letter."""
    return {
        "periode_incident": period(incident),
        "date_decouverte": day(incident.discovered_on),
        "panne_sans_vol": _flag(incident.template_id == UNAVAILABLE),
        "date_inconnue": _flag(
            incident.happened_on is None
            and incident.happened_until is None
            and incident.discovered_on is not None
        ),
        "editeur": clean(incident.vendor),
        "logiciel": clean(incident.software),
        "date_info_editeur": day(incident.vendor_told_on),
        "date_prochain_point": day(incident.next_update_on),
        "mesures": measures(incident),
        "phrase_cnil": cnil_sentence(incident),
        "phrase_plainte": complaint_sentence(incident),
        "confirme": _flag(incident.certainty is Certainty.CONFIRMED),
        "probable": _flag(incident.certainty is Certainty.PROBABLE),
        "allegue": _flag(incident.certainty is Certainty.ALLEGED),
    }


def detail_values(template: LetterTemplate, incident: Incident) -> dict[str, Value]:
    """The template's own fields, from ``incident.details`` (lists one item per line, dates ISO, flags « oui »)."""
    values: dict[str, Value] = {}
    for detail in template.details:
        raw = incident.details.get(detail.name, "")
        if detail.kind == DetailKind.DATE:
            values[detail.name] = _iso_day(raw)
        elif detail.kind == DetailKind.LIST:
            items = [line for line in raw.splitlines() if line.strip()]
            values[detail.name] = bullets([[data(written_by_practice(item))] for item in items])
        elif detail.kind == DetailKind.FLAG:
            values[detail.name] = _flag(raw == "oui")
        elif detail.kind == DetailKind.NUMBER:
            values[detail.name] = number(int(raw)) if raw.strip().isdecimal() else ""
        else:
            values[detail.name] = written_by_practice(raw)
    return values


def written_by_practice(text: str) -> str:
    """A text that the practice typed: cleaned, and set in French typography like ours."""
    return typeset_words(clean(text))


def category_values(
    exposed: Sequence[DataCategory],
    incident: Incident,
    knowledge: Knowledge,
    facts: frozenset[str],
) -> dict[str, Value]:
    """Lists that follow from the categories of one person."""
    known = [knowledge.categories[category] for category in exposed]
    excluded = [
        knowledge.categories[category]
        for category in incident.excluded_categories
        if category not in exposed
    ]
    return {
        "liste_donnees": bullets(
            [[_phrase(incident, facts_of.category, facts_of.phrase)] for facts_of in known]
        ),
        "liste_noms_donnees": bullets([[words(facts_of.label)] for facts_of in known]),
        "documents_concernes": _flag(DataCategory.MEDICAL_DOCUMENTS in exposed),
        "mot_de_passe_concerne": _flag(DataCategory.PASSWORD in exposed),
        "remarque_concernee": _flag(DataCategory.ANNOTATIONS in exposed),
        "donnees_intimes": _flag(any(facts_of.is_intimate for facts_of in known)),
        "liste_exclues": _enumeration([facts_of.excluded_phrase for facts_of in excluded]),
        "consequences": bullets([[words(text)] for text in knowledge.consequences_for(exposed)]),
        "conseils": bullets([[words(item.text)] for item in knowledge.advice_for(exposed, facts)]),
    }


def _phrase(incident: Incident, category: DataCategory, phrase: str) -> Node:
    """The list item of a category; the practice may word it more exactly (« precision_identity »)."""
    own = written_by_practice(incident.details.get(f"precision_{category}", ""))
    return data(own) if own else words(phrase)


def _enumeration(phrases: Sequence[str]) -> Inline:
    if not phrases:
        return Inline(())
    if len(phrases) == 1:
        return Inline((words(phrases[0]),))
    return Inline((words(", ".join(phrases[:-1]) + " et " + phrases[-1]),))


def listening_numbers(knowledge: Knowledge) -> Blocks:
    """Help lines, the same for everybody: a chosen one would reveal what the record held (domain.md §2.2)."""
    lines = [contact.line for contact in knowledge.contacts.values() if contact.listening]
    return bullets([[words(line)] for line in lines])


def period(incident: Incident) -> str:
    """« le 12 janvier 2026 », « entre le … et le … », « à une date exacte inconnue à ce jour »."""
    start, end = incident.happened_on, incident.happened_until
    if start is None and end is None:
        return "à une date exacte inconnue à ce jour"
    if start is not None and end is not None and start != end:
        if (start.year, start.month) == (end.year, end.month):
            first = "1er" if start.day == 1 else str(start.day)
            return f"entre le {first} et le {date_long(end)}"
        if start.year == end.year:
            first = date_long(start).removesuffix(f" {start.year}")
            return f"entre le {first} et le {date_long(end)}"
        return f"entre le {date_long(start)} et le {date_long(end)}"
    return f"le {date_long(start or end or date.min)}"


def day(when: date | None) -> str:
    """« 12 janvier 2026 », or empty."""
    return "" if when is None else date_long(when)


def _iso_day(raw: str) -> str:
    try:
        return date_long(date.fromisoformat(raw.strip()))
    except ValueError:
        return ""


def _flag(truth: bool) -> str:  # noqa: FBT001 - a condition is nothing but true or false
    return "oui" if truth else ""


def measures(incident: Incident) -> Blocks:
    """Measures taken, then those under way, as one list."""
    items: list[list[Node]] = [
        [data(written_by_practice(text))] for text in incident.measures_taken if text.strip()
    ]
    items += [
        [words(f"Prévu{NBSP}: "), data(written_by_practice(text))]
        for text in incident.measures_planned
        if text.strip()
    ]
    return bullets(items)


def cnil_sentence(incident: Incident) -> Inline:
    """What was told to the CNIL, with its date; empty when nothing was (the checker then warns)."""
    told = day(incident.cnil_on)
    if incident.cnil_status is CnilStatus.NOTIFIED and told:
        return Inline(
            (words("Nous avons déclaré cet événement à la CNIL le "), data(told), words("."))
        )
    if incident.cnil_status is CnilStatus.NOTIFIED_WITH_VENDOR and told:
        vendor = data(incident.vendor) if incident.vendor else words("Notre prestataire")
        return Inline(
            (
                vendor,
                words(" et nous-mêmes l’avons déclaré à la CNIL, nous le "),
                data(told),
                words("."),
            )
        )
    if incident.cnil_status is CnilStatus.IN_PROGRESS:
        return Inline((words("La déclaration à la CNIL est en cours."),))
    return Inline(())


def complaint_sentence(incident: Incident) -> Inline:
    """Where the criminal complaint stands; empty when there is none."""
    filed = day(incident.complaint_on)
    if incident.complaint_status is ComplaintStatus.FILED and filed:
        return Inline((words("Nous avons porté plainte le "), data(filed), words(".")))
    if incident.complaint_status is ComplaintStatus.FILED:
        return Inline((words("Nous avons porté plainte."),))
    if incident.complaint_status is ComplaintStatus.PLANNED:
        return Inline((words("Nous allons porter plainte."),))
    return Inline(())


def preamble(represented: str, role: str) -> Blocks:
    """What a representative must know before « vous » is read."""
    if not represented:
        return Blocks(())
    linking = of(represented).removesuffix(represented)
    return Blocks(
        (
            paragraph(
                words(f"Nous vous écrivons en tant que {role} {linking}"),
                {"t": "b", "c": [data(represented)]},
                words(
                    ". Dans cette lettre, «\u00a0vos données\u00a0» et «\u00a0vos informations\u00a0»"
                    " sont les siennes."
                ),
            ),
        ),
        is_personal=True,
    )
