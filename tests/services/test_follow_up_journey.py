"""A follow-up letter really leaves: second run, second text, first run untouched, both in the dossier."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pypdf

from app.core.campaign import Channel, DeliveryStatus
from app.services import follow_up
from app.services.control import Control
from app.services.departure import departure, plan_options
from app.services.evidence import Dossier, write_dossier
from app.services.follow_up import Audience, FollowUp
from app.services.lettering import freeze, renderer_for
from app.services.planning import plan
from app.services.printing import PrintOptions, PrintRun
from app.services.sending import SendingOptions, SendingRun
from app.storage.campaign_file import CampaignFile
from tests.support.campaigns import FixedClock
from tests.support.ready_campaign import NOW, ready_campaign

S = DeliveryStatus
FIRST, LATER = FixedClock(NOW), FixedClock(NOW + timedelta(days=10))


def send(file: CampaignFile, clock: FixedClock) -> None:
    number = file.current_run
    with departure(file, None) as way:
        run = SendingRun(
            file,
            way.transports,
            lambda own: renderer_for(own, number),
            way.account,
            practice_name="Cabinet",
            clock=clock,
            options=SendingOptions(run=number, lanes=1),
            before_first=lambda own: freeze(own, number, clock),
        )
        for _ in run.run(Control()):
            pass


def test_the_second_letter_leaves_by_both_roads(tmp_path: Path) -> None:
    file = ready_campaign(tmp_path)
    plan(file, plan_options(file, None), FIRST)
    send(file, FIRST)
    for _ in PrintRun(file, tmp_path / "premieres.pdf", clock=FIRST).run(Control()):
        pass
    assert file.delivery_counts(1)[Channel.EMAIL, S.ACCEPTED] == 9
    first = {letter.code for letter in file.deliveries(run=1)}
    wanted = FollowUp("T14", Audience.EVERYBODY, "Données bancaires aussi concernées")
    assert follow_up.start(file, wanted, "contact@cabinet.example", LATER) == 2
    details = {
        **file.incident().details,
        "lettre_initiale_date": "2026-03-02",
        "elements_nouveaux": "Les coordonnées bancaires sont aussi concernées",
    }
    file.save_incident(replace(file.incident(), details=details), LATER.now())

    again = plan(file, plan_options(file, None, 2), LATER)  # as the sending page does
    assert again.added == 0
    send(file, LATER)
    for _ in PrintRun(file, tmp_path / "suivi.pdf", PrintOptions(run=2), clock=LATER).run(
        Control()
    ):
        pass
    second = file.delivery_counts(2)
    assert second[Channel.EMAIL, S.ACCEPTED] == 9
    assert second[Channel.PAPER, S.PRINTED] == 2
    assert not first & {letter.code for letter in file.deliveries(run=2)}
    run = file.run(2)
    assert run is not None
    assert run.purpose == wanted.purpose
    assert next(iter(run.templates)).startswith("T14")
    assert file.incident(1).template_id == "T01"
    text = pypdf.PdfReader(tmp_path / "suivi.pdf").pages[0].extract_text()
    assert "coordonnées bancaires" in " ".join(text.split())
    *_, made = write_dossier(file, tmp_path / "dossier", clock=LATER)
    assert isinstance(made, Dossier)
    told = " ".join(page.extract_text() for page in pypdf.PdfReader(made.pdf).pages)
    assert "Lettre de suivi (envoi 2)" in told
    assert wanted.purpose in " ".join(told.split())
    assert file.verify_chain().is_whole
    file.close()
