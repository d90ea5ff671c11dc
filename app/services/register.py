"""The register of all breaches, with or without letters (GDPR Art. 33(5))."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.core.clock import Clock, SystemClock
from app.core.errors import Cancelled, UserError
from app.core.incident import CnilStatus, DataCategory, Incident
from app.core.plain_data import from_plain, to_plain
from app.core.practice import Practice
from app.core.register import SENSITIVE, RegisterEntry, proposed_entry
from app.credentials import CredentialStore
from app.services.campaigns import WITHOUT_LETTERS, create_campaign, open_with_doubts
from app.services.control import Control
from app.services.evidence_figures import Figures, figures
from app.spreadsheet.writing import write_table
from app.storage.campaign_file import SUFFIX, CampaignFile
from app.wording import dossier, labels
from app.wording.french import NBSP, NNBSP, count, date_short, date_time, number

_ENTRY = "register.entry"
HEADERS = (
    "Envoi",
    "Responsable de traitement",
    "Secteur d’activité",
    "Date de l’incident",
    "Date de découverte",
    "Prise de connaissance",
    "Caractère",
    "Natures",
    "Causes",
    "Nombre de personnes",
    "Nombre exact de personnes",
    "Nombre approximatif d’enregistrements",
    "Typologie des données",
    "Données sensibles",
    "Faits",
    "Conséquences probables",
    "Mesures prises",
    "Mesures prévues",
    "Notification à la CNIL",
    "Date de notification",
    "Numéro de la notification",
    "Délai de 72 heures",
    "Information des personnes",
    "Nombre de personnes informées",
    "Moyens",
    "Motif d’absence d’information",
)
#: sector of the CNIL's open data for practices and clinics
_SECTOR = "Santé humaine et action sociale"


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One incident: its cells as ``HEADERS``, or why its campaign did not open."""

    path: Path
    name: str
    cells: tuple[str, ...]
    without_letters: bool = False
    error: UserError | None = None

    def cell(self, header: str) -> str:
        """The text under one of ``HEADERS``."""
        return self.cells[HEADERS.index(header)]


@dataclass(frozen=True, slots=True)
class RegisterExport:
    """How many incidents were written, and the campaigns that did not open (name, error)."""

    written: int
    unopened: tuple[tuple[str, UserError], ...]


def entry_of(campaign_file: CampaignFile) -> RegisterEntry:
    """What the practice wrote for its register, or a proposal from the kind of incident."""
    text = campaign_file.setting(_ENTRY)
    if text is None:
        return proposed_entry(campaign_file.incident().template_id)
    return from_plain(RegisterEntry, json.loads(text))


def save_entry(
    campaign_file: CampaignFile, entry: RegisterEntry, clock: Clock | None = None
) -> None:
    """Keep the practice's own words for the register."""
    with campaign_file.transaction():
        campaign_file.set_setting(_ENTRY, json.dumps(to_plain(entry), ensure_ascii=False))
        campaign_file.append_event("register_saved", {}, (clock or SystemClock()).now())


def note_incident_without_letters(
    path: Path,
    name: str,
    practice: Practice,
    incident: Incident,
    entry: RegisterEntry,
    credentials: CredentialStore,
    clock: Clock | None = None,
) -> str:
    """Keep an incident for the register only, encrypted like the others; its recovery code.

    Raises:
        As ``create_campaign``.
    """
    campaign_file, code = create_campaign(path, name, practice, incident, credentials, clock=clock)
    with campaign_file:
        campaign_file.set_setting(WITHOUT_LETTERS, "1")
        save_entry(campaign_file, entry, clock)
    return code


def remarks(counted: Figures) -> tuple[str, ...]:
    """The free-text remarks of a part of the people, when the incident does not name them for all."""
    if not counted.annotated or DataCategory.ANNOTATIONS in counted.incident.categories:
        return ()
    people = f"pour {count(counted.annotated, 'personne')}"
    return (f"{dossier.CATEGORY[DataCategory.ANNOTATIONS]} ({people})",)


