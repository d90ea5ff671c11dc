"""What the practice chose for its prints, kept from day to day; the words are those of the command line."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from app.paper.envelopes import Envelope, Window
from app.services.print_plan import PrintOrder, Separation
from app.services.printing import PrintOptions
from app.services.single_files import NameField

_PREFIX = "impression."
_MEGABYTE = 1_000_000
MOST_LETTERS_PER_FILE = 10_000
MOST_MEGABYTES = 500
#: a window narrower or wider than these (mm) was mistyped
MOST_MILLIMETRES = 330.0

_E = TypeVar("_E", bound=StrEnum)


class Output(StrEnum):
    """How the letters become files."""

    ONE = "un-seul-pdf"
    BATCHES = "lots"
    LARGEST = "taille"
    PATIENTS = "un-fichier-par-patient"


@dataclass(frozen=True, slots=True)
class PrintChoices:
    """One set of choices of the print window."""

    order: PrintOrder = PrintOrder.POSTCODE
    #: None: an address place that every usual window shows
    envelope: Envelope | None = None
    window: Window | None = None
    large_print: bool = False
    duplex: bool = True
    separation: Separation = Separation.NONE
    by_sheets: bool = False
    output: Output = Output.ONE
    letters_per_file: int = 200
    megabytes: int = 20
    name_fields: tuple[NameField, ...] = ()
    #: letters given to the printer at a time, each lot recorded once handed over
    letters_per_job: int = 100

    def options(self, *, leave_out_bad_addresses: bool = False, run: int = 1) -> PrintOptions:
        """The print run these choices ask for."""
        return PrintOptions(
            order=self.order,
            envelope=self.envelope,
            window=self.window,
            large_print=self.large_print,
            leave_out_bad_addresses=leave_out_bad_addresses,
            separation=self.separation,
            duplex=self.duplex,
            letters_per_file=self.letters_per_file if self.output is Output.BATCHES else 0,
            max_bytes=self.megabytes * _MEGABYTE if self.output is Output.LARGEST else 0,
            by_sheets=self.by_sheets,
            run=run,
        )


def to_keep(choices: PrintChoices) -> dict[str, str]:
    """Names and values for the settings."""
    window = choices.window
    measures = (
        (window.width, window.height, window.from_right, window.from_bottom) if window else ()
    )
    plain = {
        "tri": choices.order.value,
        "enveloppe": choices.envelope.value if choices.envelope else "",
        "fenetre": " ".join(f"{measure:g}" for measure in measures),
        "gros-caracteres": _word(is_on=choices.large_print),
        "recto-verso": _word(is_on=choices.duplex),
        "separer": choices.separation.value,
        "par-feuilles": _word(is_on=choices.by_sheets),
        "fichiers": choices.output.value,
        "par-fichier": str(choices.letters_per_file),
        "taille-max": str(choices.megabytes),
        "nommer": " ".join(choices.name_fields),
        "par-lot": str(choices.letters_per_job),
    }
    return {_PREFIX + name: value for name, value in plain.items()}


def kept(settings: Mapping[str, str]) -> PrintChoices:
    """The choices found in the settings; what is absent or unreadable there has its usual value."""
    usual = PrintChoices()

    def text(name: str) -> str:
        return settings.get(_PREFIX + name, "")

    def is_on(name: str, *, default: bool) -> bool:
        return {"oui": True, "non": False}.get(text(name), default)

    return PrintChoices(
        order=_member(PrintOrder, text("tri"), usual.order),
        envelope=next((one for one in Envelope if one.value == text("enveloppe")), None),
        window=_window(text("fenetre")),
        large_print=is_on("gros-caracteres", default=usual.large_print),
        duplex=is_on("recto-verso", default=usual.duplex),
        separation=_member(Separation, text("separer"), usual.separation),
        by_sheets=is_on("par-feuilles", default=usual.by_sheets),
        output=_member(Output, text("fichiers"), usual.output),
        letters_per_file=_number(
            text("par-fichier"), usual.letters_per_file, MOST_LETTERS_PER_FILE
        ),
        megabytes=_number(text("taille-max"), usual.megabytes, MOST_MEGABYTES),
        name_fields=tuple(field for field in NameField if field.value in text("nommer").split()),
        letters_per_job=_number(text("par-lot"), usual.letters_per_job, MOST_LETTERS_PER_FILE),
    )


def _word(*, is_on: bool) -> str:
    return "oui" if is_on else "non"


def _member(kind: type[_E], text: str, default: _E) -> _E:
    return next((member for member in kind if member.value == text), default)


def _number(text: str, default: int, most: int) -> int:
    return int(text) if text.isdecimal() and 1 <= int(text) <= most else default


def _window(text: str) -> Window | None:
    try:
        measures = [float(part) for part in text.split()]
    except ValueError:
        return None
    is_whole = len(measures) == 4 and all(0 <= one <= MOST_MILLIMETRES for one in measures)
    return Window(*measures) if is_whole else None
