"""Invented practices, incidents and patients for the tests of the letters."""

from dataclasses import replace
from datetime import date

from app.core.incident import (
    Certainty,
    CnilStatus,
    ComplaintStatus,
    DataCategory,
    Incident,
)
from app.core.practice import Practice, Signatory
from app.core.recipient import Civility, PostalAddress, Recipient
from app.letters.catalogue import Catalogue, DetailKind, LetterTemplate, load
from app.letters.render import LetterRenderer

TODAY = date(2026, 2, 2)
CODE = "7K3M-9QXA-P"

PRACTICE = Practice(
    name="Cabinet médical des Tilleuls",
    street="12 rue des Tilleuls",
    postcode="01000",
    city="Exempleville",
    phone="01 99 00 12 34",
    opening_hours="du lundi au vendredi, de 9 h à 18 h",
    email="contact@cabinet-tilleuls.example",
    controller="Dr Claire Exemplaire",
    contact="le secrétariat",
    signatories=(Signatory("Dr Claire Exemplaire", "médecin généraliste"),),
)

PERSON = Recipient(
    row=12,
    id=7,
    civility=Civility.MADAME,
    first_name="Jeanne",
    last_name="Martinez",
    birth_date=date(1956, 3, 14),
    email="jeanne.martinez@exemple.invalid",
    phone="06 99 00 11 22",
    address=PostalAddress(street="3 place du Marché", postcode="01000", city="Exempleville"),
)
CHILD = Recipient(row=13, id=8, first_name="Lucas", last_name="Petit", birth_date=date(2016, 5, 1))

_EXAMPLES = {
    "lettre_initiale_date": "2026-01-10",
    "message_date": "2026-01-10",
    "motif": "Le fichier publié ne vient pas de notre cabinet.",
    "elements_nouveaux": "Le fichier contient aussi des adresses.\nL’enquête se poursuit.",
    "source_allegation": "un forum en ligne",
    "volume": "12000",
    "nb_destinataires": "24",
}


def incident(
    template: LetterTemplate, certainty: Certainty = Certainty.CONFIRMED, *, flags: bool = False
) -> Incident:
    """A complete incident for ``template``; ``flags`` answers « oui » to its optional facts."""
    details: dict[str, str] = {}
    for detail in template.details:
        if detail.kind == DetailKind.FLAG:
            details[detail.name] = "oui" if flags else ""
        elif detail.is_required or flags:
            kind_default = "2026-01-14" if detail.kind == DetailKind.DATE else "une précision"
            details[detail.name] = _EXAMPLES.get(detail.name, detail.example or kind_default)
    details.pop("rdv_tel", None)
    categories = template.proposes
    if not categories and "06" not in (template.waived or {}):
        categories = (DataCategory.IDENTITY, DataCategory.PHONE, DataCategory.EMAIL)
    return Incident(
        template_id=template.id,
        certainty=certainty,
        categories=categories,
        excluded_categories=(DataCategory.IBAN,),
        happened_on=date(2026, 1, 12),
        happened_until=date(2026, 1, 15),
        discovered_on=date(2026, 1, 20),
        vendor="Logimédia Exemple",
        software="Dossier Exemple",
        vendor_told_on=date(2026, 1, 20),
        measures_taken=("Nous avons changé tous nos mots de passe le 22 janvier 2026.",),
        measures_planned=("un contrôle de sécurité, terminé au plus tard le 16 mars 2026.",),
        cnil_status=CnilStatus.NOTIFIED,
        cnil_on=date(2026, 1, 22),
        complaint_status=ComplaintStatus.FILED,
        complaint_on=date(2026, 1, 23),
        next_update_on=date(2026, 3, 30),
        details=details,
    )


def renderer(
    template_id: str = "T01",
    certainty: Certainty = Certainty.CONFIRMED,
    *,
    flags: bool = False,
    catalogue: Catalogue | None = None,
    changed: Incident | None = None,
    practice: Practice = PRACTICE,
    template: LetterTemplate | None = None,
) -> LetterRenderer:
    """A renderer of one template of the catalogue, with its variant."""
    known = catalogue or load()
    chosen = template or known.template(template_id)
    variant = chosen.annotations_variant
    return LetterRenderer(
        chosen,
        known.template(variant) if variant else None,
        changed or incident(chosen, certainty, flags=flags),
        practice,
        TODAY,
        known,
    )


def lean(template: LetterTemplate, certainty: Certainty) -> Incident:
    """The least that makes a letter complete: no date of the event, one measure under way, nothing optional."""
    full = incident(template, certainty)
    return replace(
        full,
        excluded_categories=(),
        happened_on=None,
        happened_until=None,
        software="",
        measures_taken=(),
        measures_planned=("contrôle de nos accès, terminé au plus tard le 16 mars 2026.",),
        cnil_status=CnilStatus.IN_PROGRESS,
        cnil_on=None,
        complaint_status=ComplaintStatus.NONE,
        complaint_on=None,
    )
