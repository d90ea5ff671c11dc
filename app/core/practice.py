"""The practice that writes: controller, signatories, contact point (GDPR Art. 33(3)(b))."""

from dataclasses import dataclass
from enum import StrEnum


class PracticeKind(StrEnum):
    """What the letters call the sender (« notre cabinet », « notre clinique »)."""

    PRACTICE = "practice"
    HEALTH_CENTRE = "health_centre"
    MULTI_PROFESSIONAL = "multi_professional"  # maison de santé
    CLINIC = "clinic"
    HOSPITAL = "hospital"
    PLATFORM = "platform"


class LetterColour(StrEnum):
    """Ink of the letterhead: sober, at least 7 : 1 on white paper (WCAG 2.2, 1.4.6)."""

    BLACK = ""
    NIGHT_BLUE = "#1f3a5f"
    PINE_GREEN = "#1d4d3a"
    BURGUNDY = "#6b1f2e"
    SLATE = "#3d4650"


@dataclass(frozen=True, slots=True)
class Signatory:
    """A person who signs the letters."""

    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Practice:
    """Sender of every letter; filled once in « Mon cabinet » and frozen into each campaign."""

    name: str = ""
    street: str = ""
    address_complement: str = ""
    postcode: str = ""
    city: str = ""
    phone: str = ""
    opening_hours: str = ""
    email: str = ""
    #: « responsable de traitement »: the doctor, the company or the establishment
    controller: str = ""
    signatories: tuple[Signatory, ...] = ()
    #: name or role of the data protection officer or other contact point
    contact: str = ""
    website: str = ""
    makes_home_visits: bool = False
    takes_payment_by_link: bool = False
    #: PNG, JPEG or SVG bytes; empty when there is none
    logo: bytes = b""
    signature_image: bytes = b""
    kind: PracticeKind = PracticeKind.PRACTICE
    #: paper letters in 16 pt, not justified
    large_print: bool = False
    #: one paragraph in another language, written by the practice, printed under the letter
    foreign_notice: str = ""
    #: ink of the practice's name in the letterhead
    colour: LetterColour = LetterColour.BLACK

    @property
    def place(self) -> str:
        """Town written before the date of a letter."""
        return self.city

    def missing(self) -> tuple[str, ...]:
        """Names of the fields without which no letter can be complete (domain rule 2 and 10)."""
        needed = (
            "name",
            "street",
            "postcode",
            "city",
            "phone",
            "opening_hours",
            "controller",
            "contact",
        )
        absent = [name for name in needed if not getattr(self, name).strip()]
        if not any(signatory.name.strip() for signatory in self.signatories):
            absent.append("signatories")
        return tuple(absent)
