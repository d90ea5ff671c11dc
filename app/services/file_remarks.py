"""What the file itself makes doubtful: hidden rows, other sheets, columns left out. One remark each."""

from collections.abc import Iterator

from app.core.columns import ColumnMapping
from app.core.issue import Issue, Level
from app.spreadsheet import Table


def remarks_on_file(table: Table, mapping: ColumnMapping, list_number: int) -> list[Issue]:
    """Remarks without a row; ``list_number`` tells the lists of a campaign apart."""
    return [
        Issue(code, level, None, "", {**facts, "list": list_number})
        for code, level, facts in _remarks(table, mapping)
    ]


def _remarks(
    table: Table, mapping: ColumnMapping
) -> Iterator[tuple[str, Level, dict[str, str | int]]]:
    facts = table.facts
    if facts.hidden_rows:
        rows = ", ".join(map(str, facts.hidden_rows[:20]))
        yield "file_hidden_rows", Level.CHECK, {"count": len(facts.hidden_rows), "rows": rows}
    if facts.hidden_columns:
        titles = [
            table.headers[number - 1]
            for number in facts.hidden_columns
            if number <= len(table.headers)
        ]
        if titles:
            yield (
                "file_hidden_columns",
                Level.INFO,
                {"count": len(titles), "titles": ", ".join(titles)},
            )
    below = [place for place in facts.merged if _first_row(place) > table.header_row]
    if below:
        yield (
            "file_merged_cells",
            Level.CHECK,
            {"count": len(below), "places": ", ".join(below[:10])},
        )
    if facts.empty_formulas:
        yield (
            "file_empty_formulas",
            Level.CHECK,
            {"count": len(facts.empty_formulas), "places": ", ".join(facts.empty_formulas[:10])},
        )
    others = [sheet.name for sheet in facts.sheets if sheet.name != facts.sheet and sheet.rows > 1]
    if others:
        yield "file_other_sheets", Level.INFO, {"sheet": facts.sheet, "others": ", ".join(others)}
    if not facts.encoding_is_sure:
        accents = ", ".join(facts.accents)
        yield "file_encoding", Level.CHECK, {"encoding": facts.encoding, "accents": accents}
    if facts.extension_is_wrong:
        yield "file_extension", Level.INFO, {"format": facts.format}
    if facts.dates_completed:
        yield "file_dates_completed", Level.INFO, {"count": facts.dates_completed}
    if facts.control_characters:
        yield "file_control_characters", Level.INFO, {"count": facts.control_characters}
    if not table.place.exists:
        yield "file_no_header", Level.CHECK, {}
    refused = [column.header for column in mapping.not_imported if column.refusal is not None]
    if refused:
        yield "columns_refused", Level.INFO, {"titles": ", ".join(refused)}
    left = [column.header for column in mapping.not_imported if column.refusal is None]
    if left:
        yield "columns_left_out", Level.INFO, {"titles": ", ".join(left)}
    insisted = [column for column in mapping.columns if column.reason]
    for column in insisted:
        yield "column_insisted", Level.INFO, {"title": column.header, "reason": column.reason}


def _first_row(place: str) -> int:
    digits = "".join(char for char in place.partition(":")[0] if char.isdigit())
    return int(digits or 0)
