"""Letters per second beside mailmerge and smtp-source, in the same run, against a sink and a real Postfix.

``python -m benchmarks.sending [--letters 1000] [--rounds 3] [--sans-mailmerge]``

Ours renders each letter from the template and keeps the durable journal; mailmerge renders a text template and
keeps nothing; smtp-source sends bytes made beforehand. The three take turns in each round; medians are shown.
Needs Debian's postfix package, root for Postfix itself, and a network once for mailmerge's own environment.
"""

import argparse
import csv
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
MAILMERGE = "mailmerge==2.3.0"
SENDER = "contact@cabinet-exemple.fr"
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"


def ours(port: int, letters: int, lanes: int, folder: Path) -> tuple[float, dict[str, float]]:
    """Seconds to send in a fresh process, and what it measured of itself."""
    command = [sys.executable, "-m", "benchmarks.sending", "--child", str(port), str(letters)]
    command += [str(lanes), str(folder)]
    environment = {**os.environ, "AVIS34_HOME": str(folder / "home")}
    done = subprocess.run(
        command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=True
    )
    facts: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return facts["seconds"], facts


def child(port: int, letters: int, lanes: int, folder: Path) -> None:
    """Prepare a sample campaign, then send it; prints what it took as JSON."""
    from app.core.campaign import DeliveryStatus
    from app.core.mail_account import AuthKind, MailAccount, Security
    from app.core.recipient import Restriction
    from app.credentials import MemoryCredentials
    from app.services import lettering
    from app.services.campaigns import create_campaign
    from app.services.control import Control
    from app.services.invented_patients import invented_patients
    from app.services.planning import PlanOptions, plan
    from app.services.samples import load_sample, sample_ids
    from app.services.sending import DeliveryChanged, SendingOptions, SendingRun, smtp_transports

    sample = load_sample(sample_ids()[0], datetime.now(UTC).date())
    file, _ = create_campaign(
        folder / "banc.avis34", "Banc", sample.practice, sample.incident, MemoryCredentials()
    )
    with file:
        people = invented_patients(letters, 34)
        plain = {
            "has_annotations": False,
            "deceased": False,
            "restriction": Restriction.NONE,
            "excluded": None,
        }
        file.add_recipients(
            replace(person, email=f"patient{number}@exemple.example", **plain)
            for number, person in enumerate(people, start=1)
        )
        plan(file, PlanOptions(sender=SENDER, template_id=sample.incident.template_id))
        account = MailAccount(
            SENDER, "127.0.0.1", port, Security.PLAIN_LOOPBACK, auth=AuthKind.NONE, limits=(),
            letters_per_connection=1_000,
        )  # fmt: skip
        run = SendingRun(
            file,
            smtp_transports(account),
            lettering.renderer_for,
            account,
            options=SendingOptions(lanes=lanes, refusal_floor=letters + 1),
            before_first=lettering.freeze,
        )
        cpu, start = time.process_time(), time.perf_counter()
        first = 0.0
        for event in run.run(Control()):
            if not first and isinstance(event, DeliveryChanged):
                first = time.perf_counter() - start
        seconds = time.perf_counter() - start
        accepted = file.balance().count(DeliveryStatus.ACCEPTED)
        figures = {
            "seconds": seconds,
            "accepted": accepted,
            "first_letter_s": first,
            "cpu_ms_per_letter": 1_000 * (time.process_time() - cpu) / letters,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024,
        }
    print(json.dumps(figures))


def mailmerge_in(folder: Path) -> Path:
    """mailmerge in its own environment."""
    home = folder / "mailmerge"
    venv.create(home, with_pip=True)
    subprocess.run([home / "bin" / "pip", "install", "-q", MAILMERGE], check=True)
    return home / "bin" / "mailmerge"


def mailmerge(program: Path, port: int, letters: int, folder: Path) -> float:
    """Seconds mailmerge takes for as many letters of about the same size."""
    text = "\n".join(
        ["Madame {{nom}},", ""]
        + [
            f"Paragraphe {number} de la lettre, d’une longueur ordinaire, pour {{{{nom}}}}."
            for number in range(35)
        ]
    )
    (folder / "modele.txt").write_text(
        f"TO: {{{{email}}}}\nSUBJECT: Information du cabinet\nFROM: Cabinet <{SENDER}>\n\n{text}\n",
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
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def smtp_source(port: int, letters: int, sessions: int) -> float:
    """Seconds smtp-source takes, messages of 5 kB ready."""
    command = ["smtp-source", "-m", str(letters), "-s", str(sessions), "-l", "5000", "-d"]
    command += ["-f", SENDER, "-t", "patient@exemple.example", f"inet:127.0.0.1:{port}"]
    start = time.perf_counter()
    subprocess.run(
        command, check=True, env={**os.environ, "PATH": _PATH}, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - start


def main() -> None:
    """Run the rounds and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sans-mailmerge", action="store_true")
    parser.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    words = parser.parse_args()
    if words.child:
        port, letters, lanes, place = words.child
        child(int(port), int(letters), int(lanes), Path(place))
        return
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="banc-")))
        folder.chmod(0o755)
        program = None if words.sans_mailmerge else mailmerge_in(folder)
        for name, port in _servers(stack, folder):
            _compare(name, port, words.letters, words.rounds, program, folder)


def _servers(stack: ExitStack, folder: Path) -> list[tuple[str, int]]:
    from tests.support.mail_servers import MailServers, _await_port, _free_port, why_not

    servers: list[tuple[str, int]] = []
    sink = shutil.which("smtp-sink", path=_PATH)
    if sink:
        port = _free_port()
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        process = subprocess.Popen([sink, *user, f"127.0.0.1:{port}", "256"])
        stack.callback(process.wait)
        stack.callback(process.terminate)
        _await_port(port)
        servers.append(("smtp-sink", port))
    if not why_not():
        place = folder / "postfix"
        place.mkdir()
        postfix = stack.enter_context(MailServers(place, discard=True, with_dovecot=False))
        servers.append(("Postfix", postfix.smtp_port))
    return servers


def _compare(
    name: str, port: int, letters: int, rounds: int, program: Path | None, folder: Path
) -> None:
    facts: list[dict[str, float]] = []

    def run_ours(lanes: int) -> float:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            seconds, found = ours(port, letters, lanes, Path(place))
        assert found["accepted"] == letters
        facts.append(found)
        return seconds

    ways: dict[str, Callable[[], float]] = {
        "Avis 34, 1 lane": lambda: run_ours(1),
        "Avis 34, 4 lanes": lambda: run_ours(4),
        "smtp-source, 1 session": lambda: smtp_source(port, letters, 1),
        "smtp-source, 4 sessions": lambda: smtp_source(port, letters, 4),
    }
    if program is not None:
        ways["mailmerge"] = lambda: mailmerge(program, port, letters, folder)
    times: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, run in ways.items():
            times[way].append(run())
    print(f"\n{name}: {letters} letters, median of {rounds} rounds")
    for way, found in times.items():
        rates = [letters / seconds for seconds in found]
        spread = f"{min(rates):.0f} to {max(rates):.0f}"
        print(f"  {way:<26}{statistics.median(rates):>8.0f}/s   ({spread})")
    one = [fact for index, fact in enumerate(facts) if index % 2 == 0]
    print(
        f"  ours, 1 lane: {statistics.median(f['cpu_ms_per_letter'] for f in one):.2f} ms of CPU per letter, "
        f"peak {max(f['peak_mb'] for f in one):.0f} MB, first letter after "
        f"{statistics.median(f['first_letter_s'] for f in one):.2f} s"
    )


if __name__ == "__main__":
    main()
