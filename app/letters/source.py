"""A template's source: Markdown with ``{{ field }}`` and ``{% if field %}``, and nothing else.

The Jinja tree is checked against a short list of allowed nodes before anything runs: no attribute, no
call, no filter, no loop, no assignment. A template from elsewhere can therefore reach nothing, and the
sandbox of Jinja is a second fence. Only fields named by the table are known.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment
from typing_extensions import override

from app.core.errors import BugError
from app.core.errors.letters import TemplateInvalid
from app.letters.fields import FieldKind, FieldTable

OPEN, CLOSE = "\ue000", "\ue001"
_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.If,
    nodes.Not,
    nodes.And,
    nodes.Or,
)
MAX_SOURCE_CHARS = 40_000


@dataclass(frozen=True, slots=True)
class _Slot:
    """What a template sees of a field: true or false in a condition, a private token in the text."""

    token: str
    truth: bool

    def __bool__(self) -> bool:
        return self.truth

    @override
    def __str__(self) -> str:
        return self.token


def _only_slots(value: object) -> object:
    if not isinstance(value, _Slot):
        raise BugError("a template printed something else than a field")
    return value


def _environment() -> SandboxedEnvironment:
    # the output is Markdown made of tokens, not HTML: escaping happens when values are filled in
    return SandboxedEnvironment(
        undefined=StrictUndefined,
        finalize=_only_slots,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        extensions=(),
    )


ENVIRONMENT = _environment()


def token(number: int) -> str:
    """The private token of a field number."""
    return f"{OPEN}{number}{CLOSE}"


class Source:
    """A checked template source, ready to be turned into token text."""

    def __init__(self, template_id: str, text: str, table: FieldTable) -> None:
        self.template_id = template_id
        self.text = text
        self.table = table
        tree = self._parse()
        self._check(tree)
        self.printed, self.conditions = self._names(tree)
        self._template = ENVIRONMENT.from_string(text)

    def token_text(self, truths: Sequence[bool]) -> str:
        """The Markdown of one combination of conditions, fields replaced by tokens.

        ``truths`` follows ``self.conditions``.
        """
        truth = dict(zip(self.conditions, truths, strict=True))
        slots = {
            name: _Slot(token(self.table.number[name]), truth.get(name, True))
            for name in {*self.printed, *self.conditions}
        }
        return self._template.render(slots)

    def _fail(self, line: int, reason: str, fragment: str = "") -> TemplateInvalid:
        return TemplateInvalid(self.template_id, line, reason, fragment)

    def _parse(self) -> nodes.Template:
        if len(self.text) > MAX_SOURCE_CHARS:
            raise self._fail(1, "too_long")
        for place, char in enumerate(self.text):
            if "\ue000" <= char <= "\uf8ff" or (ord(char) < 32 and char not in "\n\t\r"):
                raise self._fail(self.text.count("\n", 0, place) + 1, "forbidden_character")
        try:
            return ENVIRONMENT.parse(self.text)
        except TemplateSyntaxError as error:
            raise self._fail(error.lineno, "syntax") from error

    def _check(self, tree: nodes.Template) -> None:
        for node in [tree, *tree.find_all(nodes.Node)]:
            if not isinstance(node, _ALLOWED):
                raise self._fail(node.lineno, "not_allowed", type(node).__name__)
            if isinstance(node, nodes.Name) and node.name not in self.table:
                raise self._fail(node.lineno, "unknown_field", node.name)

    def _names(self, tree: nodes.Template) -> tuple[tuple[str, ...], tuple[str, ...]]:
        tested: dict[str, None] = {}
        for branch in tree.find_all(nodes.If):
            names = [branch.test] if isinstance(branch.test, nodes.Name) else []
            names += list(branch.test.find_all(nodes.Name))
            tested.update((name.name, None) for name in names)
        printed: dict[str, None] = {}
        for output in tree.find_all(nodes.Output):
            for node in output.nodes:
                if isinstance(node, nodes.TemplateData):
                    continue
                if not isinstance(node, nodes.Name):
                    raise self._fail(node.lineno, "not_allowed", type(node).__name__)
                if self.table[node.name].kind is FieldKind.CONDITION:
                    raise self._fail(node.lineno, "condition_printed", node.name)
                printed[node.name] = None
        return tuple(printed), tuple(tested)
