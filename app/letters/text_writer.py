"""Tree → plain text: one line per paragraph (mail programs wrap it), « - » before list items."""

from collections.abc import Sequence

from app.letters.values import Node, isolated

Part = str | tuple[str, str]


def blocks(nodes: Sequence[Node]) -> list[Part]:
    """Text of paragraphs and lists, with holes where fields are; a blank line after each block."""
    parts: list[Part] = []
    for node in nodes:
        kind = node["t"]
        if kind == "blocks":
            parts.append(("field", node["n"]))
        elif kind in {"ul", "ol"}:
            for number, item in enumerate(node["c"], start=1):
                parts.append(f"{number}. " if kind == "ol" else "- ")
                parts.extend(inline(item["c"]))
                parts.append("\n")
            parts.append("\n")
        else:
            parts.extend(inline(node["c"]))
            parts.append("\n\n")
    return parts


def inline(nodes: Sequence[Node]) -> list[Part]:
    """Text of the inside of a paragraph; bold and italic leave no sign, a link shows its target."""
    parts: list[Part] = []
    for node in nodes:
        kind = node["t"]
        if kind in {"s", "v"}:
            parts.append(node["v"] if kind == "s" else isolated(node["v"]))
        elif kind == "f":
            parts.append(("field", node["n"]))
        elif kind == "br":
            parts.append("\n")
        else:
            parts.extend(inline(node["c"]))
            if kind == "a" and node["href"].startswith("https://"):
                parts.append(f" ({node['href']})")
    return parts
