"""The practice's own wordings, kept from one campaign to the next; no patient in them."""

import os
import re
import tempfile
import unicodedata
from pathlib import Path

from app.core.errors import UserError
from app.core.errors.letters import PackageInvalid
from app.letters.catalogue import LetterTemplate
from app.letters.template_file import SUFFIX, OwnWording, read, to_bytes, wording_of
from app.paths import data_dir

FOLDER = "modeles"


def folder() -> Path:
    """Where own wordings are kept; made when absent."""
    kept = data_dir() / FOLDER
    kept.mkdir(parents=True, exist_ok=True)
    return kept


def saved() -> tuple[list[OwnWording], list[UserError]]:
    """Own wordings by name, and what was wrong with the files that cannot be read."""
    wordings: list[OwnWording] = []
    faults: list[UserError] = []
    for path in sorted(folder().glob(f"*{SUFFIX}")):
        try:
            wordings.append(read(path))
        except UserError as error:
            faults.append(error)
    return sorted(wordings, key=lambda wording: wording.name.casefold()), faults


def kept_under(name: str) -> OwnWording | None:
    """The wording that ``save`` or ``import_file`` would replace: names alike share a file."""
    path = folder() / f"{_file_name(name)}{SUFFIX}"
    return read(path) if path.exists() else None


def save(template: LetterTemplate, name: str) -> Path:
    """Keep the words of ``template`` under ``name``; an older wording of that name is replaced.

    Raises:
        TemplateInvalid: the words cannot be used.
        PackageInvalid: the folder refuses to be written.
    """
    wording = wording_of(template, name)
    wording.applied()
    return _write(folder() / f"{_file_name(name)}{SUFFIX}", wording)


def delete(name: str) -> None:
    """Forget an own wording; harmless when it is gone already."""
    (folder() / f"{_file_name(name)}{SUFFIX}").unlink(missing_ok=True)


def export(template: LetterTemplate, name: str, path: Path) -> Path:
    """Write the words of ``template`` to a file for somebody else. Raises PackageInvalid."""
    return _write(path, wording_of(template, name))


def import_file(path: Path) -> OwnWording:
    """Read somebody's file and keep it. Raises PackageInvalid, UnknownTemplate, TemplateInvalid."""
    wording = read(path)
    _write(folder() / f"{_file_name(wording.name)}{SUFFIX}", wording)
    return wording


def _file_name(name: str) -> str:
    """A file name from a wording's name: letters, digits and hyphens only."""
    decomposed = unicodedata.normalize("NFD", name)
    plain = "".join(char for char in decomposed if not unicodedata.combining(char)).lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "modele"


def _write(path: Path, wording: OwnWording) -> Path:
    # a program that dies while writing must not leave half a template
    try:
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    except OSError as error:
        raise PackageInvalid(path.name, "unwritable") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(to_bytes(wording))
        Path(draft).replace(path)
    except OSError as error:
        Path(draft).unlink(missing_ok=True)
        raise PackageInvalid(path.name, "unwritable") from error
    return path
