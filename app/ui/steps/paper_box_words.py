"""What « Par courrier » says when its work is over."""

from app.core.tariff import Postage
from app.services.direct_printing import DirectFinished
from app.services.mailing_pack import PackWritten
from app.services.printing import PrintFinished
from app.wording.french import count, euros, size_bytes

STILL_WAITING = "C’est une copie\u00a0: une lettre qui attendait attend toujours et sortira aussi avec les autres."
_FULL_SIZE = "Imprimez à 100\u00a0%, sans ajuster à la page."


def files_words(event: PrintFinished, postage: Postage | None) -> str:
    """« lettres.pdf » est prêt, how many letters and sheets, the stamps when every price is known."""
    files = event.files
    sheets = sum(each.sheets for each in files)
    what = (
        f"«\u00a0{files[0].path.name}\u00a0» est prêt"
        if len(files) == 1
        else f"{count(len(files), 'fichier')} sont prêts"
    )
    return (
        f"{what}\u00a0: {count(event.letters, 'lettre')}, {count(sheets, 'feuille')}, "
        f"{size_bytes(sum(each.size for each in files))}{_stamps(postage)}. "
        f"Chaque page a été relue et comparée à la liste. {_FULL_SIZE}{_left(event.left_out)}"
    )


def printed_words(event: DirectFinished) -> str:
    """What the printer took, and what to do with it."""
    return (
        f"{count(event.letters, 'lettre confiée', 'lettres confiées')} à l’imprimante "
        f"«\u00a0{event.printer}\u00a0»\u00a0: {count(event.pages, 'page')}, "
        f"{count(event.sheets, 'feuille')}. Comptez-les avant de les mettre sous enveloppe\u00a0; une feuille "
        f"abîmée se réimprime depuis «\u00a0Lettres imprimées\u00a0».{_left(event.left_out)}"
    )


def pack_words(event: PackWritten) -> str:
    """How many files wait for the mailing house."""
    return (
        f"{count(len(event.files), 'fichier écrit', 'fichiers écrits')} pour le prestataire. "
        "Ceux qui portent des adresses se lisent sans mot de passe, sauf dans l’archive\u00a0: effacez-les "
        "une fois remis."
    )


def _stamps(postage: Postage | None) -> str:
    if postage is None or postage.unpriced:
        return ""
    return f", environ {euros(postage.cents)} de timbres"


def _left(rows: tuple[int, ...]) -> str:
    if not rows:
        return ""
    return f" {count(len(rows), 'adresse reste', 'adresses restent')} à corriger."
