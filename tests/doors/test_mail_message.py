"""The bytes of a letter, read back by the standard parsers."""

import email
import email.policy
from datetime import UTC, datetime
from email.header import decode_header, make_header
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import BugError
from app.core.errors.mail import AddressNotSendable
from app.mail.addresses import Envelope, travelling_address
from app.mail.message import Attachment, MessageBuilder, Sender, build_message

DATE = datetime(2026, 1, 26, 9, 4, tzinfo=UTC)
NAME = "Cabinet du Dr Éléonore Ñandú, « L’Île » : médecine générale et pédiatrie du Haut-Rhin"
SUBJECT = "Information importante du cabinet du Dr Éléonore Ñandú à propos de vos données"


def built(**changes: Any) -> bytes:
    fields: dict[str, Any] = {
        "to": "paul.durand@exemple.fr",
        "subject": SUBJECT,
        "text": "Madame,\n\n.une ligne qui commence par un point\nœuvre à 10 € " + "x" * 300 + "\n",
        "html": "<p>Madame,</p><p>été</p>",
        "message_id": "<1.42.00ff@cabinet-exemple.fr>",
        "code": "7K3M-9QXA-P",
        "date": DATE,
    }
    builder = MessageBuilder(Sender("contact@cabinet-exemple.fr", NAME))
    return builder.build(**{**fields, **changes})


def test_headers_of_a_letter() -> None:
    raw = built()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert message.get_all("To") == ["paul.durand@exemple.fr"]
    assert message["Cc"] is None
    assert message["Bcc"] is None
    assert message["List-Unsubscribe"] is None
    assert message["Precedence"] is None
    assert message["Message-ID"] == "<1.42.00ff@cabinet-exemple.fr>"
    assert message["X-Lettre-Id"] == "7K3M-9QXA-P"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert message["Content-Language"] == "fr"
    assert message["Date"].datetime == DATE
    assert not message.defects
    # compat32 gives the raw headers, which the stdlib's new parser reads with spurious spaces
    old = email.message_from_bytes(raw)
    assert str(make_header(decode_header(old["Subject"]))) == SUBJECT
    assert NAME in str(make_header(decode_header(old["From"]))).replace('"', "")
    assert old["From"].endswith("<contact@cabinet-exemple.fr>")


def test_text_and_html_survive_and_lines_are_short_ascii() -> None:
    raw = built()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert text.get_content().replace("\r\n", "\n").startswith("Madame,\n\n.une ligne")
    assert "œuvre à 10 €" in text.get_content()
    assert "<p>été</p>" in html.get_content()
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 100
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_the_same_inputs_make_the_same_bytes() -> None:
    pdf = Attachment("lettre.pdf", b"%PDF-1.7 essai")
    assert built(attachment=pdf) == built(attachment=pdf)
    assert built() != built(message_id="<1.43.00ff@cabinet-exemple.fr>")


def test_the_pdf_goes_with_the_letter() -> None:
    content = bytes(range(256)) * 40
    message = email.message_from_bytes(
        built(attachment=Attachment("lettre.pdf", content)), policy=email.policy.default
    )
    assert message.get_content_type() == "multipart/mixed"
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "lettre.pdf"
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_content() == content
    with pytest.raises(BugError):
        built(attachment=Attachment('a"\r\nBcc: x', b""))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "paul",
        "a@exemple.fr, b@exemple.fr",
        "a@exemple.fr; b@exemple.fr",
        "a@exemple.fr\r\nBcc: b@exemple.fr",
        "a@exemple.fr\nBcc: b@exemple.fr",
        "Paul <a@exemple.fr>",
        "a b@exemple.fr",
        "a@exemple..fr",
        "a@exemple.fr ",
        "a@@exemple.fr",
        '"a b"@exemple.fr',
        "a@-exemple.fr\x00",
        "a..b@exemple.fr",
        f"{'a' * 65}@exemple.fr",
    ],
)
def test_what_is_not_one_mailbox_is_refused(address: str) -> None:
    with pytest.raises(AddressNotSendable):
        built(to=address)


def test_accented_domain_travels_in_ascii() -> None:
    assert travelling_address("zoé@médecin.fr") == "zoé@xn--mdecin-bva.fr"
    assert b"\r\nTo: a@xn--mdecin-bva.fr\r\n" in built(to="a@médecin.fr")
    assert Envelope("a@exemple.fr", "zoé@exemple.fr").needs_smtputf8
    with pytest.raises(BugError):
        Envelope("a@exemple.fr", "a@médecin.fr")


@pytest.mark.parametrize("subject", ["\n", "\r", "a\nBcc: x@y.fr", "\u2028", "a\x00b"])
def test_a_line_end_in_the_subject_is_refused(subject: str) -> None:
    with pytest.raises(ValueError, match="control character"):
        built(subject=subject)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_no_value_becomes_a_header_or_a_recipient(subject: str, text: str) -> None:
    try:
        raw = built(subject=subject, text=text, html=text)
    except ValueError:
        assert "\r" in subject or "\n" in subject or not subject.isprintable()
        return
    message = email.message_from_bytes(raw)
    assert message.get_all("To") == ["paul.durand@exemple.fr"]
    assert not {"bcc", "cc", "resent-to"} & {name.lower() for name in message}
    assert len(list(message.walk())) == 3


@pytest.mark.parametrize(
    "message_id", ["1@a.fr", "<1 2@a.fr>", "<1@a.fr>\r\nBcc: x@y.fr", "<é@a.fr>"]
)
def test_identifiers_are_ours(message_id: str) -> None:
    with pytest.raises(BugError):
        built(message_id=message_id)


def test_one_message_by_itself() -> None:
    raw = build_message(
        subject="Essai",
        text="a",
        html="<p>a</p>",
        mail_from="contact@cabinet-exemple.fr",
        display_name="Cabinet",
        to="contact@cabinet-exemple.fr",
        message_id="<1@cabinet-exemple.fr>",
        code="ESSAI",
        date=DATE,
    )
    assert raw.startswith(b"From: Cabinet <contact@cabinet-exemple.fr>\r\n")
    assert "exemple" not in repr(Envelope("a@exemple.fr", "b@exemple.fr"))
