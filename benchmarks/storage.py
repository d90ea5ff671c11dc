"""The campaign file beside plain SQLite: same tables, same rows, same durability, no encryption.

    python -m benchmarks.storage [--people 300000] [--rounds 3] [--json]

Medians of several rounds. « plain » runs the very same code through Python's own sqlite3 on the same disk.
"""

import argparse
import json
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch  # noqa: TID251 - swaps the engine under measurement, nothing is faked

from app.core.campaign import Campaign, Channel, Delivery, DeliveryStatus, Reply
from app.core.campaign import new_letter_code as new_code
from app.core.recipient import PostalAddress, Recipient
from app.storage import database
from app.storage.campaign_file import CampaignFile
from app.storage.keys import new_key
from app.storage.queries import RecipientOrder, RecipientQuery

NOW = datetime(2026, 1, 26, 9, 4, tzinfo=UTC)
LAST = ("Lefèvre", "Durand", "N’Diaye", "Œuvrard", "Martin", "Le Goff", "Schmitt")
FIRST = ("Jeanne", "Élodie", "Paul", "Zoé", "Léa", "Soazig")
LETTERS = 400
S = DeliveryStatus


def person(number: int) -> Recipient:
    """Invented, deterministic."""
    return Recipient(
        row=number + 1,
        last_name=f"{LAST[number % 7]}{number * 7919 % 9973}",
        first_name=FIRST[number % 6],
        birth_date=date(1940 + number % 80, 1 + number % 12, 1 + number % 28),
        email=f"patient{number}@exemple.fr",
        phone=f"06{number % 10**8:08d}",
        address=PostalAddress(
            street=f"{number % 200} rue des Lilas", postcode=f"{number % 95000:05d}", city="Belfort"
        ),
    )


def letter(number: int) -> Delivery:
    """A planned e-mail letter; codes scattered like random ones, and distinct."""
    scattered = number * 2_654_435_761 % 29**8
    code = new_code(bytes(scattered // 29**place % 29 for place in range(8)))
    return Delivery(number, Channel.EMAIL, S.PENDING, code, f"<{number}.{number * 31}@exemple.fr>")


def plain_connect(file: Path, _: bytes) -> sqlite3.Connection:
    """Same pragmas, no key."""
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    for pragma in database.PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def timed(action: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def with_cpu(name: str, action: Callable[[], object]) -> Iterator[tuple[str, float]]:
    """Seconds of one call by the clock and of the processor: the second forgives a busy computer."""
    start = time.process_time()
    yield f"{name}, s", timed(action)
    yield f"{name}, CPU s", time.process_time() - start


def send(file: CampaignFile, letters: int = LETTERS) -> None:
    """Claim, dot, accepted: three durable commits per letter."""
    for _ in range(letters):
        claimed = file.claim_next(NOW)
        assert claimed is not None
        file.move(claimed[0].id, S.DOT, now=NOW, sha256="ab" * 32, account="smtp:a@b")
        file.move(claimed[0].id, S.ACCEPTED, now=NOW, reply=Reply(250, "queued as 4Xz", "2.0.0"))


def measure(folder: Path, people: int, *, encrypted: bool) -> Iterator[tuple[str, float]]:
    """(name, value) of every measure of one round."""
    listed = [person(number) for number in range(1, people + 1)]
    planned = [letter(number) for number in range(1, people + 1)]
    key = new_key()
    path = folder / f"{'chiffré' if encrypted else 'clair'}.avis34"
    file = CampaignFile.create(path, Campaign("bench", "Mesure", NOW), key)
    yield from with_cpu("insert people", lambda: file.add_recipients(listed))
    yield from with_cpu("insert letters", lambda: file.add_deliveries(planned))
    listed.clear()
    planned.clear()
    send(file, 2)  # the first commit after a bulk insert also copies the log into the file
    (_, spent), (_, cpu) = with_cpu("send", lambda: send(file))
    yield "CPU ms per letter (3 durable moves)", cpu / LETTERS * 1000
    yield "letters per second (3 durable moves each)", LETTERS / spent
    yield "durable moves per second", 3 * LETTERS / spent
    file.close()
    opened: list[CampaignFile] = []
    yield "open, s", timed(lambda: opened.append(CampaignFile.open(path, key)))
    file = opened[0]
    by_name = RecipientOrder.NAME
    pages = {
        "page in list order, ms": RecipientQuery(),
        "page by name, ms": RecipientQuery(order=by_name),
        "page filtered, by name, ms": RecipientQuery("lefevre 12", order=by_name),
        "page with one hit of all, ms": RecipientQuery(f"patient{people}@", order=by_name),
        "page with one hit, list order, ms": RecipientQuery(f"patient{people}@"),
        "page of nobody, ms": RecipientQuery("personne de ce nom", order=by_name),
        "page of people left out, by name, ms": RecipientQuery(excluded=True, order=by_name),
        "page of remarks in records, by name, ms": RecipientQuery(
            has_annotations=True, order=by_name
        ),
    }
    for name, query in pages.items():
        file.recipient_ids(query, limit=256)
        spent = timed(
            lambda query=query: file.recipients_by_ids(file.recipient_ids(query, limit=256))
        )  # type: ignore[misc]
        yield name, spent * 1000
    yield (
        "all ids by name, ms",
        timed(lambda: file.recipient_ids(RecipientQuery(order=by_name))) * 1000,
    )
    yield "closing balance, ms", timed(lambda: file.balance(1)) * 1000
    window = NOW - timedelta(days=1)
    yield "sent in 24 h, ms", timed(lambda: file.sent_since("smtp:a@b", window)) * 1000
    for number in range(20):
        with file.transaction():
            for inner in range(5_000):
                file.append_event("measure", {"number": number * 5_000 + inner}, NOW)
    events = file.count_events()
    yield "chain verification, events per second", events / timed(file.verify_chain)
    if encrypted:
        yield "backup copy, s", timed(lambda: file.backup(NOW))
    file.close()
    yield "file, MB", (path / "campagne.db").stat().st_size / 1e6


def round_of(people: int, *, encrypted: bool) -> dict[str, float]:
    """All measures once, in a folder of its own."""
    with tempfile.TemporaryDirectory() as place:
        os.environ["AVIS34_HOME"] = place
        if encrypted:
            return dict(measure(Path(place), people, encrypted=True))
        no_check = patch.object(CampaignFile, "_check_identity", lambda *_: None)
        with (
            patch.object(database, "connect", plain_connect),
            patch.object(database.sqlcipher3, "Error", sqlite3.Error),
            no_check,
        ):
            return dict(measure(Path(place), people, encrypted=False))


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=300_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rounds: dict[str, list[dict[str, float]]] = {"plain": [], "encrypted": []}
    for _ in range(options.rounds):
        for name, found in rounds.items():
            found.append(round_of(options.people, encrypted=name == "encrypted"))
    medians = {
        name: {what: statistics.median(one[what] for one in found) for what in found[0]}
        for name, found in rounds.items()
    }
    if options.json:
        print(json.dumps({"people": options.people, "rounds": options.rounds, **medians}))
        return
    print(
        f"{options.people} people, medians of {options.rounds} rounds, Python {sys.version.split()[0]}"
    )
    print(f"{'':45}{'plain':>12}{'encrypted':>12}{'ratio':>8}")
    for what, value in medians["encrypted"].items():
        beside = medians["plain"].get(what)
        ratio = "" if not beside else f"{value / beside:8.2f}"
        print(f"{what:45}{'' if beside is None else f'{beside:12.2f}':>12}{value:12.2f}{ratio}")


if __name__ == "__main__":
    main()
