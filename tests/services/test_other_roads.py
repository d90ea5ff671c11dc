"""Letters handed to other programs."""

import csv
import email
import email.policy
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.campaign import DeliveryStatus, Reply
from app.core.errors.files import FileNotWritten
from app.core.errors.storage import CampaignClosed, CampaignDoubtful
from app.core.mail_account import MailAccount
from app.core.recipient import ROWS_PER_LIST
from app.services.clear_exports import ExportKind, delete_export, exports_left
from app.services.control import Control
from app.services.other_roads import (
    Exported,
    mss_address,
    write_eml_files,
    write_mss_list,
    write_refused_list,
)
from app.services.refused_rows import write_refused_rows
from app.services.sending import SendingRun, smtp_transports
from app.storage.campaign_file import CLOSED_SETTING
from app.storage.documents import ImportRecord
from tests.support.campaigns import NOW, FixedClock, make_campaign
from tests.support.sending import plain_renderer

ACCOUNT = MailAccount("contact@cabinet-exemple.fr", "smtp.cabinet-exemple.fr", 465)


def test_one_file_per_letter_and_nobody_moves(tmp_path: Path) -> None:
    with make_campaign(tmp_path, 30, letters=True) as file:
        file.update_recipient(replace(file.recipient(4), email="a@b@c"))
        *_, end = write_eml_files(
            file, tmp_path / "eml", ACCOUNT, plain_renderer, Control(), clock=FixedClock()
        )
        assert end == Exported(tmp_path / "eml", 29, 1)
        assert {letter.status for letter in file.deliveries()} == {DeliveryStatus.PENDING}
        expected = {
            letter.code: file.recipient(letter.recipient_id) for letter in file.deliveries()
        }
    files = list((tmp_path / "eml").iterdir())
    assert len(files) == 29
    for one in files:
        message = email.message_from_bytes(one.read_bytes(), policy=email.policy.default)
        person = expected[one.stem]
        assert message.get_all("To") == [person.email]
        assert message["X-Unsent"] == "1"
        body = message.get_body(("plain",))
        assert body is not None
        assert person.last_name in body.get_content()


def test_the_list_for_the_mssante_software(tmp_path: Path) -> None:
    path = tmp_path / "mss.csv"
    with make_campaign(tmp_path, 3, letters=True) as file:
        file.update_recipient(replace(file.recipient(2), ins="2 50 01 2A 123 456 78"))
        *_, end = write_mss_list(file, path, plain_renderer, Control(), clock=FixedClock())
        name = file.recipient(2).last_name
    assert end == Exported(path, 1, 2)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        header, row = csv.reader(stream, delimiter=";")
    assert header[0] == "Adresse MSSanté"
    assert row[0].startswith("250012A12345678@patient.mssante.fr")
    assert row[1] == name


@pytest.mark.parametrize(
    "wrong", ["", "123", "x50012A12345678", "950012A12345678", "250012A1234567"]
)
def test_what_is_no_ins_gets_no_address(wrong: str) -> None:
    assert mss_address(wrong) == ""


def test_the_refused_rows_are_written_with_their_reason(tmp_path: Path) -> None:
    path = tmp_path / "refus.csv"
    with make_campaign(tmp_path, 3, letters=True) as file:
        file.claim_next(NOW)
        reply = Reply(552, "Boite du destinataire pleine", "5.1.1")
        file.move(1, DeliveryStatus.REJECTED, now=NOW, reply=reply)
        assert write_refused_rows(file, path) == 1
    with path.open(encoding="utf-8-sig", newline="") as stream:
        header, row = csv.reader(stream, delimiter=";")
    told = dict(zip(header, row, strict=True))
    assert told["Ligne"] == "2"
    assert told["Motif"] == "boîte pleine"
    assert told["État de la lettre"] == "Refusée"
    assert told["Réponse du serveur"] == "552 5.1.1 Boite du destinataire pleine"


def test_the_refused_rows_keep_the_columns_of_each_list(tmp_path: Path) -> None:
    path = tmp_path / "refus.csv"
    first = {"NOM": "last_name", "NIR": "", "MAIL": "email", "DOSSIER": "category:annotations"}
    second = {"Mel": "email", "Tel": "phone (demandé)", "CP Ville": "postcode_city"}
    with make_campaign(tmp_path, 2, letters=True) as file:
        for number, mapping in enumerate((first, second), start=1):
            file.save_import(ImportRecord(NOW, f"liste{number}.csv", "00", mapping=mapping))
        file.update_recipient(replace(file.recipient(2), row=ROWS_PER_LIST + 7))
        for number in (1, 2):
            file.claim_next(NOW)
            file.move(number, DeliveryStatus.REJECTED, now=NOW, reply=Reply(550, "no", "5.1.1"))
        assert write_refused_rows(file, path) == 2
        people = [file.recipient(1), file.recipient(2)]
    with path.open(encoding="utf-8-sig", newline="") as stream:
        header, one, two = csv.reader(stream, delimiter=";")
    assert header == [
        "Ligne", "NOM", "MAIL", "Mel", "Tel", "CP Ville",
        "État de la lettre", "Motif", "Réponse du serveur",
    ]  # fmt: skip
    assert one[:6] == ["2", people[0].last_name, people[0].email, "", "", ""]
    assert two[:6] == [
        "7 (2e liste)", "", "", people[1].email, people[1].phone, "90000 Belfort",
    ]  # fmt: skip
    assert one[7] == "adresse inconnue"


def test_what_lies_in_clear_is_listed_and_deleted_on_demand(tmp_path: Path) -> None:
    folder, table = tmp_path / "eml", tmp_path / "refus.csv"
    with make_campaign(tmp_path, 3, letters=True) as file:
        list(write_eml_files(file, folder, ACCOUNT, plain_renderer, Control(), clock=FixedClock()))
        list(write_refused_list(file, table, clock=FixedClock()))
        list(write_refused_list(file, table, clock=FixedClock()))
        (folder / "notes du cabinet.eml").write_text("à moi")
        left = exports_left(file)
        assert [(each.path, each.kind, each.letters) for each in left] == [
            (folder, ExportKind.EML, 3),
            (table, ExportKind.REFUSED, 0),
        ]
        for each in left:
            delete_export(file, each, FixedClock())
        assert exports_left(file) == []
        facts = [(event.kind, dict(event.facts)) for event in file.events()]
    assert [path.name for path in folder.iterdir()] == ["notes du cabinet.eml"]
    assert not table.exists()
    assert ("exported_eml", {"count": 3}) in facts
    assert ("export_deleted", {"kind": "eml", "count": 3}) in facts


def test_a_place_that_refuses_is_said(tmp_path: Path) -> None:
    (tmp_path / "pris").write_text("un fichier")
    with make_campaign(tmp_path, 1, letters=True) as file, pytest.raises(FileNotWritten):
        list(write_eml_files(file, tmp_path / "pris", ACCOUNT, plain_renderer, Control()))


@pytest.mark.parametrize("setting", ["closed", "doubtful"])
def test_nothing_leaves_a_closed_campaign(setting: str, tmp_path: Path) -> None:
    with make_campaign(tmp_path, 2, letters=True) as file:
        if setting == "doubtful":
            file._shared.doubts = ("other_copy",)
        else:
            file.set_setting(CLOSED_SETTING, NOW.isoformat())
        run = SendingRun(file, smtp_transports(ACCOUNT), plain_renderer, ACCOUNT)
        with pytest.raises((CampaignClosed, CampaignDoubtful)):
            list(run.run(Control()))
        assert {letter.status for letter in file.deliveries()} == {DeliveryStatus.PENDING}
