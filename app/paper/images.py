"""Logo and signature: PNG, JPEG or SVG bytes, checked and handed to typst as one SVG text."""

import base64
import re
import struct
import zlib

from app.core.errors.paper import UnreadableImage

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
#: an SVG that fetches or runs something is refused; typst would not do it, but the file is not a plain picture
_ACTIVE_SVG = re.compile(
    r"<script|<foreignObject|\bon\w+\s*=|href\s*=\s*[\"'](?!#|data:image/)", re.I
)


def as_svg(image: bytes, role: str) -> str:
    """The picture as SVG text (typst takes text from Python, not bytes).

    Raises:
        UnreadableImage: neither PNG, JPEG nor SVG, or an SVG with scripts or outside references.
    """
    if image.startswith(_PNG):
        size = _png_size(image)
        kind = "png"
    elif image.startswith(_JPEG):
        size = _jpeg_size(image)
        kind = "jpeg"
    else:
        return _checked_svg(image, role)
    if size is None or 0 in size:
        raise UnreadableImage(role)
    width, height = size
    data = base64.b64encode(image).decode("ascii")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" xlink:href="data:image/{kind};base64,{data}"/></svg>'
    )


def _checked_svg(image: bytes, role: str) -> str:
    try:
        text = image.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableImage(role) from error
    if "<svg" not in text[:4000] or _ACTIVE_SVG.search(text) or "<!ENTITY" in text:
        raise UnreadableImage(role)
    return text


def _png_size(image: bytes) -> tuple[int, int] | None:
    """Size of a whole PNG: every chunk's check value is right and the last is IEND (ISO 15948)."""
    at, size = len(_PNG), None
    while at + 12 <= len(image):
        length, kind = struct.unpack_from(">L4s", image, at)
        body = image[at + 4 : at + 8 + length]
        if image[at + 8 + length : at + 12 + length] != struct.pack(">L", zlib.crc32(body)):
            return None
        if kind == b"IHDR":
            size = struct.unpack_from(">LL", image, at + 8)
        if kind == b"IEND":
            return size
        at += 12 + length
    return None


def _jpeg_size(image: bytes) -> tuple[int, int] | None:
    """Size from the first start-of-frame segment (ITU-T T.81, B.2.2)."""
    if not image.rstrip(b"\0").endswith(b"\xff\xd9"):
        return None  # cut short
    at = 2
    while at + 9 < len(image) and image[at] == 0xFF:
        marker = image[at + 1]
        length = struct.unpack_from(">H", image, at + 2)[0]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", image, at + 5)
            return width, height
        at += 2 + length
    return None
