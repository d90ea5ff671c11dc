"""Every storage error: three texts in French, with its typography."""

import dataclasses
import inspect
import re
from datetime import UTC, datetime

import pytest

from app.core.errors import UserError
from app.core.errors import storage as errors
from app.wording import explain
from app.wording.dossier import EVENT, QUESTION, event_label, question_label
from app.wording.french import NBSP

CLASSES = [
    item
    for _, item in inspect.getmembers(errors, inspect.isclass)
    if issubclass(item, UserError) and item is not UserError
]
SAMPLES = {
    "str": "Logiciel 2026.avis34",
    "int": 1_281,
    "datetime": datetime(2026, 1, 26, 9, 0, tzinfo=UTC),
    "tuple[str, ...]": ("other_computer", "older_than_known", "other_copy"),
}


def sample(kind: type[UserError]) -> UserError:
    names = {
        each.name: SAMPLES[
            each.type
            if isinstance(each.type, str)
            else str(getattr(each.type, "__name__", each.type))
        ]
        if not str(each.type).startswith("tuple")
        else SAMPLES["tuple[str, ...]"]
        for each in dataclasses.fields(kind)  # type: ignore[arg-type]
    }
    return kind(**names)


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_each_error_says_what_and_what_to_do(kind: type[UserError]) -> None:
    told = explain(sample(kind))
    assert told.what.endswith(".")
    assert told.what_to_do.endswith(".")
    text = told.one_line()
    assert "'" not in text
    assert "Erreur" not in text
    assert "!" not in text
    assert not re.search(r" [:;?»]|« ", text), text
    assert "name" not in kind.__dataclass_fields__ or ".avis34 " not in told.what  # type: ignore[attr-defined]


def test_damage_names_the_copies_at_hand() -> None:
    assert f"3{NBSP}copies" in explain(errors.CampaignDamaged("a", 3)).what_to_do
    assert "sauvegarde du cabinet" in explain(errors.CampaignDamaged("a")).what_to_do
    assert "à l’heure" in explain(errors.CampaignDoubtful("a", ("clock_back",))).what_to_do
    assert "PC-ACCUEIL" in explain(errors.CampaignAlreadyOpen("a", "PC-ACCUEIL")).what


def test_events_and_questions_have_french_names() -> None:
    assert event_label("campaign_created") == "Envoi créé"
    assert event_label("unheard_of") == "unheard_of"
    assert all(label[0].isupper() for label in EVENT.values())
    for question in QUESTION:
        assert question_label(question.value)
