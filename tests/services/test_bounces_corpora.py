"""Returned mail that nobody here wrote: sisimai's ``set-of-emails/maildir/bsd`` (BSD-2), hundreds of reports.

Not part of this repository (they quote third parties' addresses): laid in ``../shared/corpora/bounces`` beside
the checkout, or named by AVIS34_RETOURS. Skipped, with the reason, where they are not.
"""

import os
import re
from collections import Counter
from pathlib import Path

import pytest

from app.core.campaign import DeliveryStatus
from app.services.bounces import BounceIntake, Outcome
from app.storage.campaign_file import CampaignFile
from tests.support.campaigns import KEY, NOW, FixedClock, make_campaign, make_delivery
from tests.support.campaigns import make_recipient as person

_S = DeliveryStatus
CORPUS = Path(
    os.environ.get("AVIS34_RETOURS") or Path(__file__).parents[3] / "shared" / "corpora" / "bounces"
)
pytestmark = pytest.mark.skipif(
    not any(CORPUS.glob("*.eml")) if CORPUS.is_dir() else True,
    reason="no collection of returned mail in ../shared/corpora/bounces or AVIS34_RETOURS",
)
#: complaints (RFC 5965) and holiday answers: no returned letters
NO_BOUNCES = ("arf-", "rfc3834-")
_ID = re.compile(rb"(?im)^message-id:\s*(<[^<>\s]+@[^<>\s]+>)")


def identifier_in(raw: bytes) -> str:
    """The last Message-ID that stands under the report's own headers: a plain look, not the program's."""
    body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2]
    found = _ID.findall(body)
    return found[-1].decode("ascii", "replace") if found else ""


def campaign_of(identifiers: set[str], folder: Path) -> tuple[CampaignFile, dict[int, str]]:
    """One accepted letter for each identifier, to people whom no report names."""
    file = make_campaign(folder)
    names = dict(enumerate(sorted(identifiers), start=1))
    with file.transaction():
        file.add_recipients(person(number) for number in names)
        file.add_deliveries(make_delivery(n, message_id=name) for n, name in names.items())
    return file, names


def test_reports_nobody_here_wrote_find_their_letter_and_no_other(tmp_path: Path) -> None:
    reports = {path.name: path.read_bytes() for path in sorted(CORPUS.glob("*.eml"))}
    truth = {name: identifier_in(raw) for name, raw in reports.items()}
    found: Counter[str] = Counter()
    wrong = []
    file, names = campaign_of({one for one in truth.values() if one}, tmp_path)
    with file:
        for number in names:
            file.claim_next(NOW)
            file.move(number, _S.DOT, now=NOW, sha256="00")
            file.move(number, _S.ACCEPTED, now=NOW)
        intake = BounceIntake(file, FixedClock())
        for name, raw in reports.items():
            taken = intake.take(raw)  # an exception here is a crash
            found[taken.outcome] += 1
            if taken.delivery is None:
                continue
            if names[taken.delivery.id] == truth[name]:
                found["right"] += 1
            elif names[taken.delivery.id].encode() not in raw:
                wrong.append(name)
    bounces = [name for name in reports if not name.startswith(NO_BOUNCES)]
    carrying = [name for name in bounces if truth[name]]
    assert len(bounces) >= 500
    assert wrong == []
    assert found["right"] >= 0.97 * len(carrying)
    assert found["right"] >= 0.85 * len(bounces)
    assert found[Outcome.OTHER] <= 0.1 * len(reports)


def test_no_cut_of_a_report_breaks_the_reader(tmp_path: Path) -> None:
    with CampaignFile.open(make_closed(tmp_path), KEY) as file:
        intake = BounceIntake(file, FixedClock())
        for path in sorted(CORPUS.glob("*.eml"))[::10]:
            raw = path.read_bytes()
            for end in range(0, len(raw), max(len(raw) // 7, 1)):
                assert intake.take(raw[:end]).delivery is None


def make_closed(folder: Path) -> Path:
    """A campaign that no report speaks of."""
    with make_campaign(folder, 3, letters=True) as file:
        return file.folder
