"""One person's letter in the form the page needs: where letters and paper meet, for they do not know each other."""

from datetime import date

from app.core.address import AddressBlock, address_block
from app.core.campaign import Channel, Delivery
from app.core.practice import Signatory
from app.core.recipient import Recipient
from app.letters.catalogue import Audience
from app.letters.render import LetterRenderer
from app.paper.paper_letter import PaperLetter
from app.wording.french import NBSP, date_long


def block_for(renderer: LetterRenderer, recipient: Recipient) -> AddressBlock:
    """The address block of this person's letter: that of the family when the patient died (T19)."""
    template = renderer.template_for(recipient)
    return address_block(
        recipient, renderer.letter_date, to_family=template.audience is Audience.FAMILY
    )


def paper_letter(
    renderer: LetterRenderer,
    recipient: Recipient,
    delivery: Delivery,
    block: AddressBlock | None = None,
    *,
    section: str = "",
) -> PaperLetter:
    """The page of one letter, whatever the channel planned for it.

    Raises:
        MissingValue: the letter lacks facts.
    """
    day: date = renderer.letter_date
    letter = renderer.render(recipient, delivery.code, Channel.PAPER)
    document = letter.document
    address = block if block is not None else block_for(renderer, recipient)
    return PaperLetter(
        code=delivery.code,
        row=recipient.row,
        address_lines=address.lines,
        subject=letter.subject,
        place_date=document.place_date,
        blocks=document.blocks,
        signatories=tuple(Signatory(name, role) for name, role in document.signatories),
        reminder=f"{document.addressee}, lettre du {date_long(day)}",
        reference=f"Référence{NBSP}: {delivery.code}",
        section=section,
    )
