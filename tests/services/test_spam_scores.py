"""Every template's message before two judges of unwanted mail: a change that makes it look worse is seen.

Both work offline, by their public rules; .ci/run installs them.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.core.campaign import Channel
from app.letters.catalogue import load
from app.mail.message import build_message
from tests.support.letters import CODE, PERSON, PRACTICE, renderer
from tests.support.spam_judges import (
    Rspamd,
    spamassassin,
    without_rspamd,
    without_spamassassin,
)

pytestmark = pytest.mark.needs_spam_judges
MOST = 0.5
TEMPLATES = [template.id for template in load().letters()]


def message(template_id: str, subject: str = "") -> bytes:
    """The message of one person, as the program sends it."""
    letter = renderer(template_id).render(PERSON, CODE, Channel.EMAIL)
    return build_message(
        subject=subject or letter.subject,
        text=letter.text,
        html=letter.html,
        mail_from=PRACTICE.email,
        display_name=PRACTICE.name,
        to=PERSON.email,
        message_id="<1.7.3f9a0c@cabinet-tilleuls.example>",
        code=CODE,
        date=datetime.now(UTC),
    )


@pytest.mark.skipif(bool(without_spamassassin()), reason=without_spamassassin() or "-")
def test_spamassassin_finds_nothing_in_any_letter(tmp_path: Path) -> None:
    bare = message(TEMPLATES[0]).replace(b"\r\nDate: ", b"\r\nX-D: ")
    *judged, control = spamassassin([*map(message, TEMPLATES), bare], tmp_path)
    found = {
        name: str(one) for name, one in zip(TEMPLATES, judged, strict=True) if one.score > MOST
    }
    assert found == {}
    assert control.score > 1, str(control)  # it does judge: no Date is a bad sign


@pytest.fixture(scope="module")
def rspamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rspamd]:
    if reason := without_rspamd():
        pytest.skip(reason)
    with Rspamd(tmp_path_factory.mktemp("rspamd")) as judge:
        yield judge


@pytest.mark.parametrize("template_id", TEMPLATES)
def test_rspamd_finds_nothing_in_any_letter(template_id: str, rspamd: Rspamd) -> None:
    judged = rspamd.judge(message(template_id))
    assert judged.score <= MOST, str(judged)


def test_rspamd_does_judge(rspamd: Rspamd) -> None:
    judged = rspamd.judge(message(TEMPLATES[0], subject="VOTRE DOSSIER : URGENT"))
    assert judged.score > MOST, str(judged)
