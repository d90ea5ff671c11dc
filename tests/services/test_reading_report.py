"""« avis34 lire »: the JSON holds to its schema; one sentence and exit code 2 when a file cannot be read."""

import json
from pathlib import Path

import jsonschema
import pytest

from app import paths
from app.cli import command_line
from app.cli.lire import lire
from tests.support.lists import person, write_list

SCHEMA = Path(__file__).parents[2] / "docs" / "lire.schema.json"
SAMPLE = paths.resources_dir() / "liste-exemple.xlsx"


@pytest.fixture(autouse=True)
def command() -> None:
    if "lire" not in command_line.avis34.commands:
        command_line.avis34.add_command(lire)


def test_the_json_holds_to_its_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.run(["lire", str(SAMPLE), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, json.loads(SCHEMA.read_text("utf-8")))
    assert document["file"]["header_row"] == 5
    assert document["counts"]["recipients"] == len(document["recipients"]) == 72
    refused = {
        column["header"]: column["refused"] for column in document["columns"] if column["refused"]
    }
    assert refused == {"NIR": "nir", "OBSERVATIONS": "free_text"}
    assert sum("duplicate_of" in one for one in document["recipients"]) == 2
    assert "1709900" not in json.dumps(document)  # no NIR comes out


def test_states_of_fields(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_list(
        tmp_path, person("DURAND", "Paul", "31/02/1985", "a@gmial.com", postcode="1000")
    )
    assert command_line.run(["lire", str(path), "--json"]) == 0
    fields = json.loads(capsys.readouterr().out)["recipients"][0]["fields"]
    assert fields["last_name"] == {"value": "DURAND", "state": "sure"}
    assert (fields["postcode"]["value"], fields["postcode"]["state"]) == (
        "01000",
        "doubtful",
    )  # not this town's
    assert [mark["code"] for mark in fields["postcode"]["marks"]] == [
        "postcode_zero_added",
        "town_disagrees",
    ]
    assert (fields["birth_date"]["value"], fields["birth_date"]["state"]) == (None, "unusable")
    assert fields["email"]["marks"][0]["proposal"] == "a@gmail.com"


def test_one_sentence_when_it_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.run(["lire", str(tmp_path), "--json"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "est un dossier." in told.err


def test_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.run(["lire", str(SAMPLE)]) == 0
    told = capsys.readouterr().out
    assert "NIR → non importée" in told
    assert "72\u00a0patients" in told
