"""How far a print is: several phases, one bar that never goes back."""

from app.services.direct_printing import LotPrinted
from app.services.printing import FilePrinted, PrintStep
from app.wording.french import number

#: the bar's end
WHOLE = 1000
#: of the time of a print file, what the layout takes; the proof takes the rest (measured: about two thirds)
_LAYOUT_SHARE = 0.65


class PrintProgress:
    """Takes the events of one run, tells words and a place between 0 and ``WHOLE``."""

    def __init__(self) -> None:
        self._laid_out = self._total = self._finished = 0
        self._place = 0

    def follow(self, event: PrintStep | FilePrinted | LotPrinted) -> tuple[str, int]:
        """What to show after ``event``; no words when they stay."""
        if not isinstance(event, PrintStep):
            self._finished += event.letters
            return "", self._at(self._files())
        figures = f"{number(event.done)} sur {number(event.total)}."
        if event.phase == "printer":
            share = event.done / event.total if event.total else 0.0
            return f"Vers l’imprimante\u00a0: {figures}", self._at(share)
        if event.phase == "layout":
            self._laid_out, self._total = event.done, event.total
            return f"Mise en page\u00a0: {figures}", self._at(self._files())
        inside = event.done / event.total if event.total else 0.0
        words = f"Contrôle page par page\u00a0: {figures}"
        return words, self._at(self._files(inside))

    def _files(self, inside: float = 0.0) -> float:
        """Share of the work of print files; ``inside``: how far the proof of the present file is."""
        if not self._total:
            return 0.0
        proved = self._finished + (self._laid_out - self._finished) * inside
        return (_LAYOUT_SHARE * self._laid_out + (1 - _LAYOUT_SHARE) * proved) / self._total

    def _at(self, share: float) -> int:
        self._place = max(self._place, min(round(share * WHOLE), WHOLE))
        return self._place
