"""The bundled fonts: one ``typst.Fonts`` for the whole process, and which characters they can print."""

import struct
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import typst

from app.core.errors import BugError
from app.paths import resources_dir

_CONTROLS = frozenset({*range(0x20), *range(0x7F, 0xA0)})
#: shaping instructions that print nothing by themselves (joiners, direction marks, variation selectors)
_INVISIBLE = frozenset(
    {*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10)}
)


@cache
def bundled_fonts() -> typst.Fonts:
    """The font book; reading it takes tens of milliseconds, so it is kept (pdf.md)."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(resources_dir() / "fonts")],
    )


@cache
def printable_characters() -> frozenset[str]:
    """Characters that at least one bundled font has a glyph for."""
    found = set(_INVISIBLE)
    for path in _font_files("*.ttf"):
        found |= _code_points(path.read_bytes())
    # some fonts draw control characters as empty glyphs; in a name they are a fault of the list
    return frozenset(map(chr, found - _CONTROLS)) | {"\n"}


@cache
def plain_characters() -> frozenset[str]:
    """Characters that every cut of the first font family has: no other font is asked for them."""
    cuts = [_code_points(path.read_bytes()) for path in _font_files("NotoSans-*.ttf")]
    return frozenset(map(chr, set.intersection(*cuts) - _CONTROLS))


def first_missing(texts: Iterable[str]) -> str | None:
    """The first character of ``texts`` that no bundled font can print, or None."""
    printable = printable_characters()
    for text in texts:
        if not printable.issuperset(text):
            return next(char for char in text if char not in printable)
    return None


def are_plain(texts: Iterable[str]) -> bool:
    """True when ``texts`` need no font but the first."""
    return all(plain_characters().issuperset(text) for text in texts)


def _font_files(pattern: str) -> list[Path]:
    return sorted((resources_dir() / "fonts").glob(pattern))


def _code_points(font: bytes) -> set[int]:
    """Code points of the ``cmap`` table of a TrueType font (OpenType 1.9: formats 4 and 12)."""
    table_count = struct.unpack_from(">H", font, 4)[0]
    for index in range(table_count):
        tag, _, offset, _ = struct.unpack_from(">4sLLL", font, 12 + 16 * index)
        if tag == b"cmap":
            break
    else:
        raise BugError("a bundled font has no cmap table")
    found: set[int] = set()
    for index in range(struct.unpack_from(">H", font, offset + 2)[0]):
        platform, _, relative = struct.unpack_from(">HHL", font, offset + 4 + 8 * index)
        if platform not in (0, 3):
            continue
        start = offset + relative
        kind = struct.unpack_from(">H", font, start)[0]
        if kind == 4:
            found |= _format_4(font, start)
        elif kind == 12:
            for group in range(struct.unpack_from(">L", font, start + 12)[0]):
                first, last, _ = struct.unpack_from(">LLL", font, start + 16 + 12 * group)
                found.update(range(first, last + 1))
    return found


def _format_4(font: bytes, start: int) -> set[int]:
    count = struct.unpack_from(">H", font, start + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, start + 14)
    starts = struct.unpack_from(f">{count}H", font, start + 16 + 2 * count)
    deltas = struct.unpack_from(f">{count}H", font, start + 16 + 4 * count)
    ranges_at = start + 16 + 6 * count
    offsets = struct.unpack_from(f">{count}H", font, ranges_at)
    found: set[int] = set()
    for segment in range(count):
        for code in range(starts[segment], ends[segment] + 1):
            if offsets[segment] == 0:
                glyph = (code + deltas[segment]) & 0xFFFF
            else:
                at = ranges_at + 2 * segment + offsets[segment] + 2 * (code - starts[segment])
                glyph = struct.unpack_from(">H", font, at)[0]
            if glyph and code != 0xFFFF:
                found.add(code)
    return found
