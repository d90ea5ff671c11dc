"""The certificate of purge: what was erased, what stays, and what the program cannot promise."""

from dataclasses import dataclass
from datetime import datetime

from app.core.campaign import Campaign
from app.core.practice import Practice
from app.paper.report import Report
from app.wording.french import NBSP, NNBSP, count, date_time


@dataclass(frozen=True, slots=True)
class PurgeFacts:
    """Facts of one purge."""

    campaign: Campaign
    practice: Practice
    people: int
    purged_at: datetime
    head_before: str
    head_after: str


def certificate(facts: PurgeFacts) -> Report:
    """The certificate, ready for ``pdf``."""
    name = facts.practice.name or "Cabinet"
    report = Report(
        title=f"Certificat d’effacement{NBSP}: {facts.campaign.name}",
        author=name,
        footer=f"{name} · certificat d’effacement",
    )
    report.heading("Certificat d’effacement", 1)
    report.facts(
        (
            ("Envoi", facts.campaign.name),
            ("Identifiant", facts.campaign.id),
            ("Cabinet", name),
            ("Effacé le", date_time(facts.purged_at)),
            ("Personnes", count(facts.people, "personne")),
        )
    )
    report.heading("Effacé")
    report.items(
        (
            "Les noms, dates de naissance, adresses, courriels, téléphones et remarques de chaque personne.",
            "Les réponses des serveurs, qui pouvaient citer une adresse.",
            "Les valeurs corrigées et les notes inscrites au journal.",
            "Les copies de sécurité du dossier de l’envoi.",
        )
    )
    report.text(
        "Le reste a été recopié dans un fichier neuf, chiffré avec une clé neuve. L’ancienne clé a été "
        "détruite dans le trousseau de cet ordinateur et dans l’envoi."
    )
    report.heading("Conservé")
    report.items(
        (
            "Les comptes par moyen et par état, les dates, les codes des lettres et leurs empreintes.",
            "Le texte exact des lettres, les faits de l’incident, les décisions du cabinet.",
            "Le journal et sa chaîne d’empreintes, qui se vérifie toujours.",
            "Une empreinte à clé par adresse. On ne peut pas y lire l’adresse, seulement vérifier celle "
            f"que donne une personne qui demande{NBSP}: «{NBSP}m’avez-vous écrit{NNBSP}?{NBSP}»",
        )
    )
    report.heading("Ce que le logiciel ne peut pas promettre")
    report.items(
        (
            "Sur un disque SSD, d’anciens blocs peuvent survivre quelque temps. Ils sont chiffrés avec "
            "la clé détruite.",
            f"L’ancienne fiche de récupération, si elle existe encore, est à détruire{NBSP}: avec elle et "
            "un vieux fichier retrouvé, la liste serait lisible.",
            "Les sauvegardes du cabinet, les copies du dossier faites à la main et les fichiers "
            "enregistrés ailleurs "
            "(PDF à imprimer, dossier avec les noms, liste d’origine) ne sont pas effacés avec la liste.",
            "Les courriels envoyés restent dans la messagerie du cabinet.",
        )
    )
    report.heading("Empreintes du journal (SHA-256)")
    report.text("Avant l’effacement")
    report.code(facts.head_before)
    report.text("Après")
    report.code(facts.head_after)
    return report
