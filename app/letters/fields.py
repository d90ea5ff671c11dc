"""The fields a template may use: name, French label, kind. Shown as chips in the editor."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class FieldKind(StrEnum):
    """What a field stands for in the text."""

    TEXT = "text"
    INLINE = "inline"
    BLOCKS = "blocks"
    CONDITION = "condition"


class FieldSource(StrEnum):
    """Who gives the value."""

    PRACTICE = "practice"
    INCIDENT = "incident"
    RECIPIENT = "recipient"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """One field. ``label`` is the French name shown on the chip or in the sentence « Si … »."""

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    source: FieldSource = FieldSource.INCIDENT


_T, _I, _B, _C = FieldKind.TEXT, FieldKind.INLINE, FieldKind.BLOCKS, FieldKind.CONDITION
_P, _N, _R, _L = (
    FieldSource.PRACTICE,
    FieldSource.INCIDENT,
    FieldSource.RECIPIENT,
    FieldSource.LETTER,
)

COMMON: tuple[FieldInfo, ...] = (
    FieldInfo("appel", "Appel (Madame, Monsieur…)", _T, _R),
    FieldInfo("destinataire", "Nom du destinataire", _T, _R),
    FieldInfo("a_qui", "À qui (à Madame…, aux représentants…)", _T, _R),
    FieldInfo("patient", "Nom du patient", _T, _R),
    FieldInfo("preambule", "Phrase aux représentants", _B, _R),
    FieldInfo("code", "Code de la lettre", _T, _L),
    FieldInfo("date_lettre", "Date de la lettre", _T, _L),
    FieldInfo("formule", "Formule de politesse", _I, _L),
    FieldInfo("cabinet_nom", "Nom du cabinet", _T, _P),
    FieldInfo("cabinet_adresse", "Adresse du cabinet", _T, _P),
    FieldInfo("cabinet_tel", "Téléphone du cabinet", _T, _P),
    FieldInfo("cabinet_horaires", "Horaires du cabinet", _T, _P),
    FieldInfo("cabinet_email", "Courriel du cabinet", _T, _P),
    FieldInfo("cabinet_site", "Site du cabinet", _T, _P),
    FieldInfo("structure", "Mot pour le cabinet (cabinet, clinique…)", _T, _P),
    FieldInfo("responsable_traitement", "Responsable de traitement", _T, _P),
    FieldInfo("contact", "Contact ou DPO", _T, _P),
    FieldInfo("lieu", "Ville du cabinet", _T, _P),
    FieldInfo("notice_etrangere", "Paragraphe dans une autre langue", _T, _P),
    FieldInfo("periode_incident", "Date ou période de l’incident", _T),
    FieldInfo("date_decouverte", "Date de découverte", _T),
    FieldInfo("editeur", "Prestataire", _T),
    FieldInfo("logiciel", "Logiciel", _T),
    FieldInfo("date_info_editeur", "Date d’alerte par le prestataire", _T),
    FieldInfo("date_prochain_point", "Date du prochain point", _T),
    FieldInfo("liste_donnees", "Liste des données concernées", _B),
    FieldInfo("liste_noms_donnees", "Noms des données concernées", _B),
    FieldInfo("liste_exclues", "Données non concernées", _I),
    FieldInfo("consequences", "Conséquences possibles", _B),
    FieldInfo("conseils", "Conseils", _B),
    FieldInfo("mesures", "Mesures prises et prévues", _B),
    FieldInfo("phrase_cnil", "Déclaration à la CNIL", _I),
    FieldInfo("phrase_plainte", "Plainte", _I),
    FieldInfo("numeros_ecoute", "Numéros d’écoute et d’aide", _B),
    FieldInfo("confirme", "l’incident est confirmé", _C),
    FieldInfo("probable", "l’incident est probable", _C),
    FieldInfo("allegue", "l’incident n’est pas confirmé", _C),
    FieldInfo("par_courriel", "la lettre part par courriel", _C, _L),
    FieldInfo("par_courrier", "la lettre part par courrier", _C, _L),
    FieldInfo("pour_representant", "la lettre va à un représentant (mineur, tutelle)", _C, _R),
    FieldInfo("panne_sans_vol", "c’est une panne ou une perte, sans vol", _C),
    FieldInfo("date_inconnue", "seule la date de découverte est connue", _C),
    FieldInfo("documents_concernes", "des documents médicaux sont concernés", _C),
    FieldInfo("mot_de_passe_concerne", "un mot de passe est concerné", _C),
    FieldInfo("remarque_concernee", "des remarques du dossier sont concernées", _C),
    FieldInfo(
        "donnees_intimes", "des informations sur la santé ou la vie privée sont concernées", _C
    ),
)


class FieldTable:
    """Fields by name and by number; numbers are what the private tokens carry."""

    def __init__(self, fields: Iterable[FieldInfo]) -> None:
        self.fields = tuple(fields)
        self.number: Mapping[str, int] = {f.name: i for i, f in enumerate(self.fields)}

    def __contains__(self, name: object) -> bool:
        return name in self.number

    def __getitem__(self, name: str) -> FieldInfo:
        return self.fields[self.number[name]]

    def of_number(self, number: int) -> FieldInfo:
        """The field of that number."""
        return self.fields[number]
