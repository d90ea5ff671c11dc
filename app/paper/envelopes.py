"""Window envelopes of the French trade and what of an A4 letter can be seen through them (domain.md §4.2).

All lengths in millimetres; the sheet's origin is its top left corner. The folded sheet is free to slide
in the envelope, so that one zone is always visible and a larger one may be.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from app.core.errors.paper import WindowNotMeasured

SHEET_WIDTH, SHEET_HEIGHT = 210.0, 297.0


@dataclass(frozen=True, slots=True)
class Zone:
    """A rectangle on the sheet."""

    left: float
    top: float
    right: float
    bottom: float

    def contains(self, other: "Zone") -> bool:
        """True when ``other`` lies inside."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and self.right >= other.right
            and self.bottom >= other.bottom
        )

    def meets(self, other: "Zone") -> bool:
        """True when the two share more than an edge."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True)
class WindowEnvelope:
    """An envelope, its window (given from the right and bottom edges) and how the sheet is folded."""

    width: float
    height: float
    window_width: float
    window_height: float
    window_from_right: float
    window_from_bottom: float
    #: how many parts the sheet is folded in
    parts: int

    @property
    def _slide(self) -> tuple[float, float]:
        return self.width - SHEET_WIDTH, self.height - SHEET_HEIGHT / self.parts

    @property
    def _window(self) -> Zone:
        right = self.width - self.window_from_right
        bottom = self.height - self.window_from_bottom
        return Zone(right - self.window_width, bottom - self.window_height, right, bottom)

    def always_visible(self) -> Zone:
        """The part of the sheet seen wherever the sheet lies."""
        window, (dx, dy) = self._window, self._slide
        return Zone(window.left, window.top, window.right - dx, window.bottom - dy)

    def may_show(self) -> Zone:
        """The part of the sheet seen in one position or another."""
        window, (dx, dy) = self._window, self._slide
        return Zone(window.left - dx, window.top - dy, window.right, window.bottom)

    def folds(self) -> tuple[float, ...]:
        """Distances of the folds from the top of the sheet."""
        step = SHEET_HEIGHT / self.parts
        return tuple(step * index for index in range(1, self.parts))


class Envelope(StrEnum):
    """The envelopes offered; the value is what settings and the command line write."""

    DL = "dl"
    DL_TALL = "dl-45"
    C5_6 = "c5-6"
    C5_6_TALL = "c5-6-45"
    C5 = "c5"
    C4 = "c4"


#: usual windows of the French trade; a C4 has no usual window, its measures must be taken
ENVELOPES = {
    Envelope.DL: WindowEnvelope(220, 110, 100, 35, 20, 20, 3),
    Envelope.DL_TALL: WindowEnvelope(220, 110, 100, 45, 20, 20, 3),
    Envelope.C5_6: WindowEnvelope(229, 114, 100, 35, 20, 20, 3),
    Envelope.C5_6_TALL: WindowEnvelope(229, 114, 100, 45, 20, 20, 3),
    Envelope.C5: WindowEnvelope(229, 162, 100, 45, 20, 60, 2),
}
_OUTSIDES = {**ENVELOPES, Envelope.C4: WindowEnvelope(229, 324, 0, 0, 0, 0, 1)}


@dataclass(frozen=True, slots=True)
class Window:
    """A window as measured on the user's own envelope, in millimetres."""

    width: float
    height: float
    from_right: float
    from_bottom: float


def envelope_shape(envelope: Envelope, window: Window | None = None) -> WindowEnvelope:
    """The envelope with its usual window, or with the one measured.

    Raises:
        WindowNotMeasured: a C4 without measures.
    """
    if window is not None:
        return replace(
            _OUTSIDES[envelope],
            window_width=window.width,
            window_height=window.height,
            window_from_right=window.from_right,
            window_from_bottom=window.from_bottom,
        )
    if envelope not in ENVELOPES:
        raise WindowNotMeasured(envelope.value)
    return ENVELOPES[envelope]
