"""The peers of ``benchmarks.sending``: mailmerge 2.3 from the registry, Postfix's own smtp-source."""

import csv
import os
import subprocess
import venv
from pathlib import Path

MAILMERGE = "mailmerge==2.3.0"
SENDER = "contact@cabinet-exemple.fr"
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"
_PARAGRAPH = "Paragraphe {} de la lettre, d’une longueur ordinaire, pour {{{{nom}}}}."


def mailmerge_in(folder: Path) -> Path:
    """mailmerge in its own environment."""
    home = folder / "mailmerge"
    venv.create(home, with_pip=True)
    command = [home / "bin" / "pip", "install", "-q", MAILMERGE]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return home / "bin" / "mailmerge"


def mailmerge(program: Path, port: int, letters: int, folder: Path, *, as_html: bool) -> None:
    """As many letters; plain text, or text and HTML (its Markdown) as ours are."""
    text = "\n\n".join(["Madame {{nom}},", *(_PARAGRAPH.format(number) for number in range(40))])
    kind = "CONTENT-TYPE: text/markdown\n" if as_html else ""
    (folder / "modele.txt").write_text(
        f"TO: {{{{email}}}}\nSUBJECT: Information du cabinet\nFROM: Cabinet <{SENDER}>\n{kind}\n{text}\n",
        encoding="utf-8",
    )
    with (folder / "liste.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["email", "nom"])
        writer.writerows(
            [f"patient{number}@exemple.example", f"NOM{number}"] for number in range(letters)
        )
    (folder / "serveur.conf").write_text(
        f"[smtp_server]\nhost = 127.0.0.1\nport = {port}\n", encoding="utf-8"
    )
    command = [program, "--template", folder / "modele.txt", "--database", folder / "liste.csv"]
    command += ["--config", folder / "serveur.conf", "--no-dry-run", "--no-limit"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def smtp_source(port: int, letters: int, sessions: int, size: int) -> None:
    """Messages of ``size`` bytes, ready beforehand."""
    command = ["smtp-source", "-m", str(letters), "-s", str(sessions), "-l", str(size), "-d"]
    command += ["-f", SENDER, "-t", "patient@exemple.example", f"inet:127.0.0.1:{port}"]
    subprocess.run(command, check=True, env={**os.environ, "PATH": PATH}, stdout=subprocess.DEVNULL)
