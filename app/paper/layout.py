"""Where things are on the page, in millimetres and points; the numbers of domain.md §4.2 and §4.3."""

from dataclasses import dataclass, replace
from typing import Self

from app.core.errors.paper import WindowUnsuitable
from app.paper.envelopes import WindowEnvelope, Zone

#: nothing but the address may be printed here: some envelope could show it. The usual windows ask for
#: y 34 to 102 (domain.md §4.2); a C4, in which the sheet slides by 27 mm, for more
KEEP_OUT = Zone(90, 0, 210, 105)

#: the text of letters first, then one font per script, then Korean, then Chinese and Japanese
FONT_FAMILIES = (
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Armenian",
    "Noto Sans Georgian",
    "Noto Sans Thai",
    "Noto Sans Devanagari",
    "Noto Sans Tamil",
    "Noto Sans Bengali",
    "NanumGothic",
    "Droid Sans Fallback",
)


#: six lines of 9 points
_LEAST_ADDRESS_HEIGHT = 19.06
#: capitals with two accents (« Ễ ») rise so much above the first line
_ACCENTS = 0.85


@dataclass(frozen=True, slots=True)
class Layout:
    """One page design. The first page's rectangle ``KEEP_OUT`` stays empty but for the address."""

    left: float = 20
    right: float = 20
    top: float = 22
    bottom: float = 22
    sender_y: float = 12
    sender_width: float = 68
    reference_y: float = 88
    date_y: float = 106
    address_x: float = 110
    address_bottom: float = 79
    address_width: float = 80
    #: distance of two lines; less when many lines have to share ``address_height``
    address_pitch: float = 4
    #: seen through the window of every envelope offered, wherever the sheet slides, with the accents above it
    address_height: float = 19.15
    #: for addresses with so many lines that ``address_height`` would make them too small to read
    address_most_height: float = 24
    #: points, best first (OCR: 9 to 12)
    address_sizes: tuple[float, ...] = (10, 9.5, 9)
    folds: tuple[float, ...] = (99, 198)
    logo_height: float = 14
    signature_height: float = 18
    body_pt: float = 11
    small_pt: float = 9
    footer_pt: float = 8
    leading_em: float = 0.58
    spacing_em: float = 0.95
    justify: bool = True
    hyphenate: bool = True
    fonts: tuple[str, ...] = FONT_FAMILIES

    @property
    def window(self) -> Zone:
        """Where the whole address must lie."""
        return Zone(
            self.address_x - 1,
            self.address_bottom - self.address_most_height - 0.5,
            self.address_x + self.address_width + 0.5,
            self.address_bottom + 0.5,
        )

    @classmethod
    def for_envelope(cls, envelope: WindowEnvelope) -> Self:
        """The page for one envelope: its folds, and the address where its window always shows it.

        Raises:
            WindowUnsuitable: the window would hide a part of the address, or show more than the address.
        """
        layout = cls()
        seen, may_show = envelope.always_visible(), envelope.may_show()
        bottom = min(layout.address_bottom, seen.bottom)
        height = bottom - max(
            seen.top + _ACCENTS, layout.address_bottom - layout.address_most_height
        )
        reaches = (
            seen.left <= layout.address_x and seen.right >= layout.address_x + layout.address_width
        )
        if not reaches or height < _LEAST_ADDRESS_HEIGHT or not KEEP_OUT.contains(may_show):
            raise WindowUnsuitable(height, _LEAST_ADDRESS_HEIGHT)
        return replace(
            layout,
            folds=envelope.folds(),
            address_bottom=bottom,
            address_height=height,
            address_most_height=height,
        )

    def large_print(self) -> "Layout":
        """For weak sight: 16 points, wide lines, neither hyphens nor justification."""
        return replace(
            self,
            body_pt=16,
            small_pt=12,
            footer_pt=11,
            leading_em=0.75,
            spacing_em=1.2,
            justify=False,
            hyphenate=False,
        )
