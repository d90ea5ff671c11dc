"""Runs ``avis34 demo`` as a user does, in a process of its own, and reads what it left behind."""

import json
import mailbox
import os
import subprocess
import sys
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Trial:
    """One folder in which the demo runs, again and again."""

    folder: Path
    home: Path
    arguments: tuple[str, ...] = ()

    def command(self, *more: str) -> list[str]:
        words = ["demo", "--dossier", str(self.folder), *self.arguments, *more]
        return [sys.executable, "-m", "app", *words]

    def environment(self) -> dict[str, str]:
        # no keyring: the demo must say so and go on by itself
        return os.environ | {
            "AVIS34_HOME": str(self.home),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            "PYTHONPATH": str(PROJECT),
        }

    def start(self, *more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*more),
            cwd=PROJECT,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *more: str) -> subprocess.CompletedProcess[str]:
        process = self.start(*more)
        out, err = process.communicate(timeout=600)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def run_json(self, *more: str) -> dict[str, Any]:
        done = self.run("--json", *more)
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout)
        assert isinstance(answer, dict)
        return answer

    def messages(self) -> list[EmailMessage]:
        """What the trial mailbox kept, read by the standard library's own Maildir and parser."""
        folder = next(self.folder.glob("*boite-d-essai"), None)
        if folder is None:
            return []
        parser = BytesParser(policy=policy.default)
        box = mailbox.Maildir(folder, create=False)
        return [parser.parsebytes(box.get_bytes(key)) for key in box.keys()]  # noqa: SIM118 - not a dict

    def files(self) -> list[Path]:
        """Every file of the trial and of the profile."""
        return [
            path for root in (self.folder, self.home) for path in root.rglob("*") if path.is_file()
        ]
