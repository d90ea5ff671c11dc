"""Every ready sample campaign gives letters that raise nothing, dated from the day of the trial."""

from datetime import date
from pathlib import Path

import pytest

from app.core.campaign import Channel
from app.core.errors.letters import SampleInvalid
from app.core.incident import Certainty, DataCategory
from app.letters.catalogue import load
from app.letters.checking import check_template
from app.letters.render import LetterRenderer
from app.services.samples import Sample, load_sample, read_sample, sample_ids
from app.wording.french import date_long
from tests.support.letters import CODE, PERSON

DAY = date(2027, 3, 1)


def _renderer(sample: Sample) -> LetterRenderer:
    catalogue = load()
    template = catalogue.template(sample.incident.template_id)
    variant = template.annotations_variant
    return LetterRenderer(
        template,
        catalogue.template(variant) if variant else None,
        sample.incident,
        sample.practice,
        DAY,
    )


@pytest.mark.parametrize("sample_id", sample_ids())
def test_a_sample_gives_good_letters(sample_id: str) -> None:
    sample = load_sample(sample_id, DAY)
    assert sample.id == sample_id
    assert sample.practice.missing() == ()
    assert [(i.code, dict(i.facts)) for i in check_template(_renderer(sample), DAY)] == []


def test_the_seed_incidents_are_there() -> None:
    found = {sample_id: load_sample(sample_id, DAY) for sample_id in sample_ids()}
    assert found["editeur"].people == 10_000
    assert found["editeur"].annotated_per_thousand == 10
    assert found["teleconsultation"].people == 285_000
    assert DataCategory.MEDICAL_DOCUMENTS in found["teleconsultation"].incident.excluded_categories
    assert found["hopital-1-allegation"].incident.certainty is Certainty.ALLEGED
    assert found["hopital-2-suivi"].incident.template_id == "T14"
    assert found["hopital-3-cloture"].incident.template_id == "T15"
    assert found["ophtalmologie"].incident.template_id == "T04"


def test_dates_move_with_the_day() -> None:
    sample = load_sample("editeur", DAY)
    shift = DAY - date(2026, 2, 2)
    assert sample.incident.cnil_on == date(2026, 1, 22) + shift
    assert date_long(date(2026, 1, 21) + shift) in sample.incident.measures_taken[0]
    assert sample.incident.aware_at is not None
    assert sample.incident.aware_at.date() == date(2026, 1, 20) + shift
    body = _renderer(sample).render(PERSON, CODE, Channel.EMAIL).body
    assert "2026" not in body


def test_a_damaged_sample_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text('id = "x"', encoding="utf-8")
    with pytest.raises(SampleInvalid):
        read_sample(path, DAY)
