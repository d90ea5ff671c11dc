"""Letters per second beside mailmerge and smtp-source, in the same run, against a sink and a real Postfix.

``python -m benchmarks.sending [--letters 1000] [--rounds 3] [--sans-mailmerge] [--grand 300000]``

Ours renders each letter from the template and keeps the durable journal; mailmerge renders too and keeps
nothing; smtp-source sends bytes made beforehand, as large as ours. They take turns in each round; medians are
shown, with the CPU time of the client. ``--grand``: one campaign of that size to the sink, for start and memory.
Needs Debian's postfix package, root for Postfix itself, and a network once for mailmerge's own environment.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from benchmarks.sending_peers import PATH, mailmerge, mailmerge_in, smtp_source

REPOSITORY = Path(__file__).parents[1]
_SIZE = 11_500  # bytes of one of our letters
Facts = dict[str, float]


def ours(folder: Path, *words: str) -> Facts:
    """Run ``benchmarks.sending_ours`` in a fresh process; what it measured of itself."""
    command = [sys.executable, "-m", "benchmarks.sending_ours", *words]
    environment = {**os.environ, "AVIS34_HOME": str(folder / "home")}
    done = subprocess.run(
        command, cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    facts: Facts = json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else {}
    return facts


def send_ours(folder: Path, port: int, letters: int, lanes: int, what: str) -> Facts:
    """A new campaign, then its sending."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        ours(Path(place), "prepare", place, str(letters))
        return ours(Path(place), "send", place, str(port), str(lanes), what)


def measured(letters: int, run: Callable[[], None]) -> Facts:
    """Seconds and CPU time of a peer."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    run()
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": seconds, "cpu_ms_per_letter": 1_000 * cpu / letters}


def main() -> None:
    """Run the rounds and print one table per server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sans-mailmerge", action="store_true")
    parser.add_argument("--grand", type=int, default=0)
    words = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="banc-")))
        folder.chmod(0o755)
        servers = _servers(stack, folder)
        if words.grand:
            _grand(servers[0][1], words.grand, folder)
            return
        program = None if words.sans_mailmerge else mailmerge_in(folder)
        for name, port in servers:
            _compare(name, port, words.letters, words.rounds, program, folder)


def _servers(stack: ExitStack, folder: Path) -> list[tuple[str, int]]:
    from tests.support.mail_servers import MailServers, _await_port, _free_port, why_not

    servers: list[tuple[str, int]] = []
    sink = shutil.which("smtp-sink", path=PATH)
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
    ways: dict[str, Callable[[], Facts]] = {}
    for lanes in (1, 2, 4):
        ways[f"Avis 34, {lanes} lane(s)"] = lambda lanes=lanes: send_ours(
            folder, port, letters, lanes, "whole"
        )
    for lanes in (1, 4):
        ways[f"… letter ready, {lanes} lane(s)"] = lambda lanes=lanes: send_ours(
            folder, port, letters, lanes, "ready"
        )
        ways[f"… transport alone, {lanes}"] = lambda lanes=lanes: send_ours(
            folder, port, letters, lanes, "wire"
        )
        ways[f"smtp-source, {lanes} session(s)"] = lambda lanes=lanes: measured(
            letters, lambda: smtp_source(port, letters, lanes, _SIZE)
        )
    if program is not None:
        for as_html, title in ((False, "plain text"), (True, "text and HTML")):
            ways[f"mailmerge, {title}"] = lambda as_html=as_html: measured(
                letters, lambda: mailmerge(program, port, letters, folder, as_html=as_html)
            )
    found: dict[str, list[Facts]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, run in ways.items():
            found[way].append(run())
    load = os.getloadavg()[0]
    print(f"\n{name}: {letters} letters, median of {rounds} rounds, load at the end {load:.1f}")
    for way, facts in found.items():
        rates = [letters / fact["seconds"] for fact in facts]
        cpu = statistics.median(fact["cpu_ms_per_letter"] for fact in facts)
        spread = f"({min(rates):.0f} to {max(rates):.0f})"
        print(f"  {way:<28}{statistics.median(rates):>8.0f}/s {spread:<16}{cpu:>8.2f} ms of CPU")


def _grand(port: int, letters: int, folder: Path) -> None:
    for count in (1_000, letters):
        facts = send_ours(folder, port, count, 1, "whole")
        print(
            f"{count} letters: opened in {facts['open_s']:.2f} s, first letter after "
            f"{facts['first_letter_s']:.2f} s, {count / facts['seconds']:.0f}/s, peak "
            f"{facts['peak_mb']:.0f} MB ({facts['peak_mb_at_tenth']:.0f} MB at a tenth)"
        )


if __name__ == "__main__":
    main()
