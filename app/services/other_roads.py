"""Roads that are not ours: .eml files for another mail tool, the list for the practice's own MSSanté software."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.core.campaign import Channel, DeliveryStatus
from app.core.clock import Clock, SystemClock
from app.core.errors.files import FileNotWritten
from app.core.errors.mail import AddressNotSendable
from app.core.mail_account import MailAccount
from app.mail.message import MessageBuilder, Sender, forget_lines
from app.services.clear_exports import ExportKind, note_export
from app.services.control import Control
from app.services.refused_rows import write_refused_rows
from app.services.sending import RendererFactory
from app.services.sent_elsewhere import remember_written
from app.spreadsheet import write_table
from app.storage.campaign_file import CampaignFile

_S = DeliveryStatus
_WAITING = (_S.PENDING, _S.DEFERRED)
#: Mon espace santé mailbox of a patient: the INS, then this domain
_MSS_DOMAIN = "patient.mssante.fr"
_INS = re.compile(r"[1-478]\d{5}[0-9AB]\d{6}(?:\d{2})?")  # NIR, with or without its key
MSS_HEADERS = ("Adresse MSSanté", "Nom", "Prénom", "Objet", "Texte", "Code de la lettre")
_STEP = 25


@dataclass(frozen=True, slots=True)
class ExportProgress:
    """So many letters written of ``total``."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Exported:
    """The end: where, how many, and how many had to be left out."""

    path: Path
    written: int
    left_out: int = 0


def write_eml_files(
    campaign_file: CampaignFile,
    folder: Path,
    account: MailAccount,
    renderer_for: RendererFactory,
    control: Control,
    *,
    practice_name: str = "",
    run: int = 1,
    clock: Clock | None = None,
) -> Iterator[ExportProgress | Exported]:
    """One .eml per letter still to send; X-Unsent lets mail programs open them as drafts. Moves no letter.

    The files name patients: they lie where the user chose, in clear, and the journal says so.

    Raises:
        FileNotWritten: disk full, place refused; what was written before is noted.
    """
    now = (clock or SystemClock()).now()
    builder = MessageBuilder(Sender(account.address, practice_name or account.display_name))
    renderer = renderer_for(campaign_file)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileNotWritten(folder.name, error.strerror or "") from error
    counts = campaign_file.delivery_counts(run)
    total = sum(counts.get((Channel.EMAIL, status), 0) for status in _WAITING)
    written, left_out = set[int](), 0
    pairs = campaign_file.deliveries_with_recipients(*_WAITING, channel=Channel.EMAIL, run=run)
    for delivery, person in pairs:
        if not control.wait():
            break  # what is written stays, and is noted below
        letter = renderer.render(person, delivery.code, Channel.EMAIL)
        try:
            data = builder.build(
                to=person.email,
                subject=letter.subject,
                text=letter.text,
                html=letter.html,
                message_id=delivery.message_id,
                code=delivery.code,
                date=now,
            )
        except AddressNotSendable:
            left_out += 1
            continue
        file = folder / f"{delivery.code}.eml"
        try:
            file.write_bytes(b"X-Unsent: 1\r\n" + data)
        except OSError as error:
            _note_eml(campaign_file, folder, written, clock)
            raise FileNotWritten(file.name, error.strerror or "") from error
        written.add(delivery.id)
        if len(written) % _STEP == 0:
            yield ExportProgress(len(written), total)
    _note_eml(campaign_file, folder, written, clock)
    yield Exported(folder, len(written), left_out)


def _note_eml(
    campaign_file: CampaignFile, folder: Path, written: set[int], clock: Clock | None
) -> None:
    forget_lines()  # encoded lines hold names
    remember_written(campaign_file, written)
    note_export(campaign_file, folder, ExportKind.EML, len(written), clock)


def mss_address(ins: str) -> str:
    """« INS@patient.mssante.fr », empty when ``ins`` is not one."""
    compact = re.sub(r"\s", "", ins).upper()
    return f"{compact}@{_MSS_DOMAIN}" if _INS.fullmatch(compact) else ""


def write_mss_list(
    campaign_file: CampaignFile,
    path: Path,
    renderer_for: RendererFactory,
    control: Control,
    *,
    run: int = 1,
    clock: Clock | None = None,
) -> Iterator[ExportProgress | Exported]:
    """The patients whose INS is known, with their letter's text, as a table. Moves no letter.

    Only the practice may begin the exchange, from its own MSSanté software.
    """
    renderer = renderer_for(campaign_file)
    rows: list[tuple[str, ...]] = []
    left_out = 0
    for delivery, person in campaign_file.deliveries_with_recipients(
        _S.PENDING, _S.DEFERRED, _S.REJECTED, _S.BOUNCED, run=run
    ):
        if not control.wait():
            return
        address = mss_address(person.ins)
        if not address:
            left_out += 1
            continue
        letter = renderer.render(person, delivery.code, Channel.EMAIL)
        names = (person.last_name, person.first_name)
        rows.append((address, *names, letter.subject, letter.text, delivery.code))
        if len(rows) % _STEP == 0:
            yield ExportProgress(len(rows), len(rows) + left_out)
    write_table(path, MSS_HEADERS, rows)
    note_export(campaign_file, path, ExportKind.MSS, len(rows), clock)
    yield Exported(path, len(rows), left_out)


def write_refused_list(
    campaign_file: CampaignFile, path: Path, *, run: int = 1, clock: Clock | None = None
) -> Iterator[Exported]:
    """The people whose e-mail failed, in the list's own columns with the reason (``refused_rows``).

    Raises:
        FileNotWritten
    """
    written = write_refused_rows(campaign_file, path, run=run)
    note_export(campaign_file, path, ExportKind.REFUSED, written, clock)
    yield Exported(path, written)
