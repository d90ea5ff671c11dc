"""French names for the gaps and conditions of one letter, and the menu that inserts them."""

import re
from collections.abc import Sequence

from app.letters.catalogue import LetterTemplate
from app.letters.fields import FieldInfo, FieldKind, FieldSource, FieldTable
from app.ui.widgets.template_editor import InsertableField

_GROUP = {
    FieldSource.RECIPIENT: "Le patient",
    FieldSource.PRACTICE: "Le cabinet",
    FieldSource.INCIDENT: "L’incident",
    FieldSource.LETTER: "La lettre",
}
_CONDITIONS = "Passage sous condition"
_TAG = re.compile(r"\{%-?\s*(if|elif|else|endif)\b(.*?)-?%\}", re.DOTALL)
_WORD = re.compile(r"\w+|[()]")
_GLUE = {"and": "et", "or": "ou", "not": "non"}


def token_of(field: FieldInfo) -> str:
    """What the source holds for a gap."""
    return f"{{{{ {field.name} }}}}"


def names_of(template: LetterTemplate) -> dict[str, str]:
    """Source of every token this letter may hold → its French name, each name once."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for field in template.fields.fields:
        if field.kind is FieldKind.CONDITION:
            continue
        short = field.label.partition(" (")[0]
        name = field.label if short in taken else short
        taken.add(name)
        names[token_of(field)] = name
    for field in template.fields.fields:
        for tag in (f"{{% if {field.name} %}}", f"{{% if not {field.name} %}}"):
            names[tag] = _tag_name(tag, template.fields)
    for match in _TAG.finditer(template.source):
        names.setdefault(match[0], _tag_name(match[0], template.fields))
    names["{% else %}"] = "Sinon"
    names["{% endif %}"] = "Fin du passage"
    return names


def insertable_fields(template: LetterTemplate) -> Sequence[InsertableField]:
    """Entries of « Insérer un mot », by group; conditions come last, with their end."""
    gaps = [
        InsertableField(_GROUP[field.source], field.label, token_of(field))
        for field in template.fields.fields
        if field.kind is not FieldKind.CONDITION
    ]
    gaps.sort(key=lambda entry: list(_GROUP.values()).index(entry.group))
    conditions = [
        InsertableField(
            _CONDITIONS,
            f"Si {_lower(field.label)}",
            f"{{% if {field.name} %}}\nVotre texte.\n{{% endif %}}\n",
        )
        for field in template.fields.fields
        if field.kind is FieldKind.CONDITION
    ]
    return (*gaps, *conditions)


def _tag_name(tag: str, fields: FieldTable) -> str:
    match = _TAG.fullmatch(tag)
    if match is None:
        return tag
    kind, expression = match[1], match[2].strip()
    if kind == "else":
        return "Sinon"
    if kind == "endif":
        return "Fin du passage"
    start = "Si" if kind == "if" else "Sinon, si"
    single = re.fullmatch(r"not\s+(\w+)", expression)
    if single is not None and single[1] in fields:
        return f"{start} ce n’est pas le cas\u00a0: {_said(fields[single[1]])}"
    words = [
        _said(fields[word]) if word in fields else _GLUE.get(word, word)
        for word in _WORD.findall(expression)
    ]
    return f"{start} {' '.join(words)}"


def _said(field: FieldInfo) -> str:
    if field.kind is FieldKind.CONDITION:
        return _lower(field.label)
    return f"«\u00a0{field.label.partition(' (')[0]}\u00a0» est rempli"


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]
