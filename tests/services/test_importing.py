"""From a file to patients in a real encrypted campaign, in two steps."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app import paths
from app.core.campaign import Channel, Delivery, DeliveryStatus, new_letter_code
from app.core.cleaned import State
from app.core.errors import Cancelled
from app.core.errors.files import NoNameColumn, NoReachColumn
from app.core.headers import Field
from app.core.issue import Level
from app.core.recipient import ExclusionReason, Restriction
from app.services.control import Control
from app.services.importing import (
    ImportProgress,
    ImportSummary,
    ListDifference,
    ReadOptions,
    Understanding,
    apply,
    preview,
    understand,
)
from app.services.rows_to_correct import export_rows_to_correct
from app.services.sample_list import sample_patients, sample_rows
from app.spreadsheet import read_table
from app.storage.campaign_file import CampaignFile
from app.wording import describe
from tests.support.lists import (
    HEADERS,
    TODAY,
    csv_bytes,
    empty_campaign,
    imported,
    person,
    understood,
    write_list,
)


@pytest.fixture
def campaign_file(tmp_path: Path) -> Iterator[CampaignFile]:
    with empty_campaign(tmp_path) as opened:
        yield opened


def codes(campaign_file: CampaignFile) -> dict[str, int]:
    found: dict[str, int] = {}
    for (_, code), count in campaign_file.issue_counts(settled=None).items():
        found[code] = found.get(code, 0) + count
    return found


def difference(campaign_file: CampaignFile, path: Path) -> ListDifference:
    last = list(preview(campaign_file, understood(path)))[-1]
    assert isinstance(last, ListDifference)
    return last


def test_the_sample_list(campaign_file: CampaignFile) -> None:
    path = paths.resources_dir() / "liste-exemple.xlsx"
    understanding = understood(path)
    assert understanding.table.header_row == 5
    refused = [column.header for column in understanding.mapping.not_imported]
    assert refused == ["NIR", "OBSERVATIONS"]
    summary = imported(campaign_file, path)
    assert (summary.people, summary.duplicates, summary.left_out_rows) == (72, 2, 1)
    people = list(campaign_file.recipients())
    wanted = sample_patients()
    assert [one.birth_date for one in people] == [one.birth_date for one in wanted]
    assert [one.address.postcode for one in people] == [one.address.postcode for one in wanted]
    assert [one.email for one in people] == [one.email for one in wanted]
    assert [one.phone for one in people] == [one.phone for one in wanted]
    assert [one.has_annotations for one in people] == [one.has_annotations for one in wanted]
    assert sum(one.restriction is Restriction.DO_NOT_WRITE for one in people) == 1
    assert sum(one.excluded is ExclusionReason.DUPLICATE for one in people) == 2
    found = codes(campaign_file)
    assert {
        "email_shared",
        "minor",
        "minor_alone",
        "very_old",
        "deceased",
        "duplicate_likely",
        "care_home",
        "foreign_address",
        "repaired_postcode_zero_added",
        "repaired_date_serial",
        "row_total",
    } <= set(found)


def test_the_bundled_sample_is_the_one_the_code_makes(tmp_path: Path) -> None:
    from app.services.sample_list import write_sample_list

    write_sample_list(tmp_path / "x.xlsx")
    made, bundled = (
        read_table(path)
        for path in (tmp_path / "x.xlsx", paths.resources_dir() / "liste-exemple.xlsx")
    )
    assert [b.text for b in made.batches] == [b.text for b in bundled.batches]
    assert len(list(sample_rows())) == bundled.facts.rows


def test_nobody_in_the_sample_can_be_reached() -> None:
    for one in sample_patients():
        assert one.email == "" or one.email.endswith(".example")
        digits = one.phone.replace(" ", "")
        assert digits == "" or digits[:6] in {
            "019900",
            "026191",
            "035301",
            "046571",
            "053649",
            "063998",
        }


def test_observations_and_nir_never_enter_the_campaign(
    campaign_file: CampaignFile, tmp_path: Path
) -> None:
    path = tmp_path / "liste.csv"
    rows = [
        (*HEADERS, "NIR", "OBSERVATIONS"),
        (*person(), "170990000000101", "allergie à la pénicilline"),
    ]
    path.write_bytes(csv_bytes(rows))
    imported(campaign_file, path)
    kept = [str(getattr(one, name)) for one in campaign_file.recipients() for name in one.__slots__]
    kept += [str(dict(stored.issue.facts)) for stored in campaign_file.issues()]
    kept += [str(record) for record in campaign_file.imports()]
    assert not any("170990000000101" in text or "pénicilline" in text for text in kept)


def test_every_remark_has_its_sentences(campaign_file: CampaignFile, tmp_path: Path) -> None:
    path = write_list(
        tmp_path,
        person("LEF?VRE", "", "31/02/1985", "x@", postcode="2A004"),
        person("DUPONT ép. MARTIN", "Zoé", "12/03/15", "zoe@gmial.com", city="DIJON"),
        person("LefÃ¨vre", "Anne", "03/25/1985", "a@b.fr; c@d.fr", postcode="1000"),
        person("", "", "", "", street="", postcode="", city=""),
        ("", "", "", "", "", "", "", "", ""),
        HEADERS,
        ("Total", "5"),
    )
    summary = imported(campaign_file, path)
    assert (summary.people, summary.blank_rows, summary.left_out_rows) == (4, 1, 2)
    for stored in campaign_file.issues():
        text = describe(stored.issue)
        assert text.what
        assert "{" not in text.one_line()
        for sign in (";", "?", "!", ":"):
            assert f" {sign}" not in text.one_line()
    assert campaign_file.issue_counts()[Level.BLOCKING, "name_missing"] == 1


def test_no_value_changes_without_a_trace(tmp_path: Path) -> None:
    """Each text kept is the text shown, or the cell carries a mark."""
    fields = {
        "last_name": Field.LAST_NAME,
        "first_name": Field.FIRST_NAME,
        "email": Field.EMAIL,
    }
    places = {"street": Field.ADDRESS, "postcode": Field.POSTCODE, "city": Field.CITY}
    path = write_list(
        tmp_path,
        person(),
        person(
            "  DURAND",
            "Paul ",
            "31118",
            " PAUL@Courriel.example",
            postcode="1000",
            city="Bourg\u00a0en\u00a0Bresse",
        ),
        person(
            "N’Diaye",
            "Be\u0301a",
            "12/03/85",
            "mailto:a@b.fr",
            street="8  rue\tX",
            postcode="F-39000",
        ),
        person("X", "#N/A", "12/03/1985", "néant", street='="8 rue Y"', postcode="39 000"),
    )
    understanding = understood(path)
    for cleaned, row in zip(understanding.first_rows, understanding.table.rows(), strict=True):
        one, mapping = cleaned.recipient, understanding.mapping
        marked = {cell.column.field for cell in cleaned.marks}
        values = {field: getattr(one, name) for name, field in fields.items()}
        values |= {field: getattr(one.address, name) for name, field in places.items()}
        for field, value in values.items():
            column = mapping.column(field)
            assert column is not None
            if value != row.cells[column.index]:
                assert field in marked, (row.number, field)
        born = mapping.column(Field.BIRTH_DATE)
        assert born is not None
        if one.birth_date is not None and f"{one.birth_date:%d/%m/%Y}" != row.cells[born.index]:
            assert Field.BIRTH_DATE in marked


def test_repairs_are_counted_with_their_rows(campaign_file: CampaignFile, tmp_path: Path) -> None:
    rows = [
        person(f"N{n}", postcode="1000" if n in {0, 1, 2, 5} else "39000", mail="")
        for n in range(6)
    ]
    imported(campaign_file, write_list(tmp_path, *rows))
    stored = next(item for item in campaign_file.issues(code="repaired_postcode_zero_added"))
    assert (stored.issue.facts["count"], stored.issue.facts["rows"]) == (4, "2-4,7")


def test_missing_columns_are_refused(campaign_file: CampaignFile, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(csv_bytes([("Mail", "CP"), ("a@b.fr", "39000")]))
    with pytest.raises(NoNameColumn):
        list(apply(campaign_file, understood(path)))
    path.write_bytes(csv_bytes([("Nom", "Prénom"), ("DURAND", "Paul")]))
    with pytest.raises(NoReachColumn):
        list(apply(campaign_file, understood(path)))
    assert campaign_file.count_recipients() == 0


def test_columns_corrected_by_the_user(campaign_file: CampaignFile, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(csv_bytes([("Champ 1", "Champ 2", "Mail"), ("DURAND", "Paul", "a@b.fr")]))
    understanding = understood(path)
    mapping = understanding.mapping.assign(0, Field.LAST_NAME).assign(1, Field.FIRST_NAME)
    corrected = understanding.with_mapping(mapping)
    assert corrected.first_rows[0].recipient.display_name == "DURAND Paul"
    list(apply(campaign_file, corrected))
    assert campaign_file.recipient(1).first_name == "Paul"
    remembered = {corrected.table.headers: mapping.by_header()}
    again = list(understand(path, remembered=remembered, today=TODAY))[-1]
    assert isinstance(again, Understanding)
    assert again.mapping.fields() == mapping.fields()


def test_a_stop_leaves_nothing(campaign_file: CampaignFile, tmp_path: Path) -> None:
    path = write_list(tmp_path, *[person(f"N{n}", mail="") for n in range(5_000)])
    control = Control()
    events = apply(campaign_file, understood(path), control)
    assert isinstance(next(events), ImportProgress)
    control.stop()
    with pytest.raises(Cancelled):
        list(events)
    assert campaign_file.count_recipients() == 0
    assert campaign_file.imports() == []
    with pytest.raises(Cancelled):
        list(understand(path, control=control))


def test_the_summary_comes_when_everything_is_on_the_disk(
    campaign_file: CampaignFile, tmp_path: Path
) -> None:
    events = apply(campaign_file, understood(write_list(tmp_path, person())))
    next(event for event in events if isinstance(event, ImportSummary))
    with (
        campaign_file.reopen() as other
    ):  # another connection sees it, before the generator is exhausted
        assert other.count_recipients() == 1


def test_a_second_list_adds_updates_and_never_doubles(
    campaign_file: CampaignFile, tmp_path: Path
) -> None:
    first = write_list(
        tmp_path, person(), person("PETIT", "Anne", "01/02/1990", "anne@courriel.example")
    )
    imported(campaign_file, first)
    second = write_list(
        tmp_path,
        person("Durand", "PAUL", mail="nouveau@courriel.example"),  # same person, other e-mail
        person("PETIT", "Anne", "01/02/1990", ""),  # an empty cell erases nothing
        person("BLANC", "René", "03/04/1950", ""),
        name="complement.csv",
    )
    planned = difference(campaign_file, second)
    assert (planned.added, planned.updated, planned.unchanged) == (1, 1, 1)
    assert planned.changes[0].fields[-1] == "email"
    assert campaign_file.count_recipients() == 2  # nothing is written by a preview
    summary = imported(campaign_file, second)
    assert (summary.list_number, summary.added, summary.updated, summary.unchanged) == (2, 1, 1, 1)
    people = list(campaign_file.recipients())
    assert [one.email for one in people] == [
        "nouveau@courriel.example",
        "anne@courriel.example",
        "",
    ]
    assert people[2].row == 10_000_004
    again = imported(campaign_file, second)
    assert (again.added, again.updated) == (0, 0)
    assert campaign_file.count_recipients() == 3
    assert difference(campaign_file, second).same_file


def test_people_already_written_to_are_left_as_they_are(
    campaign_file: CampaignFile, tmp_path: Path
) -> None:
    imported(campaign_file, write_list(tmp_path, person()))
    before = campaign_file.recipient(1)
    campaign_file.add_deliveries(
        [Delivery(1, Channel.PAPER, DeliveryStatus.PENDING, new_letter_code(), template_id="T01")]
    )
    delivery = next(iter(campaign_file.deliveries()))
    from app.core.clock import SystemClock

    campaign_file.move(delivery.id, DeliveryStatus.PRINTED, now=SystemClock().now())
    later = write_list(tmp_path, person(mail="autre@courriel.example"), name="b.csv")
    summary = imported(campaign_file, later)
    assert (summary.already_written, summary.updated, summary.added) == (1, 0, 0)
    assert campaign_file.recipient(1) == before
    assert next(iter(campaign_file.deliveries())).status is DeliveryStatus.PRINTED
    assert codes(campaign_file)["changed_after_letter"] == 1


def test_do_not_write_is_never_lifted_by_a_later_list(
    campaign_file: CampaignFile, tmp_path: Path
) -> None:
    imported(campaign_file, write_list(tmp_path, person()))
    campaign_file.update_recipient(
        replace(campaign_file.recipient(1), restriction=Restriction.DO_NOT_WRITE)
    )
    imported(
        campaign_file, write_list(tmp_path, person(mail="autre@courriel.example"), name="b.csv")
    )
    assert campaign_file.recipient(1).restriction is Restriction.DO_NOT_WRITE


def test_another_file_instead(campaign_file: CampaignFile, tmp_path: Path) -> None:
    imported(campaign_file, write_list(tmp_path, person(), person("PETIT", "Anne", mail="")))
    imported(
        campaign_file,
        write_list(tmp_path, person("BLANC", mail=""), name="b.csv"),
        replace_list=True,
    )
    assert [one.last_name for one in campaign_file.recipients()] == ["BLANC"]


def test_refused_rows_go_back_in_their_own_columns(
    campaign_file: CampaignFile, tmp_path: Path
) -> None:
    path = tmp_path / "liste.csv"
    rows = [
        (*HEADERS, "NIR"),
        (*person(), "170990000000101"),
        (*person("PETIT", mail="", street=""), "170990000000202"),
    ]
    path.write_bytes(csv_bytes(rows))
    understanding = understood(path)
    list(apply(campaign_file, understanding))
    assert export_rows_to_correct(campaign_file, understanding, tmp_path / "refus.xlsx").rows == 1
    table = read_table(tmp_path / "refus.xlsx")
    assert table.headers == (*HEADERS, "Pourquoi")
    refused = next(iter(table.rows()))
    assert refused.cells[1] == "PETIT"
    assert refused.cells[-1] == "L’adresse postale est incomplète."


def test_the_file_itself_is_remarked_upon(campaign_file: CampaignFile, tmp_path: Path) -> None:
    path = tmp_path / "liste.txt"
    path.write_bytes("Nom\tPrénom\tMail\nDURAND ©\tPaul\ta@b.fr\n".encode("cp1252"))
    understanding = understood(path, ReadOptions())
    list(apply(campaign_file, understanding))
    found = codes(campaign_file)
    assert found.get("file_encoding", 0) + bool(understanding.table.facts.encoding_is_sure) == 1


def test_understanding_says_the_state_of_each_cell(tmp_path: Path) -> None:
    understanding = understood(write_list(tmp_path, person(mail="a@gmial.com", postcode="1000")))
    states = {cell.mark.code: cell.mark.state for cell in understanding.first_rows[0].marks}
    assert states["postcode_zero_added"] is State.REPAIRED
    assert states["email_domain_typo"] is State.DOUBTFUL
