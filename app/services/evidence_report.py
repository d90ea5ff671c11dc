"""The dossier as a report: who, what, when, how many, by which channel, and what about the rest."""

from collections.abc import Iterable
from datetime import datetime

from app.core.campaign import DeliveryStatus
from app.core.incident import CnilStatus, ComplaintStatus
from app.core.register import RegisterEntry
from app.paper.report import Report
from app.services.evidence_figures import Figures
from app.services.evidence_tables import (
    add_activity,
    add_calls,
    add_controls,
    add_failures,
    add_not_written,
    add_run,
)
from app.services.evidence_text import WAITING, notification_text
from app.services.register import one_line, remarks
from app.wording import dossier, labels
from app.wording.french import NBSP, PARIS, count, date_long, date_short, date_time, number, phone

_S = DeliveryStatus
_WITH_NAMES = (
    "Version avec les noms\u00a0: lettres.csv nomme chaque patient, et les motifs notés par le cabinet figurent "
    "ici. À garder comme un dossier médical."
)
_WITHOUT_NAMES = (
    "Version sans noms\u00a0: chaque patient n’apparaît que par son numéro de ligne dans la liste du cabinet et le "
    "code de sa lettre."
)


def dossier_report(
    counted: Figures,
    entry: RegisterEntry,
    specimens: Iterable[tuple[str, str, str]],
    files: Iterable[tuple[str, str]],
    *,
    with_names: bool = False,
) -> Report:
    """The whole dossier. ``specimens``: (title, subject, text) per variant; ``files``: (name, what it is)."""
    name = counted.practice.name or "Cabinet"
    report = Report(
        title=f"Dossier d’information des personnes{NBSP}: {counted.campaign.name}",
        author=name,
        footer=f"{name} · dossier du {date_short(counted.made_at.astimezone(PARIS).date())}",
    )
    report.heading("Information des personnes après une violation de données", 1)
    report.text(counted.campaign.name)
    _summary(report, counted)
    report.text(_WITH_NAMES if with_names else _WITHOUT_NAMES)
    _who(report, counted)
    _incident(report, counted)
    _timeline(report, counted)
    add_controls(report, counted.controls)
    for run in counted.runs:
        add_run(report, run)
    add_activity(report, counted.activity)
    add_failures(report, counted)
    add_not_written(report, counted)
    add_calls(report, counted)
    _texts(report, specimens)
    report.heading("Inscription au registre")
    report.facts(one_line(counted, entry))
    report.heading("Pour une notification complémentaire")
    report.text("Texte prêt à copier dans le formulaire de la CNIL.")
    report.quote(notification_text(counted).splitlines())
    _proof(report, counted, files)
    return report


def _summary(report: Report, counted: Figures) -> None:
    if counted.campaign.is_sample:
        report.note(
            "Exemple. Les patients de ce dossier sont inventés et aucune lettre n’a quitté l’ordinateur."
        )
    first = counted.first_run
    doubles = counted.people - counted.concerned
    parts = [f"{count(counted.concerned, 'personne concernée', 'personnes concernées')}."]
    if first is not None:
        balance = first.balance
        told = count(counted.informed, "lettre partie", "lettres parties")
        parts.append(
            f"{told} et non revenues à ce jour."
            if counted.informed > 1
            else f"{told} et non revenue à ce jour."
        )
        rest = (
            (balance.count(*WAITING) + balance.not_planned, "à faire partir"),
            (balance.count(_S.REJECTED, _S.BOUNCED, _S.RETURNED), "en échec, à reprendre"),
            (balance.count(_S.UNCERTAIN), "au sort incertain"),
            (balance.count(_S.EXCLUDED) - doubles, "sans lettre, avec une raison notée"),
        )
        parts += [f"{number(many)} {words}." for many, words in rest if many]
        if doubles:
            lines = count(doubles, "ligne en double écartée", "lignes en double écartées")
            parts.append(f"{lines} de la liste.")
        exact = "exact" if balance.is_exact() else "inexact"
        parts.append(f"Le compte est {exact}{NBSP}: chaque personne figure une fois.")
    else:
        parts.append("Aucune lettre n’a été préparée.")
    report.note(" ".join(parts))
    report.text(
        f"Situation au {date_time(counted.made_at)}. «{NBSP}Acceptée par le serveur{NBSP}» veut dire que le "
        "serveur de messagerie a pris le courriel en charge, pas que la personne l’a lu. Une lettre «"
        f"{NBSP}postée{NBSP}» l’a été au jour indiqué par le cabinet."
    )


def _who(report: Report, counted: Figures) -> None:
    practice = counted.practice
    report.heading("Qui écrit")
    report.facts(
        (
            ("Cabinet ou établissement", practice.name),
            ("Responsable de traitement", practice.controller),
            (
                "Adresse",
                ", ".join(
                    part
                    for part in (practice.street, f"{practice.postcode} {practice.city}".strip())
                    if part
                ),
            ),
            ("Téléphone", phone(practice.phone)),
            ("Contact pour les personnes", practice.contact),
            (
                "Signataires",
                ", ".join(
                    " ".join(filter(None, (one.name, f"({one.role})" if one.role else "")))
                    for one in practice.signatories
                ),
            ),
        )
    )


