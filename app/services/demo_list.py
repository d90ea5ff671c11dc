"""The list of the demonstration: the bundled spreadsheet, or invented people by the thousand."""

from collections.abc import Iterator

from app.core.clock import Clock
from app.core.errors import Cancelled
from app.core.recipient import Recipient
from app.services.control import Control
from app.services.demo_events import DemoEvent, ListRead, Stage, StageProgress
from app.services.invented_patients import invented_patients
from app.storage.campaign_file import CampaignFile

_STEP = 1_000


def read_invented(
    campaign_file: CampaignFile, count: int, seed: int, control: Control, clock: Clock
) -> Iterator[DemoEvent]:
    """Put ``count`` invented people into the campaign, all or none. Raises Cancelled."""
    yield StageProgress(Stage.IMPORT, 0, count)
    with campaign_file.transaction():
        campaign_file.add_recipients(_stoppable(invented_patients(count, seed), control))
        facts: dict[str, str | int] = {"patients": count, "seed": seed}
        campaign_file.append_event("invented_patients", facts, clock.now())
    yield StageProgress(Stage.IMPORT, count, count)
    yield ListRead(patients=count, duplicates=0, to_fix=0, to_check=0)


def _stoppable(people: Iterator[Recipient], control: Control) -> Iterator[Recipient]:
    for number, person in enumerate(people):
        if number % _STEP == 0 and not control.wait():
            raise Cancelled
        yield person
