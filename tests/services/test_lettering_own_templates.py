"""A practice's own wording goes into one file and comes back; a file from elsewhere is only text."""

from pathlib import Path

import pytest

from app.core.errors.letters import PackageInvalid, TemplateInvalid, UnknownTemplate
from app.letters.catalogue import load
from app.letters.template_file import MAX_BYTES
from app.services import own_templates
from app.wording import explain


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVIS34_HOME", str(tmp_path / "home"))


T05 = load().template("T05")
OWN = T05.with_wording(
    T05.source.replace("Nous préférons vous prévenir", "Nous tenons à vous prévenir"), "Notre objet"
)


def test_a_wording_travels_as_one_file(tmp_path: Path) -> None:
    sent = own_templates.export(OWN, "Notre lettre d’alerte", tmp_path / "envoi.modele.toml")
    received = own_templates.import_file(sent)
    assert received.applied().source == OWN.source
    assert received.applied().subject_email == "Notre objet"
    assert received.applied().is_edited
    (kept,), faults = own_templates.saved()
    assert kept == received
    assert faults == []
    own_templates.delete("Notre lettre d’alerte")
    assert own_templates.saved() == ([], [])


def test_saving_again_replaces() -> None:
    own_templates.save(T05, "La nôtre")
    path = own_templates.save(OWN, "La nôtre")
    assert path.name == "la-notre.modele.toml"
    (kept,), _ = own_templates.saved()
    assert kept.source == OWN.source


@pytest.mark.parametrize("name", ["../../ailleurs", "C:\\x", "/etc/passwd", "", "…"])
def test_a_name_is_never_a_path(name: str) -> None:
    assert own_templates.save(OWN, name).parent == own_templates.folder()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff\xfe", "not_toml"),
        (b"bonjour", "not_toml"),
        (b"x = 1", "not_toml"),
        (b"format = 1", "incomplete"),
        (b"format = 99", "newer"),
        (b"#" * (MAX_BYTES + 1), "too_big"),
    ],
)
def test_other_files_are_refused(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "recu.toml"
    path.write_bytes(content)
    with pytest.raises(PackageInvalid) as caught:
        own_templates.import_file(path)
    assert caught.value.reason == reason
    assert explain(caught.value).why
    assert own_templates.saved() == ([], [])


def _file(tmp_path: Path, template: str, source: str) -> Path:
    path = tmp_path / "recu.toml"
    path.write_text(
        f'format = 1\nname = "x"\ntemplate = "{template}"\nsubject_email = "o"\nsubject_paper = "o"\n'
        f"source = '''{source}'''\n",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    "source",
    [
        "{{ ().__class__.__bases__ }}",
        "{% if confirme %}{{ lipsum.__globals__ }}{% endif %}",
        "{% for i in range(9) %}x{% endfor %}",
        "{% if not confirme %}[x](https://exemple.invalid/{{ code }}){% endif %}",
        "[x](javascript:alert)\n\n- {{ conseils }}",
    ],
)
def test_a_hostile_template_is_refused_on_import(source: str, tmp_path: Path) -> None:
    with pytest.raises(TemplateInvalid) as caught:
        own_templates.import_file(_file(tmp_path, "T05", source))
    assert explain(caught.value).what
    assert own_templates.saved() == ([], [])


def test_an_unknown_letter_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownTemplate):
        own_templates.import_file(_file(tmp_path, "T99", "Bonjour"))


def test_a_damaged_file_among_the_kept_ones_is_reported() -> None:
    own_templates.save(OWN, "bonne")
    (own_templates.folder() / "mauvaise.modele.toml").write_text("format = 1", encoding="utf-8")
    wordings, faults = own_templates.saved()
    assert [wording.name for wording in wordings] == ["bonne"]
    assert [type(fault) for fault in faults] == [PackageInvalid]


def test_the_subject_of_the_paper_form_goes_along(tmp_path: Path) -> None:
    own = T05.with_wording(T05.source, "Un objet de courriel", "Un objet de courrier")
    path = own_templates.export(own, "Nos mots", tmp_path / "nos-mots.modele.toml")
    read_back = own_templates.import_file(path).applied()
    assert read_back.subject_email == "Un objet de courriel"
    assert read_back.subject_paper == "Un objet de courrier"
    (kept,), faults = own_templates.saved()
    assert kept.subject_paper == "Un objet de courrier"
    assert not faults