def register_row(counted: Figures, entry: RegisterEntry) -> tuple[str, ...]:
    """One incident in the CNIL's words, cell by cell as ``HEADERS``."""
    incident = counted.incident
    people = counted.concerned or entry.people
    told = incident.cnil_status in (CnilStatus.NOTIFIED, CnilStatus.NOTIFIED_WITH_VENDOR)
    sensitive = counted.annotated > 0 or any(
        category in SENSITIVE for category in incident.categories
    )
    aware = incident.aware_at
    return (
        counted.campaign.name,
        counted.practice.controller or counted.practice.name,
        _SECTOR,
        dossier.when(incident),
        date_short(incident.discovered_on) if incident.discovered_on else "",
        date_time(aware) if aware else "",
        dossier.CERTAINTY[incident.certainty],
        _joined(dossier.NATURE[nature] for nature in entry.natures),
        dossier.CAUSE[entry.cause],
        dossier.band_label(people),
        number(people),
        number(entry.records or people),
        _joined((*(dossier.CATEGORY[one] for one in incident.categories), *remarks(counted))),
        "Oui" if sensitive else "Non",
        entry.facts,
        entry.effects,
        _joined(incident.measures_taken),
        _joined(incident.measures_planned),
        labels.CNIL[incident.cnil_status]
        + (f"{NBSP}: {entry.cnil_reason}" if entry.cnil_reason else ""),
        date_short(incident.cnil_on) if told and incident.cnil_on else "",
        incident.cnil_reference,
        dossier.seventy_two_hours(incident),
        "Oui" if counted.informed else "Non",
        number(counted.informed),
        _joined(_means(counted)),
        _ground(entry, counted),
    )


def _joined(parts: Iterable[str]) -> str:
    return f"{NNBSP}; ".join(parts)


def _means(counted: Figures) -> Iterable[str]:
    for channel in counted.activity.by_channel:
        yield labels.CHANNEL[channel].lower()


def _ground(entry: RegisterEntry, counted: Figures) -> str:
    grounds = [] if entry.ground is None else [(entry.ground, entry.ground_note)]
    grounds += [(decision.ground, "") for decision in counted.decisions]
    return _joined(
        f"{dossier.GROUND[ground]}{f' ({note})' if note else ''}" for ground, note in grounds
    )


def lines(
    paths: Sequence[Path],
    credentials: CredentialStore,
    control: Control | None = None,
    clock: Clock | None = None,
) -> Iterator[RegisterLine]:
    """One line per incident, in the order of ``paths``; samples are left out.

    A campaign that does not open has its line too, with the reason: never left out in silence.

    Raises:
        Cancelled: ``control`` was stopped.
    """
    for path in paths:
        if control is not None and not control.wait():
            raise Cancelled
        name = path.name.removesuffix(SUFFIX)
        try:
            with open_with_doubts(path, credentials, clock=clock).campaign_file as campaign_file:
                if campaign_file.campaign.is_sample:
                    continue
                counted = figures(campaign_file, (clock or SystemClock()).now())
                cells = register_row(counted, entry_of(campaign_file))
                alone = campaign_file.setting(WITHOUT_LETTERS) is not None
        except UserError as error:
            missing = f"{name} (non ouvert{NBSP}: à compléter à la main)"
            yield RegisterLine(path, name, (missing, *[""] * (len(HEADERS) - 1)), error=error)
        else:
            yield RegisterLine(path, counted.campaign.name, cells, without_letters=alone)


def export(
    paths: Sequence[Path],
    credentials: CredentialStore,
    targets: Sequence[Path],
    clock: Clock | None = None,
    control: Control | None = None,
) -> RegisterExport:
    """Write the register of these campaigns to ``targets`` (.xlsx or .csv).

    Raises:
        FileNotWritten, Cancelled.
    """
    found = list(lines(paths, credentials, control, clock))
    for target in targets:
        write_table(target, HEADERS, [line.cells for line in found])
    unopened = tuple((line.name, line.error) for line in found if line.error is not None)
    return RegisterExport(len(found) - len(unopened), unopened)


def one_line(counted: Figures, entry: RegisterEntry) -> list[tuple[str, str]]:
    """The register entry as (field, text) pairs, for the dossier."""
    return list(zip(HEADERS, register_row(counted, entry), strict=True))
