"""Who is addressed, and with which words (domain.md §3.3)."""

from dataclasses import dataclass
from datetime import date

from app.core.recipient import Civility, Protection, Recipient
from app.letters.values import clean

_CALLS = {
    Civility.MADAME: "Madame",
    Civility.MONSIEUR: "Monsieur",
    Civility.DOCTEUR: "Docteur",
    Civility.UNKNOWN: "Madame, Monsieur",
}
_TITLES = {
    Civility.MADAME: "Madame",
    Civility.MONSIEUR: "Monsieur",
    Civility.DOCTEUR: "Docteur",
    Civility.UNKNOWN: "",
}
_VOWELS = frozenset("aeiouàâäéèêëîïôöùûüœæ")


@dataclass(frozen=True, slots=True)
class Addressee:
    """``call`` opens the letter; ``name`` says for whom it is; ``represented`` is the patient's name or empty."""

    call: str
    #: « Madame Jeanne Martin », « les représentants légaux de Lucas Petit »
    name: str
    #: the same after « destinée » : « à Madame Jeanne Martin », « aux représentants légaux de … »
    to_name: str
    represented: str = ""
    #: « représentants légaux » or « tuteur ou tutrice »
    role: str = ""

    @property
    def is_representative(self) -> bool:
        """True when the letter goes to somebody else than the patient."""
        return bool(self.represented)


def plain_name(recipient: Recipient) -> str:
    """« Jeanne Martin », as the list writes it."""
    return clean(f"{recipient.first_name} {recipient.last_name}")


def of(name: str) -> str:
    """« de Lucas Petit », « d’Anne Petit », « d’Yves Petit » but « de Yann Petit »."""
    first, second = name[:1].lower(), name[1:2].lower()
    is_vowel = first in _VOWELS or (first == "y" and second.isalpha() and second not in _VOWELS)
    return f"d’{name}" if is_vowel else f"de {name}"


def family_of(recipient: Recipient) -> Addressee:
    """The relatives of a patient who died."""
    family = f"la famille {of(plain_name(recipient))}"
    return Addressee("Madame, Monsieur", family, f"à {family}")


def addressee(recipient: Recipient, letter_date: date) -> Addressee:
    """Adults by their civility; minors and people under tutelle through their representatives."""
    name = plain_name(recipient)
    if recipient.is_minor_on(letter_date):
        return Addressee(
            "Madame, Monsieur",
            f"les représentants légaux {of(name)}",
            f"aux représentants légaux {of(name)}",
            represented=name,
            role="représentants légaux",
        )
    if recipient.protection is Protection.GUARDIANSHIP:
        tutor = clean(recipient.representative)
        whom = f"{tutor}, pour {name}" if tutor else f"le tuteur ou la tutrice {of(name)}"
        to_whom = f"à {whom}" if tutor else f"au tuteur ou à la tutrice {of(name)}"
        return Addressee("Madame, Monsieur", whom, to_whom, name, "tuteur ou tutrice")
    titled = f"{_TITLES[recipient.civility]} {name}".strip()
    linking = "au" if recipient.civility is Civility.DOCTEUR else "à"
    return Addressee(_CALLS[recipient.civility], titled, f"{linking} {titled}")
