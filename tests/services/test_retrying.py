"""Refused letters go again, to the corrected address; returned ones do not."""

from dataclasses import replace
from pathlib import Path

from app.core.campaign import DeliveryStatus, Reply
from app.services.control import Control
from app.services.retrying import Retried, retry_by_email
from app.services.sending import SendingRun, smtp_transports
from tests.support.campaigns import NOW, FixedClock, make_campaign
from tests.support.sending import plain_renderer
from tests.support.smtp_server import ScriptedServer

_S = DeliveryStatus


def test_refused_letters_go_again_and_returned_ones_do_not(tmp_path: Path) -> None:
    with make_campaign(tmp_path, 4, letters=True) as file, ScriptedServer() as server:
        for number in (1, 2, 3, 4):
            file.claim_next(NOW)
            if number == 3:
                file.move(3, _S.DOT, now=NOW, sha256="00")
                file.move(3, _S.ACCEPTED, now=NOW)
                file.move(3, _S.BOUNCED, now=NOW)
            else:
                file.move(number, _S.REJECTED, now=NOW, reply=Reply(550, "no", "5.1.1"))
        file.update_recipient(replace(file.recipient(1), email="juste@exemple.fr"))
        file.update_recipient(replace(file.recipient(2), email=""))
        assert retry_by_email(file, [1, 2, 3], FixedClock()) == Retried(1, (3,))
        assert [letter.status for letter in file.deliveries()] == [
            _S.PENDING,
            _S.REJECTED,
            _S.BOUNCED,
            _S.REJECTED,
        ]
        account = server.account(tmp_path)
        run = SendingRun(file, smtp_transports(account), plain_renderer, account)
        list(run.run(Control()))
        assert [each.recipients for each in server.received] == [("juste@exemple.fr",)]
        events = list(file.events(kind="retried_by_email"))
        assert [dict(event.facts) for event in events] == [{"count": 1}]
