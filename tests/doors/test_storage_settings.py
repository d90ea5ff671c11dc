"""Settings, recent campaigns, log: real files."""

import logging
from datetime import time
from pathlib import Path

import pytest

from app import logs, paths, settings
from app.core.errors.storage import SettingsNotSaved, SettingsUnreadable
from app.core.mail_account import MailAccount, Security
from app.core.pacing import RateWindow, WorkingHours
from app.core.practice import Practice, Signatory
from tests.support.campaigns import NOW


def test_settings_come_back_and_defaults_come_first() -> None:
    assert settings.load() == settings.Settings()
    chosen = settings.Settings(
        practice=Practice(
            name="Cabinet « Roux »", signatories=(Signatory("Dr Roux"),), logo=b"\x89PNG"
        ),
        account=MailAccount(
            "contact@cabinet.exemple.fr",
            "smtp.exemple.fr",
            465,
            Security.TLS,
            limits=(RateWindow(10, 60),),
            working_hours=WorkingHours(time(8, 30), time(19), frozenset({0, 1, 2})),
        ),
        known_columns=(settings.ColumnHabit(("NOM", "CP"), {"NOM": "last_name"}),),
        interface=settings.InterfaceHabits((1366, 768), "/tmp", {"table": "nom"}),  # noqa: S108
    )
    settings.save(chosen)
    assert settings.load() == chosen


@pytest.mark.parametrize(
    "text", ["pas du toml", "inconnu = 1", "purge_after_months = 'six'", "\udcff"]
)
def test_foreign_settings_are_refused_and_left_alone(text: str) -> None:
    file = paths.settings_file()
    file.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(SettingsUnreadable):
        settings.load()
    kept = settings.set_aside()
    assert kept.read_bytes() == text.encode(errors="surrogateescape")
    assert settings.load() == settings.Settings()


def test_settings_that_cannot_be_written_keep_the_old_ones(tmp_path: Path) -> None:
    place = tmp_path / "absent" / "reglages.toml"
    with pytest.raises(SettingsNotSaved):
        settings.save(settings.Settings(), place)


def test_recent_campaigns_are_ordered_and_forget_what_is_gone(tmp_path: Path) -> None:
    for name in ("un", "deux", "trois"):
        (tmp_path / name).mkdir()
        recent = settings.RecentCampaign(str(tmp_path / name), name, NOW, total=3)
        settings.remember_campaign(recent)
    settings.remember_campaign(settings.RecentCampaign(str(tmp_path / "un"), "un", NOW, settled=1))
    (tmp_path / "deux").rmdir()
    assert [item.name for item in settings.load_recent()] == ["un", "trois"]
    assert settings.load_recent()[0].settled == 1
    settings.forget_campaign(tmp_path / "un")
    assert [item.name for item in settings.load_recent()] == ["trois"]


def test_the_log_holds_places_and_types_but_no_value(tmp_path: Path) -> None:
    handler = logs.configure(tmp_path / "essai.log")
    logger = logging.getLogger("app.essai")
    patient = "DURAND"
    try:
        try:
            int(patient)
        except ValueError as error:
            raise KeyError(patient) from error
    except KeyError:
        logger.info("lecture", exc_info=True)
        logger.info("ligne %d", 17)
    finally:
        handler.close()
        logging.getLogger("app").removeHandler(handler)
    text = (tmp_path / "essai.log").read_text()
    assert "DURAND" not in text
    assert "builtins.KeyError" in text
    assert "builtins.ValueError" in text
    assert "test_storage_settings.py" in text
    assert "ligne 17" in text


def test_bundled_folders_in_a_frozen_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert paths.templates_dir().name == "templates"
    monkeypatch.setattr("sys._MEIPASS", str(tmp_path), raising=False)
    assert paths.resources_dir() == tmp_path / "resources"
