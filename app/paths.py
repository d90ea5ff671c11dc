"""Where the program's files are: bundled ones (checkout, wheel or frozen) and the user's."""

import os
import sys
from pathlib import Path

import platformdirs

APPLICATION = "Avis34"
#: redirects every user folder to one place (tests, trials, a stick)
HOME_VARIABLE = "AVIS34_HOME"


def _bundled(name: str) -> Path:
    frozen = getattr(sys, "_MEIPASS", None)  # PyInstaller unpacks its data there
    if frozen is not None:
        return Path(frozen) / name
    package = Path(__file__).parent
    checkout = package.parent / name
    if checkout.is_dir():
        return checkout
    return package / "bundled" / name


def templates_dir() -> Path:
    """Folder of the letter templates and of the typst pages."""
    return _bundled("templates")


def resources_dir() -> Path:
    """Folder of icons, fonts, sample list and provider profiles."""
    return _bundled("resources")


def _home() -> Path | None:
    chosen = os.environ.get(HOME_VARIABLE)
    return Path(chosen).absolute() if chosen else None


def data_dir() -> Path:
    """Folder of the program's own data (sending ledger, practice register); made when absent."""
    home = _home()
    folder = (
        home / "data"
        if home
        else platformdirs.user_data_path(APPLICATION, appauthor=False, roaming=False)
    )
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def settings_file() -> Path:
    """The settings, in TOML; its folder is made when absent."""
    home = _home()
    folder = home if home else platformdirs.user_config_path(APPLICATION, appauthor=False)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "reglages.toml"


def log_file() -> Path:
    """The log; its folder is made when absent."""
    home = _home()
    folder = home / "journaux" if home else platformdirs.user_log_path(APPLICATION, appauthor=False)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "avis34.log"


def documents_dir() -> Path:
    """Folder where campaigns go unless the user chooses another one; not made here."""
    home = _home()
    return (home / "documents" if home else platformdirs.user_documents_path()) / "Avis 34"


def replace_file(path: Path, content: bytes) -> None:
    """Write ``content`` so that after a cut the file is either the old one or the new one.

    Raises:
        OSError: nothing was replaced.
    """
    temporary = path.with_name(f"{path.name}.nouveau")
    try:
        with temporary.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename durable; Windows needs (and offers) nothing of the kind."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
