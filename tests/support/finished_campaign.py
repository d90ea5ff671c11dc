"""A campaign in which everything that can happen to a letter has happened."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from app.core.campaign import Channel, DeliveryStatus, Reply
from app.core.incident import CnilStatus, ComplaintStatus, DataCategory, Incident
from app.core.practice import Practice, Signatory
from app.core.recipient import ExclusionReason
from app.core.register import Ground
from app.services.evidence_figures import record_decision
from app.services.lettering import freeze
from app.storage.campaign_file import CampaignFile
from app.storage.documents import ImportRecord
from tests.support.campaigns import NOW, FixedClock, make_campaign, make_delivery, make_recipient

S = DeliveryStatus
PEOPLE = 60
PRACTICE = Practice(
    name="Cabinet du Dr Roux",
    street="12 rue des Lilas",
    postcode="90000",
    city="Belfort",
    phone="0384000000",
    opening_hours="du lundi au vendredi, de 9 h à 12 h",
    email="contact@cabinet.exemple.fr",
    controller="Dr Hélène Roux",
    signatories=(Signatory("Dr Hélène Roux", "médecin généraliste"),),
    contact="Dr Hélène Roux",
)
INCIDENT = Incident(
    categories=(
        DataCategory.IDENTITY,
        DataCategory.PHONE,
        DataCategory.POSTAL_ADDRESS,
        DataCategory.NIR,
    ),
    excluded_categories=(DataCategory.MEDICAL_DOCUMENTS,),
    happened_on=date(2026, 1, 12),
    discovered_on=date(2026, 1, 20),
    aware_at=datetime(2026, 1, 20, 9, 30, tzinfo=UTC),
    vendor="Logiciels Médicaux de l’Est",
    software="DossierMed",
    vendor_told_on=date(2026, 1, 20),
    measures_taken=("Les accès du prestataire ont été coupés le 21 janvier.",),
    measures_planned=("Un contrôle indépendant aura lieu.",),
    cnil_status=CnilStatus.NOTIFIED,
    cnil_on=date(2026, 1, 22),
    cnil_reference="N-2026-0001",
    complaint_status=ComplaintStatus.FILED,
    complaint_on=date(2026, 1, 21),
)


def finished_campaign(folder: Path) -> CampaignFile:
    """60 people: e-mail, paper, by hand, excluded; accepted, bounced, rejected, returned, uncertain, waiting."""
    file = make_campaign(folder)
    file.save_practice(PRACTICE, NOW)
    file.save_incident(INCIDENT, NOW)
    people = [make_recipient(number) for number in range(1, PEOPLE + 1)]
    people[58] = make_recipient(59, excluded=ExclusionReason.DUPLICATE, exclusion_note="ligne 12")
    people[59] = make_recipient(60, deceased=True)
    file.add_recipients(people)
    file.save_import(ImportRecord(NOW, "liste DURAND.xlsx", "ab" * 32, counts={"lines": 60}))
    for number in range(1, PEOPLE + 1):
        if number in (59, 60):
            letter = make_delivery(number, channel=Channel.NONE, status=S.EXCLUDED, message_id="")
        elif number > 50:
            letter = make_delivery(number, channel=Channel.HAND_OVER, message_id="")
        elif number > 35:
            letter = make_delivery(number, channel=Channel.PAPER, message_id="")
        else:
            letter = make_delivery(number)
        file.add_deliveries([letter])
    freeze(file, clock=FixedClock())
    _send(file)
    _print(file)
    for number in range(51, 57):
        file.move(number, S.HANDED_OVER, now=NOW + timedelta(days=5))
    note = "Mme DURAND, rencontrée le 28 janvier"
    record_decision(file, Ground.DISPROPORTIONATE, 3, note, NOW + timedelta(days=4))
    return file


def _send(file: CampaignFile) -> None:
    for number in range(1, 34):
        moment = NOW + timedelta(days=number // 10, minutes=number)
        claimed = file.claim_next(moment)
        assert claimed is not None
        key = claimed[0].id
        file.move(
            key, S.DOT, now=moment, sha256="cd" * 32, account="smtp:contact@cabinet.exemple.fr"
        )
        if number == 30:
            file.move(key, S.UNCERTAIN, now=moment)
        elif number in (31, 32):
            said = Reply(550, f"<patient{key}@exemple.fr>: user unknown", "5.1.1")
            file.move(key, S.REJECTED, now=moment, reply=said)
        else:
            file.move(key, S.ACCEPTED, now=moment, reply=Reply(250, "queued as 4Xz", "2.0.0"))
    later = NOW + timedelta(days=4)
    file.move(
        5, S.BOUNCED, now=later, reply=Reply(552, "mailbox full patient5@exemple.fr", "5.2.2")
    )
    for key in (5, 31):
        file.move(key, S.REPLACED, now=later)
        code = f"2222-222{'AB'[key == 5]}-2"
        file.add_deliveries([make_delivery(key, channel=Channel.PAPER, message_id="", code=code)])


def _print(file: CampaignFile) -> None:
    paper = [item.id for item in file.deliveries(S.PENDING, channel=Channel.PAPER)]
    for key in paper:
        file.move(key, S.PRINTED, now=NOW + timedelta(days=1), sha256="ef" * 32)
    for key in paper[:-2]:
        file.move(key, S.POSTED, now=NOW + timedelta(days=2))
    file.move(paper[0], S.RETURNED, now=NOW + timedelta(days=9))
