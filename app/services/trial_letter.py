"""The letter to oneself: a specimen for an invented person, sent the way the real ones will go."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from app.core.campaign import Channel, Delivery, DeliveryStatus, Reply, new_letter_code
from app.core.clock import Clock, SystemClock
from app.core.errors.mail import ConnectionClosed, TrialRefused
from app.core.recipient import Civility, PostalAddress, Recipient
from app.mail.addresses import Envelope
from app.mail.message import EntitySigner, MessageBuilder, Sender, forget_lines
from app.mail.transport import AnswerLost, ConnectionLost, Refused, Transport
from app.mail.wire import clean_words
from app.services import lettering
from app.services.attached_pdf import pdf_attacher
from app.services.departure import Departure
from app.storage.campaign_file import CampaignFile

#: settings of the campaign file: when and where the last trial letter was taken
TRIAL_SENT_AT = "review.trial_sent_at"
TRIAL_SENT_TO = "review.trial_sent_to"


@dataclass(frozen=True, slots=True)
class TrialSending:
    """The trial letter is being sent."""

    to: str


@dataclass(frozen=True, slots=True)
class TrialSent:
    """The server took it."""

    to: str
    at: datetime
    reply: Reply
    is_trial_mailbox: bool


def specimen(*, with_annotations: bool = False) -> Recipient:
    """An invented patient for letters that no patient must see."""
    return Recipient(
        row=0,
        civility=Civility.MADAME,
        last_name="Exemple",
        first_name="Camille",
        address=PostalAddress(street="1 rue de l’Exemple", postcode="00000", city="Exemple"),
        has_annotations=with_annotations,
    )


def send_trial_letter(
    campaign_file: CampaignFile,
    way: Departure,
    to: str,
    *,
    display_name: str = "",
    interrupted: Callable[[], bool] = lambda: False,
    clock: Clock | None = None,
    sign: EntitySigner | None = None,
) -> Iterator[TrialSending | TrialSent]:
    """Send the specimen to ``to``, signed and with its PDF as the letters will be; noted in the journal.

    The last event is ``TrialSent``.

    Raises:
        TrialRefused: the server did not take it, or never answered.
        ConnectionClosed and the other errors of ``SmtpTransport.connect``; MissingValue, TemplateInvalid.
    """
    now = (clock or SystemClock()).now()
    account = way.account
    renderer = lettering.renderer_for(campaign_file, clock=clock)
    code = new_letter_code()
    letter = renderer.render(specimen(), code, Channel.EMAIL)
    sender = Sender(account.address, display_name or account.display_name)
    builder = MessageBuilder(sender, sign=sign)
    attachment = None
    if account.attach_pdf:
        draft = Delivery(0, Channel.EMAIL, DeliveryStatus.PENDING, code)
        attachment = pdf_attacher(campaign_file)(specimen(), draft)
    data = builder.build(
        to=to,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        message_id=f"<essai.{secrets.token_hex(8)}@{account.domain}>",
        code=code,
        date=now,
        attachment=attachment,
    )
    yield TrialSending(to)
    transport = way.transports(interrupted)
    try:
        reply = _taken(transport, builder.envelope(to, code), data, to)
    except ConnectionLost as error:
        raise ConnectionClosed(account.host) from error
    finally:
        transport.close()
        forget_lines()
    with campaign_file.transaction():
        campaign_file.append_event(
            "trial_letter", {"code": code, "to": to, "reply_code": reply.code}, now
        )
        campaign_file.set_setting(TRIAL_SENT_AT, now.isoformat())
        campaign_file.set_setting(TRIAL_SENT_TO, to)
    yield TrialSent(to, now, reply, way.is_trial)


def _taken(transport: Transport, envelope: Envelope, data: bytes, to: str) -> Reply:
    try:
        transport.connect()
        transport.envelope_and_body(envelope, data)
        reply = transport.dot()
    except Refused as refused:
        raise TrialRefused(to, refused.reply.code, clean_words(refused.reply.text)) from refused
    except AnswerLost as lost:
        raise TrialRefused(to, 0, "") from lost
    if reply.code // 100 != 2:
        raise TrialRefused(to, reply.code, clean_words(reply.text))
    return reply
