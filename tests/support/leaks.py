"""« Nothing in clear »: values of a list looked for in everything that a program could leave behind."""

import logging
from collections.abc import Iterable
from pathlib import Path

import pypdf

from app.storage.campaign_file import CampaignFile
from app.ui.dialogs.problem import describe_defect


def assert_nobody_in(folder: Path, values: Iterable[str]) -> None:
    """No value, in any encoding a program writes, in any file or file name under ``folder``."""
    files = [place for place in folder.rglob("*") if place.is_file()]
    assert len(files) > 5
    for place in files:
        content = place.read_bytes().lower()
        for value in values:
            for encoding in ("utf-8", "utf-16-le", "cp1252"):
                assert value.lower().encode(encoding) not in content, (place, value)
            assert value.casefold() not in place.name.casefold()


def assert_a_crash_tells_nobody(campaign_file: CampaignFile, values: Iterable[str]) -> None:
    """A defect while a patient is in hand, as the log and the problem dialog tell it."""
    person = next(campaign_file.recipients())
    try:
        int(person.last_name)
    except ValueError as error:
        logging.getLogger("app.ui").info("unexpected", exc_info=error)
        told = describe_defect(error)
        assert not any(value in told for value in values)


def assert_dossier_names_nobody(folder: Path, names: Iterable[str]) -> None:
    """The dossier without names: texts, PDF metadata and file names."""
    for place in folder.rglob("*"):
        words = place.name
        if place.suffix == ".pdf":
            reader = pypdf.PdfReader(place)
            words += str(reader.metadata) + "".join(page.extract_text() for page in reader.pages)
        elif place.is_file() and place.suffix != ".xlsx":
            words += place.read_text("utf-8")
        found = [name for name in names if name.casefold() in words.casefold()]
        assert not found, place
