"""Token text → a small tree: p, h, ul, ol, li, b, i, a, br, ``s`` (our words), ``f`` (a field's place).

Whole-paragraph fields become ``blocks`` nodes. Anything else that Markdown knows (HTML, images, code,
tables) is switched off and stays text.
"""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.core.errors.letters import TemplateInvalid
from app.letters.fields import FieldKind, FieldTable
from app.letters.source import CLOSE, OPEN
from app.letters.typography import typeset_words
from app.letters.values import Node

_TOKEN = re.compile(f"{OPEN}(\\d+){CLOSE}")
_LINK = re.compile(r"(https://|mailto:|tel:)[^\s<>\"'\ue000-\uf8ff]+")
_MARKDOWN = MarkdownIt("zero").enable(["heading", "list", "emphasis", "link", "newline", "escape"])
# CommonMark percent-encodes and normalises targets; ours are checked by _LINK instead
_CONTAINERS = {"strong": "b", "em": "i", "paragraph": "p", "bullet_list": "ul", "list_item": "li"}
_CONTAINERS |= {"ordered_list": "ol", "heading": "h", "link": "a"}


def parse(text: str, table: FieldTable, template_id: str) -> tuple[Node, ...]:
    """The tree of a token text. Raises TemplateInvalid for a misplaced field or a refused link."""
    reader = _Reader(table, template_id)
    return tuple(reader.blocks(_MARKDOWN.parse(text)))


class _Reader:
    def __init__(self, table: FieldTable, template_id: str) -> None:
        self._table = table
        self._template_id = template_id

    def blocks(self, tokens: Sequence[Token]) -> list[Node]:
        root: list[Node] = []
        stack = [root]
        for token in tokens:
            if token.nesting == 1:
                node = self._open(token)
                stack[-1].append(node)
                stack.append(node["c"])
            elif token.nesting == -1:
                stack.pop()
            elif token.type == "inline":
                stack[-1].extend(self._inline(token))
        return [self._settle(node) for node in root]

    def _open(self, token: Token) -> Node:
        name = _CONTAINERS[token.type.removesuffix("_open")]
        node: Node = {"t": name, "c": []}
        if name == "h":
            node["level"] = int(token.tag[1])
        if name == "a":
            target = str(token.attrGet("href") or "")
            if not _LINK.fullmatch(target) or "%EE%80%8" in target.upper():  # a field in the target
                raise TemplateInvalid(self._template_id, 0, "link_refused", target[:60])
            node["href"] = target
        return node

    def _inline(self, token: Token) -> list[Node]:
        root: list[Node] = []
        stack = [root]
        for child in token.children or []:
            if child.nesting == 1:
                node = self._open(child)
                stack[-1].append(node)
                stack.append(node["c"])
            elif child.nesting == -1:
                stack.pop()
            elif child.type == "hardbreak":
                stack[-1].append({"t": "br"})
            elif child.type == "softbreak":
                stack[-1].append({"t": "s", "v": " "})
            else:
                stack[-1].extend(self._runs(child.content))
        return _joined(root)

    def _runs(self, text: str) -> list[Node]:
        nodes: list[Node] = []
        for place, piece in enumerate(_TOKEN.split(text)):
            if place % 2:
                nodes.append({"t": "f", "n": self._table.of_number(int(piece)).name})
            elif piece:
                nodes.append({"t": "s", "v": piece})
        return nodes

    def _settle(self, node: Node) -> Node:
        """Lift a lone block field out of its paragraph; flatten the paragraphs of list items."""
        content: list[Node] = node["c"]
        if node["t"] == "p" and len(content) == 1 and self._is_block_field(content[0]):
            return {"t": "blocks", "n": content[0]["n"]}
        if node["t"] in {"ul", "ol"}:
            node["c"] = [self._item(item) for item in content]
            return node
        self._refuse_block_fields(content)
        return node

    def _item(self, item: Node) -> Node:
        flat: list[Node] = []
        for child in item["c"]:
            if child["t"] in {"ul", "ol", "h"}:
                raise TemplateInvalid(self._template_id, 0, "nested_list")
            if flat:
                flat.append({"t": "br"})
            flat.extend(child["c"])
        self._refuse_block_fields(flat)
        return {"t": "li", "c": flat}

    def _is_block_field(self, node: Node) -> bool:
        return node["t"] == "f" and self._table[node["n"]].kind is FieldKind.BLOCKS

    def _refuse_block_fields(self, nodes: Sequence[Node]) -> None:
        for node in nodes:
            if self._is_block_field(node):
                raise TemplateInvalid(self._template_id, 0, "block_in_sentence", node["n"])
            self._refuse_block_fields(node.get("c", ()))


def _joined(nodes: list[Node]) -> list[Node]:
    """Neighbouring runs of words made one, then set in French typography."""
    joined: list[Node] = []
    for node in nodes:
        if "c" in node:
            node["c"] = _joined(node["c"])
        if node["t"] == "s" and joined and joined[-1]["t"] == "s":
            joined[-1]["v"] += node["v"]
        else:
            joined.append(node)
    for node in joined:
        if node["t"] == "s":
            node["v"] = typeset_words(node["v"])
    return joined
