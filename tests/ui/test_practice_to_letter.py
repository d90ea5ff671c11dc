"""What « Mon cabinet » says is what leaves: authority, certificate, PDF, letterhead, through the whole window."""

import email
import email.policy
import io
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from pypdf import PageObject, PdfReader
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from app.core.practice import Signatory
from app.core.steps import Step
from app.ui.desk import Desk
from app.ui.main_window import MainWindow
from app.ui.practice_dialogs import AskCertificatePassword, AuthorityDialog
from app.ui.steps.review import ReviewPage
from tests.doors.test_mail_smime import ADDRESS, p12, verify
from tests.support.ready_campaign import few_people
from tests.support.smtp_server import ScriptedServer
from tests.ui.conftest import MakeCampaign, ReadyFileChooser, press, settle, type_text
from tests.ui.practice_tools import TABS, accept, dialog_of

PASSWORD = "un mot de passe d'essai"
NOTICE = "This letter is about your personal data."


def test_a_trial_letter_leaves_signed_with_its_pdf_by_the_added_authority(
    qtbot: QtBot,
    desk: Desk,
    files: ReadyFileChooser,
    make_campaign: MakeCampaign,
    tmp_path: Path,
) -> None:
    with ScriptedServer(wants_login=True) as server:
        account = server.account(tmp_path, ca_file="", address=ADDRESS)
        desk.settings.replace(replace(desk.settings.current, account=account))
        window = MainWindow(desk)
        qtbot.addWidget(window)
        window.resize(1366, 768)
        window.show()
        window.show_campaign(make_campaign(few_people()))
        window.show_practice()
        page = window.practice

        page.tabs.setCurrentIndex(TABS.index("practice"))
        page.form.signatories.moveCursor(QTextCursor.MoveOperation.End)
        type_text(page.form.signatories, "\nDr Paul Weiss, pédiatre")
        page.tabs.setCurrentIndex(TABS.index("letterhead"))
        type_text(page.letterhead.foreign_notice, NOTICE)
        press(qtbot, page.letterhead.large_print)
        page.tabs.setCurrentIndex(TABS.index("account"))
        type_text(page.account.password, PASSWORD)
        files.answer = Path(server.ca_file(tmp_path))
        press(qtbot, page.account.server.add_authority_button)
        accept(qtbot, page, AuthorityDialog, "Ajouter cette autorité")
        page.tabs.setCurrentIndex(TABS.index("options"))
        press(qtbot, page.options.attach_pdf)
        files.answer = p12(tmp_path)
        press(qtbot, page.options.choose_certificate_button)
        type_text(dialog_of(page, AskCertificatePassword).password, "mot de passé")
        accept(qtbot, page, AskCertificatePassword, "Ouvrir le certificat")
        press(qtbot, page.back_button)

        view = window.campaign_view
        assert view is not None
        view.bring(Step.REVIEW)
        settle(qtbot, desk)
        review = view.page(Step.REVIEW)
        assert isinstance(review, ReviewPage)
        review.trial_box.to_edit.setText("moi@cabinet.example")
        review.trial_box.send()
        settle(qtbot, desk)
        assert review.message_bar.text == ""
        practice = view.campaign_file.practice()
        window.close()

    (received,) = server.received
    assert [word for _, _, word in server.logins] == [PASSWORD]
    assert verify(received.content, tmp_path).returncode == 0
    message = email.message_from_bytes(received.content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert message.get_content_type() == "multipart/signed"
    body = message.get_body(("plain",))
    assert body is not None
    for words in ("Dr Hélène Roux", "Dr Paul Weiss, pédiatre", NOTICE):
        assert words in body.get_content()
    (attached,) = [part for part in message.walk() if part.get_content_type() == "application/pdf"]
    pages = PdfReader(io.BytesIO(attached.get_content())).pages
    printed = " ".join("".join(each.extract_text() for each in pages).split())
    for words in ("Dr Hélène Roux", "Dr Paul Weiss", "pédiatre", NOTICE):
        assert words in printed
    assert 16 in {round(size) for size in sizes(pages[0])}
    assert Signatory("Dr Paul Weiss", "pédiatre") in practice.signatories


def sizes(page: PageObject) -> list[float]:
    """Sizes of the characters of a page, in points."""
    found: list[float] = []

    def visit(text: str, matrix: Any, _text_matrix: Any, _font: Any, size: float) -> None:
        if text.strip():
            found.append(abs(size * matrix[3]))

    page.extract_text(visitor_text=visit)
    return found
