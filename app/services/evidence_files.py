"""Files of the dossier beside its PDF: letters, journal, JSON, instructions for a third party."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.core.campaign import Delivery, DeliveryStatus
from app.core.channels import plan_channel
from app.core.plain_data import to_plain
from app.core.practice import Practice
from app.core.recipient import Recipient
from app.core.register import RegisterEntry
from app.core.replies import reason_of
from app.services.evidence_figures import Figures, RunFigures
from app.spreadsheet.writing import write_table
from app.storage.campaign_file import CampaignFile
from app.wording import labels
from app.wording.french import NBSP, PARIS
from app.wording.refusals import reason_label

SUMS = "SHA256SUMS"
_BLOCK = 1 << 20
_HEADERS = (
    "Ligne",
    "Code",
    "Envoi",
    "Modèle",
    "Moyen",
    "État",
    "Date et heure",
    "Réponse",
    "Cause",
    "Message-ID",
    "SHA-256",
    "Raison de ne pas écrire",
)
_NAME_HEADERS = ("Nom", "Prénom", "Courriel ou adresse", "Précision")


def write_letters(path: Path, campaign_file: CampaignFile, *, with_names: bool) -> int:
    """One line per letter; how many."""
    headers = (*_HEADERS, *_NAME_HEADERS) if with_names else _HEADERS

    def rows() -> Iterator[tuple[str, ...]]:
        for letter, person in campaign_file.deliveries_with_recipients():
            yield _letter_row(letter, person) + (_names(letter, person) if with_names else ())

    return write_table(path, headers, rows())


def _letter_row(letter: Delivery, person: Recipient) -> tuple[str, ...]:
    reply = letter.reply
    changed = letter.changed_at
    why = None
    if letter.status is DeliveryStatus.EXCLUDED:
        why = person.excluded or plan_channel(person).reason
    cause = reason_of(reply) if reply is not None and reply.code // 100 != 2 else None
    return (
        str(person.row),
        letter.code,
        str(letter.run),
        letter.template_id,
        labels.CHANNEL[letter.channel],
        labels.STATUS[letter.status],
        "" if changed is None else changed.astimezone(PARIS).strftime("%Y-%m-%d %H:%M:%S"),
        "" if reply is None else f"{reply.code} {reply.enhanced}".strip(),
        "" if cause is None else reason_label(cause),
        letter.message_id,
        letter.sha256,
        "" if why is None else labels.EXCLUSION[why],
    )


def _names(letter: Delivery, person: Recipient) -> tuple[str, ...]:
    where = person.address
    postal = ", ".join(
        part
        for part in (
            where.complement,
            where.building,
            where.street,
            where.locality,
            f"{where.postcode} {where.city}",
            where.country,
        )
        if part.strip()
    )
    where_to = person.email if letter.message_id else postal
    return (person.last_name, person.first_name, where_to, person.exclusion_note)


def write_journal(path: Path, campaign_file: CampaignFile) -> int:
    """The journal, one JSON line per event; how many."""
    written = 0
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for line in campaign_file.journal_lines():
            stream.write(line + "\n")
            written += 1
    return written


def as_json(counted: Figures, entry: RegisterEntry) -> dict[str, Any]:
    """The figures for machines; see docs/dossier.schema.json."""
    activity = counted.activity
    return {
        "format": "avis34-dossier",
        "version": 1,
        "made_at": counted.made_at.isoformat(),
        "campaign": to_plain(counted.campaign),
        "practice": _without_images(counted.practice),
        "incident": to_plain(counted.incident),
        "register": to_plain(entry),
        "people": counted.people,
        "informed": counted.informed,
        "runs": [_run(run) for run in counted.runs],
        "undelivered": [to_plain(one) for one in counted.undelivered],
        "exclusions": {reason.value: many for reason, many in counted.exclusions.items()},
        "decisions": [
            {"at": one.at.isoformat(), "ground": one.ground.value, "people": one.people}
            for one in counted.decisions
        ],
        "controls": {
            "letters_read": counted.controls.letters_read,
            "trial_letters": [at.isoformat() for at in counted.controls.trial_letters],
            "second_readings": [
                {"at": at.isoformat(), "by": by} for at, by in counted.controls.second_readings
            ],
            "confirmations": [
                {"at": at.isoformat(), "letters": letters}
                for at, letters in counted.controls.confirmations
            ],
            "accepted_warnings": [
                {
                    "at": one.at.isoformat(),
                    "code": one.code,
                    "what": one.what,
                    "letters": one.letters,
                    "by": one.by,
                    "reason": one.reason,
                }
                for one in counted.controls.accepted
            ],
        },
        "activity": {
            "step": "hour" if activity.hourly else "day",
            "starts": [start.isoformat() for start in activity.starts],
            "by_channel": {
                channel.value: list(values) for channel, values in activity.by_channel.items()
            },
        },
        "imports": [
            {
                "imported_at": one.imported_at.isoformat(),
                "sha256": one.sha256,
                "counts": dict(one.counts or {}),
            }
            for one in counted.imports
        ],
        "events": dict(counted.events),
        "calls": dict(counted.calls),
        "postings": [
            {"on": one.on.isoformat(), "letters": one.letters} for one in counted.postings
        ],
        "chain": {"events": counted.chain_events, "head": counted.chain_head},
        "closed_at": _instant(counted.closed_at),
        "purged_at": _instant(counted.purged_at),
    }


def _instant(moment: Any) -> str | None:
    return None if moment is None else str(moment.isoformat())


def _without_images(practice: Practice) -> Mapping[str, Any]:
    plain = to_plain(replace(practice, logo=b"", signature_image=b""))
    return plain if isinstance(plain, dict) else {}


def _run(run: RunFigures) -> dict[str, Any]:
    frozen = run.frozen
    return {
        "run": run.run,
        "frozen_at": None if frozen is None else frozen.frozen_at.isoformat(),
        "list_sha256": "" if frozen is None else frozen.list_sha256,
        "templates_sha256": {}
        if frozen is None
        else {
            name: hashlib.sha256(text.encode()).hexdigest()
            for name, (_, text) in frozen.templates.items()
        },
        "letters": [
            {"channel": channel.value, "status": status.value, "count": many}
            for (channel, status), many in sorted(run.counts.items())
        ],
        "balance": {
            "total": run.balance.total,
            "not_planned": run.balance.not_planned,
            "by_status": {status.value: many for status, many in run.balance.by_status.items()},
        },
        "first_left": _instant(run.first_left),
        "last_left": _instant(run.last_left),
    }


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """UTF-8, indented, keys in order of writing."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def write_sums(folder: Path) -> Path:
    """``SHA256SUMS`` over all files of the folder, as ``sha256sum -c`` reads it."""
    sums = folder / SUMS
    files = sorted(item for item in folder.rglob("*") if item.is_file() and item != sums)
    lines = [f"{file_sha256(item)}  {item.relative_to(folder).as_posix()}\n" for item in files]
    sums.write_text("".join(lines), encoding="utf-8", newline="\n")
    return sums


