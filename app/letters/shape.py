"""One combination of branches of a template, ready to be filled: patients who share it share the parsing."""

from collections.abc import Callable, Mapping, Sequence
from html import escape

from app.letters import html_writer, text_writer
from app.letters.values import Blocks, Inline, Node, Value, isolated

Part = str | tuple[str, str]  # literal text, or ("field", name)


class Shape:
    """The tree of one token text and its two string forms with holes."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.nodes = tuple(nodes)
        self._html = _merged(html_writer.blocks(self.nodes))
        self._text = _merged(text_writer.blocks(self.nodes))
        self.headings = tuple(
            "".join(part for part in text_writer.inline(node["c"]) if isinstance(part, str))
            for node in self.nodes
            if node["t"] == "h"
        )
        self.fields = tuple(
            dict.fromkeys(part[1] for part in self._text if isinstance(part, tuple))
        )

    def missing(self, values: Mapping[str, Value]) -> tuple[str, ...]:
        """Fields of this shape that have no value."""
        return tuple(name for name in self.fields if not values.get(name))

    def html(self, values: Mapping[str, Value]) -> str:
        """The body as HTML, values escaped."""
        return _fill(self._html, values, _value_html)

    def text(self, values: Mapping[str, Value]) -> str:
        """The body as plain text, one line per paragraph."""
        return _fill(self._text, values, _value_text).strip("\n") + "\n"

    def document(self, values: Mapping[str, Value]) -> list[Node]:
        """The body as JSON-ready nodes: words are ``s``, data are ``v``."""
        return _documents(self.nodes, values)


def _merged(parts: Sequence[Part]) -> tuple[Part, ...]:
    merged: list[Part] = []
    for part in parts:
        if merged and isinstance(part, str) and isinstance(merged[-1], str):
            merged[-1] += part
        else:
            merged.append(part)
    return tuple(merged)


def _fill(parts: Sequence[Part], values: Mapping[str, Value], write: Callable[[Value], str]) -> str:
    return "".join([part if isinstance(part, str) else write(values[part[1]]) for part in parts])


def _value_html(value: Value) -> str:
    if isinstance(value, str):
        return escape(isolated(value))
    return _cached(value, "html")


def _value_text(value: Value) -> str:
    if isinstance(value, str):
        return isolated(value)
    return _cached(value, "text")


_FORMS: dict[tuple[int, str], tuple[Value, str]] = {}
_MOST_FORMS = 2_000


def _cached(value: Value, form: str) -> str:
    """The written form of a fragment; fragments are shared by many letters, so identity is the key."""
    assert not isinstance(value, str)  # noqa: S101 - for the type checker; callers sort strings out
    if isinstance(value, Blocks) and value.is_personal:
        return _written(value, form)
    key = (id(value), form)
    known = _FORMS.get(key)
    if known is not None and known[0] is value:
        return known[1]
    written = _written(value, form)
    if len(_FORMS) >= _MOST_FORMS:
        _FORMS.clear()
    _FORMS[key] = (value, written)
    return written


def _written(value: Inline | Blocks, form: str) -> str:
    writer = html_writer if form == "html" else text_writer
    parts = writer.inline(value.nodes) if isinstance(value, Inline) else writer.blocks(value.nodes)
    return "".join(part for part in parts if isinstance(part, str))


def written_text(value: Value) -> str:
    """A value as plain text."""
    return _value_text(value)


def _documents(nodes: Sequence[Node], values: Mapping[str, Value]) -> list[Node]:
    written: list[Node] = []
    for node in nodes:
        if node["t"] in {"f", "blocks"}:
            value = values[node["n"]]
            if isinstance(value, str):
                written.append({"t": "v", "v": value})
            else:
                written.extend(value.nodes)
        elif "c" in node:
            written.append({**node, "c": _documents(node["c"], values)})
        else:
            written.append(node)
    return written
