"""The companion documents as the window shows, copies and saves them."""

from dataclasses import dataclass

from app.core.letter_run_checks import SMS_LENGTH, sms_length
from app.services.companions import Companions
from app.wording import describe
from app.wording.french import count

#: key of a document without any patient → its title
PUBLIC_DOCUMENTS = {
    "poster": "Affiche pour la salle d’attente",
    "web": "Page pour votre site",
    "answering": "Message du répondeur",
    "phone": "Répondre au téléphone",
    "sms": "SMS",
}


@dataclass(frozen=True, slots=True)
class CompanionFile:
    """One document: what is read and copied, and the file."""

    text: str
    name: str
    content: bytes


def public_file(key: str, made: Companions) -> tuple[CompanionFile, str]:
    """A document of ``PUBLIC_DOCUMENTS``, and what to know about it."""
    name = PUBLIC_DOCUMENTS[key]
    poster = f"{made.poster.title}\n\n{made.poster.text}"
    if key == "poster":
        return CompanionFile(
            poster, f"{name}.pdf", made.poster_pdf
        ), "Une page A4 à imprimer (PDF)."
    if key == "web":
        return (
            CompanionFile(poster, f"{name}.html", made.web_page.encode("utf-8")),
            "Un fichier à donner à la personne qui tient votre site.",
        )
    if key == "answering":
        text = made.answering_machine
        return CompanionFile(text, f"{name}.txt", text_bytes(text)), "À lire lentement."
    if key == "phone":
        return (
            CompanionFile(made.phone_script.text, f"{name}.pdf", made.phone_script_pdf),
            "Pour la personne qui répond aux appels (PDF).",
        )
    return CompanionFile(made.sms, f"{name}.txt", text_bytes(made.sms)), _sms_note(made)


def _sms_note(made: Companions) -> str:
    length = sms_length(made.sms)
    size = "" if length is None else f"{count(length, 'signe')} sur {SMS_LENGTH}. "
    if not made.sms_issues:
        return size + "Ce logiciel n’envoie pas de SMS\u00a0: copiez le texte."
    told = [describe(issue) for issue in made.sms_issues]
    return size + " ".join(f"{each.what} {each.what_to_do}".strip() for each in told)


def text_bytes(text: str) -> bytes:
    """A text file: UTF-8 with its mark, so that old Windows editors read the accents."""
    return text.encode("utf-8-sig")


def file_name(title: str) -> str:
    """A title without the signs that Windows refuses in a file name."""
    plain = "".join(char for char in title if char not in '\\/:*?"<>|«»\u202f')
    return " ".join(plain.split()).replace(" .", ".")
