"""Texts that go with the letters, made from the same facts: poster, web page, answering machine, phone, SMS."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.core.campaign import Channel, Delivery, DeliveryStatus
from app.core.channels import plan_channel
from app.core.issue import Issue
from app.core.letter_run_checks import GSM7, check_sms
from app.core.recipient import Protection, Recipient
from app.letters.catalogue import load
from app.letters.html_writer import page
from app.letters.letter import Letter, PublicText
from app.letters.render import LetterRenderer
from app.paper.engine import PaperEngine
from app.paper.paper_letter import PaperLetter
from app.paper.poster import poster_pdf
from app.services.paper_letters import block_for, paper_letter

PUBLIC, ANSWER, DELETION, SHORT = "T17", "T16", "T18", "T20"


@dataclass(frozen=True, slots=True)
class Companions:
    """Every companion of one event. ``sms_issues`` says what keeps the SMS from leaving."""

    poster: PublicText
    poster_pdf: bytes
    #: a whole page, nothing remote, to give to whoever keeps the practice's site
    web_page: str
    answering_machine: str
    phone_script: PublicText
    phone_script_pdf: bytes
    sms: str
    sms_issues: tuple[Issue, ...]


def companions(renderer: LetterRenderer) -> Companions:
    """All companions of the renderer's incident and practice.

    Raises:
        MissingValue: the incident or the practice lacks a fact.
        MissingGlyph: a character that the PDF cannot print.
    """
    template = load().template(PUBLIC)
    poster = renderer.render_public(template)
    script = renderer.render_public(template.other_text("telephone"))
    name = renderer.practice.name
    sms = to_gsm7(renderer.render_public(template.other_text("sms")).text.strip())
    return Companions(
        poster=poster,
        poster_pdf=poster_pdf(poster.title, name, poster.blocks),
        web_page=page(poster.title, f"<h1>{_escaped(poster.title)}</h1>\n{poster.html}", [name]),
        answering_machine=renderer.render_public(template.other_text("repondeur")).text.strip(),
        phone_script=script,
        phone_script_pdf=poster_pdf("Répondre au téléphone", name, script.blocks),
        sms=sms,
        sms_issues=tuple(check_sms(sms, to_gsm7(name))),
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def to_gsm7(text: str) -> str:
    """``text`` with plain signs where SMS has no others: « ê » → « e », « ’ » → « ' », no-break → space.

    What has no plain form stays, and ``check_sms`` says so.
    """
    plain = text.replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ")
    plain = plain.replace("œ", "oe").replace("Œ", "OE").replace(" :", ":")
    kept: list[str] = []
    for char in plain:
        base = unicodedata.normalize("NFD", char)[0]
        kept.append(char if char in GSM7 or base not in GSM7 else base)
    return "".join(kept)


def answer_to(
    renderer: LetterRenderer, recipient: Recipient, code: str, channel: Channel
) -> Letter:
    """T16: the answer to « Suis-je concerné ? » for one person. Raises MissingValue."""
    return _one_letter(renderer, ANSWER, recipient, code, channel)


def deletion_request(
    renderer: LetterRenderer, wrong_recipient: Recipient, code: str, channel: Channel
) -> Letter:
    """T18: asks the person who received a document by mistake to delete it. Raises MissingValue."""
    return _one_letter(renderer, DELETION, wrong_recipient, code, channel)


def letter_page(
    renderer: LetterRenderer, template_id: str, recipient: Recipient, code: str = ""
) -> bytes:
    """T16 or T18 as a page to print (PDF); without a complete address, only the name stands in the window.

    Raises:
        MissingValue; MissingGlyph, AddressTooWide, UnreadableImage.
    """
    own, person = _own(renderer, template_id, recipient)
    return PaperEngine(renderer.practice).single(_page(own, person, code))


def is_protected(recipient: Recipient, renderer: LetterRenderer) -> bool:
    """True when the letter goes to a guardian, and the person is to get the short one as well."""
    return (
        recipient.protection is Protection.GUARDIANSHIP
        and not recipient.is_minor_on(renderer.letter_date)
        and plan_channel(recipient).channel is not Channel.NONE
    )


def short_letter(renderer: LetterRenderer, recipient: Recipient) -> Letter:
    """T20: the few sentences for a person under guardianship, in that person's own name. Raises MissingValue."""
    own, person = _own(renderer, SHORT, _in_own_name(recipient))
    return own.render(person, "", Channel.PAPER)


def short_letters_pdf(renderer: LetterRenderer, people: Sequence[Recipient]) -> bytes:
    """T20 for each of these people, one after the other, ready to print.

    Raises:
        MissingValue; MissingGlyph, AddressTooWide, UnreadableImage.
    """
    pages = []
    for recipient in people:
        own, person = _own(renderer, SHORT, _in_own_name(recipient))
        pages.append(_page(own, person, ""))
    return PaperEngine(renderer.practice).chunk(pages)[0]


def _in_own_name(recipient: Recipient) -> Recipient:
    return replace(recipient, protection=Protection.NONE, representative="")


def _page(renderer: LetterRenderer, recipient: Recipient, code: str) -> PaperLetter:
    block = block_for(renderer, recipient)
    delivery = Delivery(recipient.id, Channel.PAPER, DeliveryStatus.PENDING, code)
    page = paper_letter(renderer, recipient, delivery, block)
    lines = page.address_lines if block.is_postable else page.address_lines[:1]
    # letters of one file are told apart by their code; a companion has none to print
    name = code or f"{renderer.template.id}-{recipient.row}"
    return replace(page, code=name, address_lines=lines, reference=page.reference if code else "")


def _one_letter(
    renderer: LetterRenderer, template_id: str, person: Recipient, code: str, channel: Channel
) -> Letter:
    own, told = _own(renderer, template_id, person)
    return own.render(told, code, channel)


def _own(
    renderer: LetterRenderer, template_id: str, person: Recipient
) -> tuple[LetterRenderer, Recipient]:
    template = load().template(template_id)
    own = LetterRenderer(template, None, renderer.incident, renderer.practice, renderer.letter_date)
    # this renderer has no variant: what the person's own letter says must be settled before
    return own, replace(person, categories=frozenset(renderer.categories_for(person)))
