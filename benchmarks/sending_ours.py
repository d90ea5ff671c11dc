"""Our side of ``benchmarks.sending``, each step in a fresh process so that memory and start are its own.

``python -m benchmarks.sending_ours prepare FOLDER LETTERS`` makes the campaign; ``… send FOLDER PORT LANES WHAT``
sends it and prints what it measured of itself as JSON. WHAT: « whole » renders each letter and keeps the
journal; « ready » keeps the journal for one letter made beforehand; « wire » only sends bytes made beforehand.
"""

import json
import resource
import sys
import threading
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

SENDER = "contact@cabinet-exemple.fr"
KEY = bytes(range(32))
_NAME = "banc.avis34"


def prepare(folder: Path, letters: int) -> None:
    """A campaign with so many planned letters."""
    from app.core.campaign import Campaign
    from app.core.recipient import Restriction
    from app.services.invented_patients import invented_patients
    from app.services.planning import PlanOptions, plan
    from app.services.samples import load_sample, sample_ids
    from app.storage.campaign_file import CampaignFile

    now = datetime.now(UTC)
    sample = load_sample(sample_ids()[0], now.date())
    with CampaignFile.create(folder / _NAME, Campaign("banc", "Banc", now), KEY) as file:
        with file.transaction():
            file.save_practice(sample.practice, now)
            file.save_incident(sample.incident, now)
        plain = {
            "has_annotations": False,
            "deceased": False,
            "restriction": Restriction.NONE,
            "excluded": None,
        }
        file.add_recipients(
            replace(person, email=f"patient{number}@exemple.example", **plain)
            for number, person in enumerate(invented_patients(letters, 34), start=1)
        )
        plan(file, PlanOptions(sender=SENDER, template_id=sample.incident.template_id))


def _account(port: int):  # type: ignore[no-untyped-def]
    from app.core.mail_account import AuthKind, MailAccount, Security

    return MailAccount(
        SENDER, "127.0.0.1", port, Security.PLAIN_LOOPBACK, auth=AuthKind.NONE, limits=(),
        letters_per_connection=1_000,
    )  # fmt: skip


@dataclass(frozen=True)
class _Fixed:
    subject: str
    text: str
    html: str


def send(folder: Path, port: int, lanes: int, what: str) -> dict[str, float]:
    """Send the campaign; figures of the run."""
    from app.core.campaign import Channel, DeliveryStatus
    from app.services import lettering
    from app.services.control import Control
    from app.services.sending import DeliveryChanged, SendingOptions, SendingRun, smtp_transports
    from app.storage.campaign_file import CampaignFile

    before_open = time.perf_counter()
    with CampaignFile.open(folder / _NAME, KEY) as file:
        opened = time.perf_counter() - before_open
        letters = file.count_deliveries()
        account = _account(port)
        renderer_for = lettering.renderer_for
        if what != "whole":
            person = file.recipient(1)
            code = next(file.deliveries(limit=1)).code
            one = lettering.renderer_for(file).render(person, code, Channel.EMAIL)
            fixed = _Fixed(one.subject, one.text, one.html)

            class _Ready:
                def render(self, *_: object) -> _Fixed:
                    return fixed

            renderer_for = lambda _file: _Ready()  # noqa: E731
        if what == "wire":
            return _wire(account, fixed, letters, lanes)
        run = SendingRun(
            file,
            smtp_transports(account),
            renderer_for,
            account,
            options=SendingOptions(lanes=lanes, refusal_floor=letters + 1),
            before_first=lettering.freeze,
        )
        cpu, start = time.process_time(), time.perf_counter()
        first, at_tenth = 0.0, 0.0
        for event in run.run(Control()):
            if isinstance(event, DeliveryChanged):
                first = first or time.perf_counter() - start
                if not at_tenth and event.tally.accepted * 10 >= letters:
                    at_tenth = _peak_mb()
        seconds = time.perf_counter() - start
        assert file.balance().count(DeliveryStatus.ACCEPTED) == letters
        return {
            "seconds": seconds,
            "open_s": opened,
            "first_letter_s": first,
            "cpu_ms_per_letter": 1_000 * (time.process_time() - cpu) / letters,
            "peak_mb_at_tenth": at_tenth,
            "peak_mb": _peak_mb(),
        }


def _wire(account, letter: _Fixed, letters: int, lanes: int) -> dict[str, float]:  # type: ignore[no-untyped-def]
    """Bytes made beforehand through our transport: no journal."""
    from app.mail.message import build_message
    from app.mail.transport import SmtpTransport

    data = build_message(
        subject=letter.subject, text=letter.text, html=letter.html, mail_from=SENDER,
        display_name="Cabinet", to="patient@exemple.example", message_id="<1@exemple.example>",
        code="AAAA-AAAA-A", date=datetime.now(UTC),
    )  # fmt: skip
    from app.mail.addresses import Envelope

    envelope = Envelope(SENDER, "patient@exemple.example", "AAAA-AAAA-A")

    def work(count: int) -> None:
        way = SmtpTransport(account)
        way.connect()
        for _ in range(count):
            way.envelope_and_body(envelope, data)
            assert way.dot().code == 250
        way.close()

    cpu, start = time.process_time(), time.perf_counter()
    threads = [
        threading.Thread(target=work, args=(letters // lanes,))  # noqa: TID251
        for _ in range(lanes)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {
        "seconds": time.perf_counter() - start,
        "cpu_ms_per_letter": 1_000 * (time.process_time() - cpu) / letters,
        "bytes": len(data),
        "peak_mb": _peak_mb(),
    }


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        print(json.dumps(send(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])))
