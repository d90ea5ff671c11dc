"""Tree → HTML parts for mail programs: every style inline, no colour, nothing remote.

Colours are left to the reader's mail program, so that its dark mode works. Properties used are those that
the webmails of Orange, SFR, La Poste, Free, Gmail and Outlook keep (caniemail.com).
"""

from collections.abc import Sequence
from html import escape

from app.letters.values import Node, isolated

Part = str | tuple[str, str]

_STYLES = {
    "p": "margin:0 0 14px 0",
    "h": "margin:24px 0 8px 0;font-size:18px;line-height:1.3;font-weight:bold",
    "ul": "margin:0 0 14px 0;padding:0 0 0 24px",
    "ol": "margin:0 0 14px 0;padding:0 0 0 24px",
    "li": "margin:0 0 6px 0",
}
_TAGS = {"b": "strong", "i": "em", "p": "p", "ul": "ul", "ol": "ol", "li": "li"}
_FRAME = (
    "max-width:640px;margin:0 auto;padding:16px;font-family:Arial,Helvetica,sans-serif;"
    "font-size:16px;line-height:1.5;word-wrap:break-word"
)


def blocks(nodes: Sequence[Node]) -> list[Part]:
    """HTML of paragraphs and lists, with holes where fields are."""
    parts: list[Part] = []
    for node in nodes:
        if node["t"] == "blocks":
            parts.append(("field", node["n"]))
            continue
        kind = node["t"]
        tag = f"h{node.get('level', 2)}" if kind == "h" else _TAGS[kind]
        # the notice in another language may run from right to left
        is_notice = kind == "p" and [n.get("n") for n in node["c"]] == ["notice_etrangere"]
        direction = ' dir="auto"' if is_notice else ""
        parts.append(f'<{tag}{direction} style="{_STYLES[kind]}">')
        parts.extend(blocks(node["c"]) if kind in {"ul", "ol"} else inline(node["c"]))
        parts.append(f"</{tag}>\n")
    return parts


def inline(nodes: Sequence[Node]) -> list[Part]:
    """HTML of the inside of a paragraph."""
    parts: list[Part] = []
    for node in nodes:
        kind = node["t"]
        if kind in {"s", "v"}:
            parts.append(escape(node["v"] if kind == "s" else isolated(node["v"])))
        elif kind == "f":
            parts.append(("field", node["n"]))
        elif kind == "br":
            parts.append("<br>\n")
        elif kind == "a":
            parts.append(f'<a href="{escape(node["href"])}">')
            parts.extend(inline(node["c"]))
            parts.append("</a>")
        else:
            parts.append(f"<{_TAGS[kind]}>")
            parts.extend(inline(node["c"]))
            parts.append(f"</{_TAGS[kind]}>")
    return parts


def page(title: str, body: str, footer: Sequence[str]) -> str:
    """A whole HTML document: letter, then the sender's lines. ``body`` is HTML, the rest plain text."""
    lines = "<br>\n".join(escape(line) for line in footer)
    return (
        '<!DOCTYPE html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)}</title>\n</head>\n"
        f'<body style="margin:0;padding:0">\n<div lang="fr" style="{_FRAME}">\n'
        f'{body}<p style="{_STYLES["p"]}">{lines}</p>\n</div>\n</body>\n</html>\n'
    )
