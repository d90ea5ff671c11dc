"""The table of patients reads pages, not the list."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from pytestqt.qtbot import QtBot
from typing_extensions import override

from app.storage.campaign_file import CampaignFile
from app.ui.models.recipients import PatientRow, RecipientsModel
from app.ui.steps.patients_list import PatientsList

MakeCampaign = Callable[..., CampaignFile]
_PEOPLE = 5_000


class CountingModel(RecipientsModel):
    """Keeps how many records were read."""

    reads = 0

    @override
    def read_records(self, keys: Sequence[int]) -> Sequence[PatientRow | None]:
        self.reads += len(keys)
        return super().read_records(keys)


def test_only_the_rows_looked_at_are_read(qtbot: QtBot, make_campaign: MakeCampaign) -> None:
    campaign_file = make_campaign(_PEOPLE)
    patients = PatientsList(campaign_file)
    qtbot.addWidget(patients)
    model = CountingModel(campaign_file, patients.table)
    patients.model = model
    patients.table.setModel(model)
    patients.resize(900, 500)
    patients.show()
    model.show_keys(campaign_file.recipient_ids())
    patients.table.scrollToBottom()
    qtbot.waitExposed(patients)
    patients.grab()
    assert model.rowCount() == _PEOPLE
    assert 0 < model.reads <= 500


def test_everybody_selected_is_known_without_reading_them(
    qtbot: QtBot, make_campaign: MakeCampaign
) -> None:
    campaign_file = make_campaign(_PEOPLE)
    patients = PatientsList(campaign_file)
    qtbot.addWidget(patients)
    patients.show()
    patients.load("liste.xlsx")
    patients.table.selectAll()
    assert len(patients.selected()) == _PEOPLE
    assert len(patients.selected_rows()) == 100


def test_a_record_is_read_again_after_a_change(qtbot: QtBot, make_campaign: MakeCampaign) -> None:
    campaign_file = make_campaign(3)
    patients = PatientsList(campaign_file)
    qtbot.addWidget(patients)
    patients.load("liste.xlsx")
    before = patients.model.record(0)
    assert before is not None
    campaign_file.update_recipient(replace(before.recipient, last_name="Changé"))
    patients.model.forget_records()
    after = patients.model.record(0)
    assert after is not None
    assert after.recipient.last_name == "Changé"