def wrong_sums(folder: Path) -> list[str]:
    """Names in ``SHA256SUMS`` whose file is absent or altered; empty when all agree.

    Raises:
        OSError, ValueError: no readable ``SHA256SUMS``.
    """
    wrong = []
    for line in (folder / SUMS).read_text(encoding="utf-8").splitlines():
        digest, separator, name = line.partition("  ")
        if not separator or len(digest) != 64:
            raise ValueError("not a line of sums")
        file = folder / name
        if not file.is_file() or file_sha256(file) != digest:
            wrong.append(name)
    return wrong


def instructions(counted: Figures, *, with_names: bool) -> str:
    """LISEZ-MOI.txt: how a third party checks the dossier, without our program."""
    names = (
        "Attention : lettres.csv contient les noms et adresses des patients. "
        "Gardez ce dossier comme un dossier médical."
        if with_names
        else "Ce dossier ne contient aucun nom de patient : seulement des numéros de ligne et des codes de lettre."
    )
    return (
        f"""DOSSIER D’INFORMATION DES PERSONNES : {counted.campaign.name}

{names}

Lire : dossier-cnil.pdf. Le reste est joint pour vérification.

Vérifier les fichiers
  sha256sum -c SHA256SUMS          (Linux ; macOS : shasum -a 256 -c SHA256SUMS)
  ou : avis34 controler DOSSIER    (refait aussi le calcul du journal)

Vérifier le journal (journal.jsonl)
  Une ligne par événement, en JSON. L’empreinte « hash » d’une ligne est le SHA-256 des 32 octets de
  l’empreinte précédente, suivis du texte UTF-8
    {{"at":A,"facts":F,"kind":"K","letter":L,"private":"P","seq":N}}
  où A est l’instant en microsecondes depuis 1970 (UTC), F les faits en JSON, clés triées et sans espace,
  L le numéro interne de la lettre (0 si aucune), P l’empreinte salée de ce qui nomme un patient (vide si rien).
  Avant la première ligne, l’empreinte est le SHA-256 de « avis34 journal » suivi d’une espace et de
  l’identifiant de l’envoi : {counted.campaign.id}
  Empreinte de la dernière ligne ({counted.chain_events}) :
    {counted.chain_head}

Ce qui n’est pas prouvé
  L’heure est celle de l’ordinateur du cabinet. « Acceptée par le serveur » ne dit pas que la personne a lu.
  Les dates de dépôt à la poste sont celles que le cabinet a indiquées.
""".replace(" :", f"{NBSP}:")
        .replace(" ;", "\u202f;")
        .replace("« ", f"«{NBSP}")
        .replace(" »", f"{NBSP}»")
    )
