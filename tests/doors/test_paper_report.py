"""Reports: data are data, files are tagged."""

import io
from typing import Any

import pypdf
import pytest

from app.core.errors import BugError
from app.core.errors.paper import MissingGlyph
from app.paper.report import Report
from tests.support.campaigns import NOW

HOSTILE = '#panic("x") $a$ *gras* _i_ <label> @ref \\ // #set page(fill: red) [x] `c`'


def test_typst_never_reads_a_value() -> None:
    report = Report(title=HOSTILE, author=HOSTILE, footer=HOSTILE)
    report.heading(HOSTILE, 1)
    report.text(HOSTILE, "")
    report.note(HOSTILE)
    report.items([HOSTILE])
    report.facts([(HOSTILE, HOSTILE), ("vide", "")])
    report.table([HOSTILE], [[HOSTILE]], caption=HOSTILE)
    report.bars([HOSTILE], [(HOSTILE, [3])], caption=HOSTILE, alt=HOSTILE, top="3")
    report.quote([HOSTILE])
    report.code(HOSTILE)
    report.page_break()
    report.text("fin")
    pages = pypdf.PdfReader(io.BytesIO(report.pdf(NOW))).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert text.count('#panic("x")') >= 10
    assert "vide" not in text
    assert "fin" in text
    assert len(pages) == 2


def test_reports_are_tagged_and_dated() -> None:
    report = Report(title="Titre")
    report.heading("Titre", 1)
    reader = pypdf.PdfReader(io.BytesIO(report.pdf(NOW)))
    root: Any = reader.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Titre"
    assert reader.metadata.creation_date == NOW


def test_a_character_that_cannot_be_printed_is_told() -> None:
    report = Report(title="Titre")
    report.text("\U000e0041")
    with pytest.raises(MissingGlyph):
        report.pdf(NOW)
    with pytest.raises(BugError):
        report.table(["a", "b"], [["seul"]])
