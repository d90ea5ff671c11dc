"""End to end: ``avis34 demo`` on invented patients, in a process of its own.

    .venv/bin/python -m benchmarks.demo --patients 10000 --runs 3

Prints medians: letters per second of each stage, seconds of the whole, peak memory (resident, MB). The rates
of the sending and of the printing hold rendering, the durable journal and the page-by-page proof. For the
comparison with other programs in the same run see ``benchmarks/sending.py`` and ``benchmarks/paper.py``.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
PEER_LETTERS_PER_S = 157  # smtplib on one connection, a journal of two durable commits


def one_run(patients: int, lanes: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "AVIS34_HOME": str(Path(folder) / "profil"),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            "PYTHONPATH": str(PROJECT),
        }
        command = [sys.executable, "-m", "app", "demo", "--json", "--dossier", f"{folder}/essai"]
        command += ["--patients", str(patients), "--voies", str(lanes)]
        began = time.perf_counter()
        done = subprocess.run(
            command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=True
        )
        answer: dict[str, Any] = json.loads(done.stdout)
        answer["wall"] = time.perf_counter() - began
        return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--lanes", type=int, default=1)
    options = parser.parse_args()
    answers = [one_run(options.patients, options.lanes) for _ in range(options.runs)]
    print(f"{options.patients} patients, {options.lanes} lane(s), median of {options.runs} runs")
    counts = {
        "send": answers[0]["by_status"].get("accepted", 0),
        "print": answers[0]["by_status"].get("printed", 0),
    }
    for stage in answers[0]["seconds"]:
        seconds = median(answer["seconds"][stage]["seconds"] for answer in answers)
        count = counts.get(stage, answers[0]["total"])
        rate = (
            f"{count / seconds:10.0f}/s  {1_000 * seconds / count:8.2f} ms each" if seconds else ""
        )
        print(f"  {stage:<10}{seconds:9.2f} s{rate}")
    print(f"  {'whole':<10}{median(answer['wall'] for answer in answers):9.2f} s")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1_024
    print(f"  peak memory {peak:.0f} MB (limit of the issue: 400)")
    sending = median(answer["seconds"]["send"]["seconds"] for answer in answers)
    print(
        f"  sending: peer {PEER_LETTERS_PER_S}/s: {counts['send'] / sending / PEER_LETTERS_PER_S:.2f} ×"
    )


if __name__ == "__main__":
    main()
