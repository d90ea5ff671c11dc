"""First start from a checkout: makes the environment ``.venv`` and installs the locked dependencies.

Standard library only, since nothing else is there yet. An installed or frozen program never needs it.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
ENVIRONMENT = PROJECT / ".venv"
RUN_LOCK = "requirements.lock"
TEST_LOCK = "requirements-dev.lock"
_OLDEST_PYTHON = (3, 11)


class SetUpImpossible(Exception):  # noqa: N818 - read as a sentence by the user
    """The environment cannot be made; the message is the French sentence to show."""


def environment_python() -> Path:
    """Interpreter of the project's own environment."""
    folder = "Scripts" if os.name == "nt" else "bin"
    name = "python.exe" if os.name == "nt" else "python"
    return ENVIRONMENT / folder / name


def needs_set_up() -> bool:
    """True when run from a checkout by an interpreter outside its ``.venv``, or with an outdated one."""
    if getattr(sys, "frozen", False) or not (PROJECT / RUN_LOCK).is_file():
        return False
    return not (is_ready(RUN_LOCK) or is_ready(TEST_LOCK))


def is_ready(lock_name: str) -> bool:
    """True when this interpreter is the project's own and holds what ``lock_name`` lists."""
    return Path(sys.prefix).resolve() == ENVIRONMENT.resolve() and _is_current(lock_name)


def set_up(lock_name: str) -> None:
    """Make or update ``.venv`` with the dependencies of ``lock_name``.

    Raises:
        SetUpImpossible: Python is too old, pip is missing, or an installation failed.
    """
    if sys.version_info < _OLDEST_PYTHON:
        wanted = ".".join(map(str, _OLDEST_PYTHON))
        raise SetUpImpossible(
            f"Avis 34 demande Python {wanted} ou plus récent ; celui-ci est le {sys.version.split()[0]}."
        )
    if _is_current(lock_name):
        return
    _tell("Première utilisation : installation des composants (une à trois minutes)…")
    if not environment_python().exists():
        _make_environment()
    _pip("install", "--require-hashes", "--only-binary=:all:", "-r", str(PROJECT / lock_name))
    _write_command()
    _stamp(lock_name).write_text(_digest(lock_name), encoding="utf-8")


def run_inside(module: str, arguments: list[str]) -> int:
    """Run ``python -m module`` in the environment and give its exit code; does not return on POSIX."""
    command = [str(environment_python()), "-m", module, *arguments]
    os.environ["PYTHONPATH"] = os.pathsep.join(
        part for part in (str(PROJECT), os.environ.get("PYTHONPATH", "")) if part
    )
    if os.name == "posix":
        os.execv(command[0], command)  # noqa: S606 - our own interpreter; a kill must reach the program itself
    return subprocess.run(command, check=False).returncode  # noqa: S603 - our own interpreter


def _make_environment() -> None:
    options = [] if importlib.util.find_spec("ensurepip") else ["--without-pip"]
    if options and not importlib.util.find_spec("pip"):
        raise SetUpImpossible(
            "Il manque « pip ». Installez-le (sous Debian : apt-get install python3-pip), puis recommencez."
        )
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    _run(
        [sys.executable, "-m", "venv", *options, str(ENVIRONMENT)], "La création de .venv a échoué."
    )


def _pip(*arguments: str) -> None:
    has_own_pip = any(ENVIRONMENT.glob("[Ll]ib*/**/site-packages/pip"))
    target = [] if has_own_pip else ["--python", str(environment_python())]
    interpreter = str(environment_python()) if has_own_pip else sys.executable
    _run(
        [interpreter, "-m", "pip", "--disable-pip-version-check", *target, *arguments, "--quiet"],
        "L’installation des composants a échoué. Vérifiez la connexion à Internet et la place sur le "
        "disque, puis recommencez : rien n’est perdu.",
    )


def _run(command: list[str], failure: str) -> None:
    done = subprocess.run(command, check=False)  # noqa: S603 - fixed words and our own paths
    if done.returncode:
        raise SetUpImpossible(failure)


def _write_command() -> None:
    """Put the command ``avis34`` beside the interpreter, pointing at this checkout."""
    folder = environment_python().parent
    if os.name == "nt":
        script = f'@echo off\r\nset "PYTHONPATH={PROJECT};%PYTHONPATH%"\r\n"%~dp0python.exe" -m app %*\r\n'
        (folder / "avis34.cmd").write_text(script, encoding="utf-8", newline="")
        return
    target = folder / "avis34"
    target.write_text(
        f'#!/bin/sh\nexport PYTHONPATH="{PROJECT}${{PYTHONPATH:+:$PYTHONPATH}}"\n'
        f'exec "{environment_python()}" -m app "$@"\n',
        encoding="utf-8",
    )
    target.chmod(0o755)


def _stamp(lock_name: str) -> Path:
    return ENVIRONMENT / f"{lock_name}.installed"


def _digest(lock_name: str) -> str:
    return hashlib.sha256((PROJECT / lock_name).read_bytes()).hexdigest()


def _is_current(lock_name: str) -> bool:
    stamp = _stamp(lock_name)
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == _digest(lock_name)


def _tell(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()
