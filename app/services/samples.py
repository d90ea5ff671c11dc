"""Ready sample campaigns: an invented practice and an invented incident for each kind of event."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from app.core.errors.letters import SampleInvalid
from app.core.incident import Incident
from app.core.plain_data import from_plain
from app.core.practice import Practice
from app.paths import resources_dir
from app.wording.french import date_long

FOLDER = "exemples"
#: any day will do where only titles are wanted
_WRITTEN_ON = date(2026, 3, 2)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATE_IN_TEXT = re.compile(r"\{date:(\d{4}-\d{2}-\d{2})\}")


@dataclass(frozen=True, slots=True)
class Sample:
    """One ready campaign. ``people`` and ``annotated_per_thousand`` describe the list that goes with it."""

    id: str
    title: str
    story: str
    incident: Incident
    practice: Practice
    people: int
    annotated_per_thousand: int


def sample_ids() -> list[str]:
    """Identifiers of the bundled samples, in alphabetical order."""
    return sorted(path.stem for path in (resources_dir() / FOLDER).glob("*.toml"))


def load_sample(sample_id: str, today: date) -> Sample:
    """One sample, its dates moved so that its letters are written ``today``. Raises SampleInvalid."""
    return read_sample(resources_dir() / FOLDER / f"{sample_id}.toml", today)


def all_samples(today: date | None = None) -> list[Sample]:
    """Every bundled sample, by title; with the dates it was written with when no day is given."""
    day = today or _WRITTEN_ON
    return sorted((load_sample(name, day) for name in sample_ids()), key=lambda each: each.title)


def read_sample(path: Path, today: date) -> Sample:
    """The sample of one file. Raises SampleInvalid."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        shift = today - date.fromisoformat(table["letter_date"])
        return Sample(
            id=table["id"],
            title=table["title"],
            story=table["story"],
            incident=from_plain(Incident, _shifted(table["incident"], shift)),
            practice=from_plain(Practice, table["practice"]),
            people=table["people"],
            annotated_per_thousand=table.get("annotated_per_thousand", 0),
        )
    except (OSError, UnicodeDecodeError, KeyError, ValueError) as error:
        raise SampleInvalid(path.name, str(error)) from error


def _shifted(value: Any, shift: timedelta) -> Any:
    if isinstance(value, Mapping):
        return {name: _shifted(item, shift) for name, item in value.items()}
    if isinstance(value, list):
        return [_shifted(item, shift) for item in value]
    if not isinstance(value, str):
        return value
    if _DATE.fullmatch(value):
        return (date.fromisoformat(value) + shift).isoformat()
    if _DATE.match(value) and value[10:11] == "T":
        return (datetime.fromisoformat(value) + shift).isoformat()
    return _DATE_IN_TEXT.sub(lambda match: date_long(date.fromisoformat(match[1]) + shift), value)
