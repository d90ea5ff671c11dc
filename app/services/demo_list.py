"""The list of the demonstration: the bundled spreadsheet, or invented people by the thousand."""

from collections.abc import Iterator

from app import paths
from app.core.clock import Clock
from app.core.errors import BugError, Cancelled
from app.core.issue import Level
from app.core.recipient import Recipient
from app.services import importing
from app.services.control import Control
from app.services.demo_events import DemoEvent, ListRead, Stage, StageProgress
from app.services.invented_patients import invented_patients
from app.storage.campaign_file import CampaignFile

_STEP = 1_000
LIST_NAME = "liste-exemple.xlsx"


def read_sample_list(
    campaign_file: CampaignFile, control: Control, clock: Clock
) -> Iterator[DemoEvent]:
    """Import the bundled spreadsheet, as it is understood by itself.

    Raises:
        Cancelled: stopped; nothing was written.
    """
    path = paths.resources_dir() / LIST_NAME
    today = importing.today_in_france(clock)
    understanding: importing.Understanding | None = None
    for event in importing.understand(path, control=control, today=today):
        if isinstance(event, importing.Understanding):
            understanding = event
        else:
            yield StageProgress(Stage.IMPORT, event.done, event.total)
    if understanding is None:
        raise BugError("the sample list gave no understanding")
    for step in importing.apply(campaign_file, understanding, control, clock):
        if isinstance(step, importing.ImportSummary):
            yield StageProgress(Stage.IMPORT, step.rows, step.rows)
            yield ListRead(
                patients=step.people,
                duplicates=step.duplicates,
                to_fix=step.issues.get(Level.BLOCKING, 0),
                to_check=step.issues.get(Level.CHECK, 0),
                not_imported=tuple(column.header for column in understanding.mapping.not_imported),
            )
        else:
            yield StageProgress(Stage.IMPORT, step.done, step.total)


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
