"""``avis34 imprimer`` and ``avis34 poste`` on a real campaign."""

import json
from pathlib import Path

import pypdfium2 as pdfium
import pytest
import pyzipper
from click.testing import CliRunner, Result

from app.cli.imprimer import imprimer
from app.cli.poste import poste
from app.core.campaign import DeliveryStatus
from app.core.errors.paper import (
    LetterCodeUnknown,
    NothingToPrint,
    ReturnNotUndone,
    WeakPassword,
    WindowNotMeasured,
)
from app.credentials import KeyringCredentials
from app.services.campaigns import keep_key
from app.storage.campaign_file import CampaignFile
from tests.support.campaigns import KEY
from tests.support.printing import code_of, make_paper_campaign, statuses
from tests.support.reviewed import review_everything

PEOPLE = 12


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with make_paper_campaign(tmp_path, PEOPLE) as made:
        keep_key(KeyringCredentials(), made.campaign.id, KEY)
        review_everything(made)
        return made.folder


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.chdir(tmp_path)
    return CliRunner()


def call(runner: CliRunner, *words: object) -> Result:
    command, *rest = words
    done = runner.invoke(command, [str(word) for word in rest], catch_exceptions=False)  # type: ignore[arg-type]
    assert done.exit_code == 0, done.output
    return done


def test_print_post_and_return(folder: Path, runner: CliRunner, tmp_path: Path) -> None:
    target = tmp_path / "l.pdf"
    told = json.loads(call(runner, imprimer, folder, "--vers", target, "--json").stdout)
    assert told["letters"] == PEOPLE
    assert told["stamps_cents"] == PEOPLE * 152
    assert told["files"][0]["path"] == str(target)
    with pytest.raises(NothingToPrint):
        call(runner, imprimer, folder, "--vers", target)
    assert "12\xa0lettres à poster" in call(runner, poste, folder).output
    assert "12\xa0lettres notées postées" in call(
        runner, poste, folder, "--postees-le", "27/01/2026", "--fichier", "l.pdf"
    ).output  # fmt: skip
    assert "ligne\xa04" in call(runner, poste, folder, "--retour", code_of(3)).output
    with CampaignFile.open(folder, KEY) as file:
        assert statuses(file) == {DeliveryStatus.POSTED: PEOPLE - 1, DeliveryStatus.RETURNED: 1}


def test_what_the_mailing_house_wants(folder: Path, runner: CliRunner, tmp_path: Path) -> None:
    words = ["--vers", tmp_path / "l.pdf", "--maileva", "--bordereau", tmp_path / "b.xlsx"]
    done = call(runner, imprimer, folder, *words, "--archive", tmp_path / "envoi.zip")
    assert "mot de passe" in done.output
    assert {path.name for path in tmp_path.glob("*.*") if path.is_file()} == {
        "l-001.pdf", "l-001.csv", "b.xlsx", "envoi.zip",
    }  # fmt: skip


def test_reprint_by_code_page_and_rank(folder: Path, runner: CliRunner, tmp_path: Path) -> None:
    call(runner, imprimer, folder, "--vers", tmp_path / "l.pdf")
    wanted = {
        ("--reimprimer", code_of(3)): 1,
        ("--depuis", "11"): 2,
        ("--pages", "1-3"): 2,
    }
    for number, (words, letters) in enumerate(wanted.items()):
        target = tmp_path / f"encore{number}.pdf"
        told = json.loads(call(runner, imprimer, folder, "--vers", target, *words, "--json").stdout)
        assert told["letters"] == letters, words
    with pytest.raises(LetterCodeUnknown):
        call(runner, imprimer, folder, "--reimprimer", "7K3M-9QXA-P")
    with CampaignFile.open(folder, KEY) as file:
        assert statuses(file) == {DeliveryStatus.PRINTED: PEOPLE}
        assert sum(1 for _ in file.events(kind="letters_reprinted")) == 3


def test_one_file_per_patient(folder: Path, runner: CliRunner, tmp_path: Path) -> None:
    words = ["--un-fichier-par-patient", "--vers", tmp_path / "f", "--nommer", "code-postal,nom"]
    call(runner, imprimer, folder, *words)
    assert len(list((tmp_path / "f").glob("lettre-*.pdf"))) == PEOPLE


def test_the_trial_sheet_needs_measures_for_a_c4(
    folder: Path, runner: CliRunner, tmp_path: Path
) -> None:
    words = [imprimer, folder, "--feuille-d-essai", "--vers", tmp_path / "essai.pdf", "--enveloppe"]
    call(runner, *words, "c5")
    text = pdfium.PdfDocument(tmp_path / "essai.pdf")[0].get_textpage().get_text_range()
    assert "RESIDENCE DES LILAS BATIMENT C" in text
    with pytest.raises(WindowNotMeasured):
        call(runner, *words, "c4")
    call(runner, *words, "c4", "--fenetre", "100x57+20+219")


@pytest.mark.parametrize(
    "words",
    [
        ("--tarif", "absent"),
        ("--fenetre", "abc"),
        ("--pages", "1-"),
        ("--nommer", "adresse", "--un-fichier-par-patient"),
    ],
)
def test_wrong_options_are_said(
    folder: Path, runner: CliRunner, tmp_path: Path, words: tuple[str, ...]
) -> None:
    call(runner, imprimer, folder, "--vers", tmp_path / "l.pdf")
    done = runner.invoke(imprimer, [str(folder), *words])
    assert done.exit_code == 2
    assert "attendu" in done.output


def test_what_comes_back_is_decided_and_files_are_deleted(
    folder: Path, runner: CliRunner, tmp_path: Path
) -> None:
    call(runner, imprimer, folder, "--vers", tmp_path / "l.pdf", "--maileva", "--par-fichier", 5)
    call(runner, poste, folder, "--postees-le", "27/01/2026")
    codes = [code_of(number) for number in (1, 2, 3)]
    returned = [word for code in codes for word in ("--retour", code)]
    call(runner, poste, folder, *returned)
    told = call(
        runner, poste, folder,
        "--annuler-retour", codes[0], "--main-propre", codes[1], "--renoncer", codes[2],
        "--effacer-les-fichiers",
    ).output  # fmt: skip
    assert "6\xa0fichiers effacés" in told
    assert not list(tmp_path.glob("l-*"))
    with CampaignFile.open(folder, KEY) as file:
        assert statuses(file) == {
            DeliveryStatus.POSTED: PEOPLE - 2,
            DeliveryStatus.REPLACED: 1,
            DeliveryStatus.EXCLUDED: 1,
            DeliveryStatus.PENDING: 1,
        }
        assert file.balance().is_exact()
    with pytest.raises(ReturnNotUndone):
        call(runner, poste, folder, "--annuler-retour", codes[0])


def test_the_archive_takes_a_typed_password(
    folder: Path, runner: CliRunner, tmp_path: Path
) -> None:
    words = [
        folder,
        "--vers",
        tmp_path / "l.pdf",
        "--archive",
        tmp_path / "a.zip",
        "--mot-de-passe",
    ]
    with pytest.raises(WeakPassword):
        runner.invoke(
            imprimer, list(map(str, words)), input="court\ncourt\n", catch_exceptions=False
        )
    assert not (tmp_path / "l.pdf").exists()
    password = "un mot de passe à nous"
    done = runner.invoke(
        imprimer, list(map(str, words)), input=f"{password}\n{password}\n", catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    assert password not in done.output
    with pyzipper.AESZipFile(tmp_path / "a.zip") as archive:
        archive.setpassword(password.encode())
        assert archive.read("l.pdf") == (tmp_path / "l.pdf").read_bytes()
