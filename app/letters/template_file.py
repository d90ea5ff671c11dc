"""One wording as one file, to pass from a practice to another or to keep for the next time.

A TOML file with the identifier of the catalogue's letter it rewords, its subjects and its Markdown. What is read
is only text: it goes through the same list of allowed words as any template, before anything is rendered.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import tomli_w

from app.core.errors.letters import PackageInvalid
from app.letters.catalogue import Catalogue, LetterTemplate, load
from app.letters.tree import parse

SUFFIX = ".modele.toml"
FORMAT = 1
MAX_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class OwnWording:
    """A practice's words for one letter of the catalogue."""

    name: str
    template_id: str
    subject_email: str
    subject_paper: str
    source: str

    def applied(self, catalogue: Catalogue | None = None) -> LetterTemplate:
        """The letter with these words. Raises UnknownTemplate, TemplateInvalid."""
        template = (catalogue or load()).template(self.template_id)
        worded = template.with_wording(self.source, self.subject_email, self.subject_paper)
        # every part must parse, whatever the branch: once with all conditions true, once with none
        for truth in (True, False):
            truths = tuple(truth for _ in worded.parsed.conditions)
            parse(worded.parsed.token_text(truths), worded.fields, worded.id)
        return worded


def wording_of(template: LetterTemplate, name: str) -> OwnWording:
    """The words of a template under a name the practice chose."""
    return OwnWording(
        name, template.id, template.subject_email, template.subject_paper, template.source
    )


def to_bytes(wording: OwnWording) -> bytes:
    """The file's content."""
    table = {
        "format": FORMAT,
        "name": wording.name,
        "template": wording.template_id,
        "subject_email": wording.subject_email,
        "subject_paper": wording.subject_paper,
        "source": wording.source,
    }
    return tomli_w.dumps(table, multiline_strings=True).encode("utf-8")


def read(path: Path, catalogue: Catalogue | None = None) -> OwnWording:
    """The wording of a file, checked.

    Raises:
        PackageInvalid: not such a file, too big, unreadable, incomplete, or of a newer version.
        UnknownTemplate, TemplateInvalid: it rewords an unknown letter, or its text cannot be used.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise PackageInvalid(path.name, "too_big")
        table = tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise PackageInvalid(path.name, "unreadable") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackageInvalid(path.name, "not_toml") from error
    version = table.get("format")
    if not isinstance(version, int):
        raise PackageInvalid(path.name, "not_toml")
    if version > FORMAT:
        raise PackageInvalid(path.name, "newer")
    texts = [
        table.get(name) for name in ("name", "template", "subject_email", "subject_paper", "source")
    ]
    named = [text for text in texts if isinstance(text, str)]
    if len(named) != len(texts):
        raise PackageInvalid(path.name, "incomplete")
    # a file that went through a Windows editor has \r\n
    wording = OwnWording(*(text.replace("\r\n", "\n") for text in named))
    wording.applied(catalogue)
    return wording
