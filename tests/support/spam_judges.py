"""SpamAssassin and rspamd from Debian, offline: scores of messages by their rules alone.

No network, no statistics, no lists: what is judged is the form and the words. A low score says nothing of
filters that learn; a score that rises says that a change made the letter look worse.
"""

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Self

from typing_extensions import override

from tests.support.mail_servers import HOST, _free_port

_LOCAL = """
use_bayes 0
use_auto_welcomelist 0
use_pyzor 0
use_razor2 0
use_dcc 0
skip_rbl_checks 1
dns_available no
clear_headers
add_header all Judge score=_SCORE_ rules=_TESTSSCORES_
"""
#: rspamd's own words for « nothing to do with the message »
_OFFLINE = (
    "rbl", "surbl", "fuzzy_check", "phishing", "spf", "dkim", "dmarc", "arc", "asn", "mx_check", "greylist",
    "ratelimit", "reputation", "replies", "neural", "history_redis", "dkim_signing", "whitelist", "hfilter",
    "rspamd_update", "url_redirector", "elastic", "clickhouse", "bimi", "dcc", "antivirus", "aws_s3",
)  # fmt: skip


@dataclass(frozen=True)
class Judgement:
    """The sum, and what each rule gave."""

    score: float
    rules: Mapping[str, float]

    @override
    def __str__(self) -> str:
        told = ", ".join(f"{name} {score:+.2f}" for name, score in self.rules.items() if score)
        return f"{self.score:.2f} ({told})"


def without_spamassassin() -> str:
    """Why SpamAssassin cannot judge here; empty when it can."""
    found = shutil.which("spamassassin")
    return "" if found else "not installed: spamassassin (apt install spamassassin)"


def without_rspamd() -> str:
    """Why rspamd cannot judge here; empty when it can."""
    return "" if shutil.which("rspamd") else "not installed: rspamd (apt install rspamd)"


def spamassassin(messages: Sequence[bytes], folder: Path) -> list[Judgement]:
    """All messages in one process, by the rules that come with the package."""
    site, home = folder / "site", folder / "home"
    site.mkdir()
    home.mkdir()
    (site / "local.cf").write_text(_LOCAL)
    for plugins in Path("/etc/spamassassin").glob("*.pre"):
        shutil.copy(plugins, site)
    box = b"".join(
        b"From x@y.example Mon Feb  2 10:00:00 2026\n"
        + f"X-Number: {number}\n".encode()
        + message.replace(b"\r\n", b"\n").rstrip(b"\n")
        + b"\n\n"
        for number, message in enumerate(messages)
    )
    mailbox = folder / "lettres.mbox"
    mailbox.write_bytes(box)
    command = ["spamassassin", "--local", f"--siteconfigpath={site}", "--prefspath=/dev/null"]
    done = subprocess.run(
        [*command, "--mbox", str(mailbox)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        env={**os.environ, "HOME": str(home), "LC_ALL": "C.UTF-8"},
    )
    judged = {}  # its helpers answer in any order
    pattern = rb"(?m)^X-Spam-Judge: ((?:.|\n[ \t])*)(?:\n.+)*?\nX-Number: (\d+)$"
    for block, number in re.findall(pattern, done.stdout):
        words = re.sub(r"\n\s+", "", block.decode())
        score = re.match(r"score=(-?[\d.]+)", words)
        assert score is not None
        rules = {
            name: float(value) for name, value in re.findall(r"([A-Z0-9_]+)=(-?[\d.]+)", words)
        }
        judged[int(number)] = Judgement(float(score[1]), rules)
    assert len(judged) == len(messages), done.stderr.decode()[-500:]
    return [judged[number] for number in range(len(messages))]


class Rspamd:
    """A context manager: one worker on loopback, everything that asks the network switched off."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        local = self._folder / "local" / "local.d"
        local.mkdir(parents=True)
        for name in _OFFLINE:
            (local / f"{name}.conf").write_text("enabled = false;\n")
        (local / "options.inc").write_text(
            f'dns {{ nameserver = ["{HOST}:{_free_port()}"]; timeout = 0.1s; retransmits = 1; }}\n'
        )
        (local / "worker-normal.inc").write_text(
            f'bind_socket = "{HOST}:{self._port}"; count = 1;\n'
        )
        for worker in ("controller", "proxy", "fuzzy"):
            (local / f"worker-{worker}.inc").write_text("enabled = false;\n")
        words = ["rspamd", "-f", "-i", "-c", "/etc/rspamd/rspamd.conf"]
        words += [f"--var={name}={self._folder}" for name in ("DBDIR", "RUNDIR", "LOGDIR")]
        words.append(f"--var=LOCAL_CONFDIR={self._folder / 'local'}")
        log = (self._folder / "start.log").open("wb")
        self._process = subprocess.Popen(words, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        log.close()
        self._await()
        return self

    def _await(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + 120  # a loaded machine compiles the rules slowly
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                connection = HTTPConnection(HOST, self._port, timeout=5)
                connection.request("GET", "/ping")
                if connection.getresponse().read().startswith(b"pong"):
                    return
            except OSError:
                time.sleep(0.1)
        logs = [self._folder / name for name in ("start.log", "rspamd.log")]
        told = "\n".join(log.read_text()[-1_000:] for log in logs if log.exists())
        self.__exit__()
        raise RuntimeError(f"rspamd did not start\n{told}")

    def judge(self, message: bytes) -> Judgement:
        """One message as it would arrive."""
        connection = HTTPConnection(HOST, self._port, timeout=60)
        connection.request("POST", "/checkv2", body=message)
        answer = json.loads(connection.getresponse().read())
        connection.close()
        rules = {name: float(symbol["score"]) for name, symbol in answer["symbols"].items()}
        return Judgement(float(answer["score"]), rules)

    def __exit__(self, *_: object) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            process.wait(timeout=30)
