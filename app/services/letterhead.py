"""The page of a practice as its letters will show it: a real letter of the catalogue for an invented patient."""

from dataclasses import replace
from datetime import date

from app.core.address import address_block
from app.core.campaign import Channel, Delivery, DeliveryStatus
from app.core.errors import BugError
from app.core.errors.paper import UnreadableImage
from app.core.plain_data import from_plain, to_plain
from app.core.practice import Practice, Signatory
from app.letters.catalogue import load
from app.letters.checking import TRIAL_CODE
from app.letters.render import LetterRenderer
from app.paper.engine import PaperEngine
from app.paper.images import as_svg
from app.services.paper_letters import paper_letter
from app.services.samples import load_sample
from app.services.trial_letter import specimen

_SAMPLE = "editeur"
#: what stands where « Mon cabinet » says nothing yet
_ABSENT = {
    "name": "[nom du cabinet]",
    "street": "[adresse]",
    "postcode": "[code postal]",
    "city": "[ville]",
    "phone": "[téléphone]",
    "opening_hours": "[horaires]",
    "controller": "[responsable de traitement]",
    "contact": "[personne à contacter]",
}


def letterhead_page(practice: Practice, today: date) -> bytes:
    """The PDF of one letter with this letterhead; safe in any thread.

    Raises:
        UnreadableImage: the logo or the signature cannot be shown.
        MissingGlyph: a character of the practice cannot be printed.
    """
    for image, role in ((practice.logo, "logo"), (practice.signature_image, "signature")):
        if image:
            as_svg(image, role)
    shown = _completed(practice)
    sample, catalogue = load_sample(_SAMPLE, today), load()
    template = catalogue.template(sample.incident.template_id)
    renderer = LetterRenderer(template, None, sample.incident, shown, today)
    person = specimen()
    delivery = Delivery(person.id, Channel.PAPER, DeliveryStatus.PENDING, TRIAL_CODE)
    letter = paper_letter(renderer, person, delivery, address_block(person, today))
    return PaperEngine(shown).single(letter)


def judge_image(practice: Practice, content: bytes, role: str, today: date) -> bytes:
    """The page with ``content`` as logo or signature: accepted only when it can be printed.

    Raises:
        UnreadableImage: with ``role``.
    """
    as_svg(content, role)
    changed = (
        replace(practice, logo=content)
        if role == "logo"
        else replace(practice, signature_image=content)
    )
    try:
        return letterhead_page(changed, today)
    except UnreadableImage as error:
        raise UnreadableImage(role) from error


def _completed(practice: Practice) -> Practice:
    plain = to_plain(practice)
    if not isinstance(plain, dict):
        raise BugError("a practice is a table")
    absent = {name: words for name, words in _ABSENT.items() if not getattr(practice, name).strip()}
    shown = from_plain(Practice, {**plain, **absent})
    if any(signatory.name.strip() for signatory in practice.signatories):
        return shown
    return replace(shown, signatories=(Signatory("[signataire]"),))