def _incident(report: Report, counted: Figures) -> None:
    incident = counted.incident
    report.heading("Ce qui s’est passé")
    complaint = labels.COMPLAINT[incident.complaint_status]
    if incident.complaint_status is ComplaintStatus.FILED and incident.complaint_on:
        complaint += f" le {date_long(incident.complaint_on)}"
    report.facts(
        (
            ("Violation", dossier.CERTAINTY[incident.certainty]),
            ("Incident", dossier.when(incident)),
            ("Découvert le", date_long(incident.discovered_on) if incident.discovered_on else ""),
            (
                "Prestataire",
                ", ".join(part for part in (incident.vendor, incident.software) if part),
            ),
            (
                "Informé par lui le",
                date_long(incident.vendor_told_on) if incident.vendor_told_on else "",
            ),
            ("Plainte", complaint),
        )
    )
    report.heading("Données concernées", 3)
    report.items([*(dossier.CATEGORY[one] for one in incident.categories), *remarks(counted)])
    if incident.excluded_categories:
        report.heading("Données non concernées", 3)
        report.items([dossier.CATEGORY[category] for category in incident.excluded_categories])
    if incident.measures_taken or incident.measures_planned:
        report.heading("Mesures", 3)
        report.items(
            [
                *incident.measures_taken,
                *(f"Prévu{NBSP}: {each}" for each in incident.measures_planned),
            ]
        )


def _timeline(report: Report, counted: Figures) -> None:
    incident = counted.incident
    moments: list[tuple[str, str, str]] = []
    if incident.happened_on:
        moments.append(
            (incident.happened_on.isoformat(), date_long(incident.happened_on), "Incident")
        )
    if incident.vendor_told_on:
        day = incident.vendor_told_on
        moments.append((day.isoformat(), date_long(day), "Information par le prestataire"))
    if incident.discovered_on:
        moments.append(
            (incident.discovered_on.isoformat(), date_long(incident.discovered_on), "Découverte")
        )
    deadline = incident.notification_deadline()
    if incident.aware_at and deadline:
        moments.append(
            (_sortable(incident.aware_at), date_time(incident.aware_at), "Prise de connaissance")
        )
        moments.append(
            (
                _sortable(deadline),
                date_time(deadline),
                f"Fin du délai de 72{NBSP}heures (article 33(1))",
            )
        )
    if incident.cnil_on and incident.cnil_status is not CnilStatus.NOT_YET:
        reference = f", numéro {incident.cnil_reference}" if incident.cnil_reference else ""
        moments.append(
            (
                incident.cnil_on.isoformat(),
                date_long(incident.cnil_on),
                f"Notification à la CNIL{reference}",
            )
        )
    for run in counted.runs:
        which = "lettre" if run.run == 1 else f"lettre de l’envoi {run.run}"
        if run.frozen:
            moments.append(
                (
                    _sortable(run.frozen.frozen_at),
                    date_time(run.frozen.frozen_at),
                    f"Contenu de la {which} fixé",
                )
            )
        if run.first_left and run.last_left:
            moments.append(
                (_sortable(run.first_left), date_time(run.first_left), f"Première {which} partie")
            )
            moments.append(
                (
                    _sortable(run.last_left),
                    date_time(run.last_left),
                    f"Dernière {which} partie à ce jour",
                )
            )
    for posting in counted.postings:
        what = count(posting.letters, "lettre postée", "lettres postées")
        day = posting.on
        moments.append((day.isoformat(), date_long(day), f"{what} (date indiquée par le cabinet)"))
    for moment, what in ((counted.closed_at, "Envoi clos"), (counted.purged_at, "Noms effacés")):
        if moment:
            moments.append((_sortable(moment), date_time(moment), what))
    report.heading("Quand")
    report.text(dossier.seventy_two_hours(incident))
    report.table(
        ("Date", "Étape"),
        [moment[1:] for moment in sorted(moments)],
        widths=(2, 3),
        caption="Chronologie, heure de Paris",
    )


def _sortable(moment: datetime) -> str:
    return moment.astimezone(PARIS).isoformat()


def _texts(report: Report, specimens: Iterable[tuple[str, str, str]]) -> None:
    for title, subject, text in specimens:
        report.heading(f"Texte exact{NBSP}: {title}")
        report.text(f"Destinataire inventé. Objet{NBSP}: {subject}")
        report.quote(text.splitlines())


def _proof(report: Report, counted: Figures, files: Iterable[tuple[str, str]]) -> None:
    report.heading("Preuves et vérification")
    report.text(
        "Chaque étape a été inscrite au moment où elle a eu lieu dans un journal dont les lignes "
        f"sont liées entre elles{NBSP}: modifier, retirer ou ajouter une ligne change l’empreinte "
        "finale. Elle figure ici pour qu’un tiers puisse la comparer.",
        f"{count(counted.chain_events, 'ligne')} au journal. Empreinte de la dernière (SHA-256){NBSP}:",
    )
    report.code(counted.chain_head or "journal vide")
    rows = [(dossier.event_label(kind), number(many)) for kind, many in counted.events.items()]
    report.table(("Lignes du journal", "Nombre"), rows, widths=(5, 1), right=(1,))
    lists = [(date_time(one.imported_at), one.sha256) for one in counted.imports]
    if lists:
        report.table(("Liste lue le", "Empreinte du fichier (SHA-256)"), lists, widths=(1.6, 4))
    for run in counted.runs:
        if run.frozen is not None:
            which = f" {run.run}" if len(counted.runs) > 1 else ""
            report.text(
                f"Empreinte de la liste telle qu’elle était au départ de l’envoi{which}{NBSP}:"
            )
            report.code(run.frozen.list_sha256)
    report.table(
        ("Fichier joint", "Contenu"),
        list(files),
        widths=(2, 4),
        caption="Fichiers de ce dossier, vérifiables par SHA256SUMS",
    )
