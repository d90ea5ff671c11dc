"""Import of 300,000 × 14 and of 10,000 rows, beside openpyxl read-only on the same file in the same run.

    python benchmarks/import.py [rows …]

Writes one JSON line per size: wall and CPU seconds (median of three), ratio to openpyxl, peak memory of each
process; then the CPU seconds of each stage, one after the other in one process.
The list is invented, written as Excel writes it: shared texts, dates and postcodes with number formats.
"""

# ruff: noqa: N999, E501 - the name the issue gives; XML reads better on its line
import json
import os
import platform
import resource
import statistics
import sys
import tempfile
import time
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from xml.sax.saxutils import escape

sys.path.insert(0, str(Path(__file__).parents[1]))
HEADERS = ("CIV", "NOM_USAGE", "NOM_NAISSANCE", "PRENOM", "DDN", "NIR", "ADRESSE1", "ADRESSE2", "CP", "VILLE", "TEL", "MAIL",
           "ANNOTATION", "OBSERVATIONS")  # fmt: skip
ROUNDS = 3
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
    '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
    "</Types>"
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def write_list(path: Path, rows: int) -> None:
    """A workbook of invented people with shared texts, as Excel saves it."""
    from app.services.invented_patients import invented_patients

    texts: dict[str, int] = {}

    def shared(reference: str, text: str) -> str:
        if not text:
            return ""
        return f'<c r="{reference}" t="s"><v>{texts.setdefault(text, len(texts))}</v></c>'

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'<?xml version="1.0"?><worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            cells = "".join(shared(f"{chr(65 + i)}1", title) for i, title in enumerate(HEADERS))
            sheet.write(f'<row r="1">{cells}</row>'.encode())
            for number, one in enumerate(invented_patients(rows, 1), start=2):
                born = (
                    one.birth_date.toordinal() - date(1899, 12, 30).toordinal()
                    if one.birth_date
                    else 0
                )
                postcode = (
                    f'<c r="I{number}" s="2"><v>{int(one.address.postcode)}</v></c>'
                    if one.address.postcode
                    else ""
                )
                sheet.write(
                    (
                        f'<row r="{number}">'
                        + shared(f"A{number}", "Mme" if one.civility.value == "madame" else "M.")
                        + shared(f"B{number}", one.last_name.upper())
                        + shared(f"C{number}", one.birth_name.upper())
                        + shared(f"D{number}", one.first_name)
                        + f'<c r="E{number}" s="1"><v>{born}</v></c>'
                        + f'<c r="F{number}" s="3"><v>{170990000000000 + number}</v></c>'
                        + shared(f"G{number}", one.address.street)
                        + shared(f"H{number}", one.address.complement)
                        + postcode
                        + shared(f"J{number}", one.address.city.upper())
                        + shared(f"K{number}", one.phone.replace(" ", ""))
                        + shared(f"L{number}", one.email)
                        + shared(f"M{number}", "oui" if one.has_annotations else "")
                        + shared(f"N{number}", f"vu le {number}" if number % 3 == 0 else "")
                        + "</row>"
                    ).encode()
                )
            sheet.write(b"</sheetData></worksheet>")
        items = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
        archive.writestr(
            "xl/sharedStrings.xml", f'<?xml version="1.0"?><sst xmlns="{_MAIN}">{items}</sst>'
        )
        formats = '<numFmts count="2"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="00000"/></numFmts>'
        styles = "".join(
            f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0"/>'
            for number in (0, 164, 165, 1)
        )
        archive.writestr(
            "xl/styles.xml",
            f'<?xml version="1.0"?><styleSheet xmlns="{_MAIN}">{formats}<fonts count="1"><font/></fonts>'
            '<fills count="1"><fill><patternFill/></fill></fills><borders count="1"><border/></borders>'
            f'<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4">{styles}</cellXfs></styleSheet>',
        )
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="Export" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="r2" Type="{_OFFICE}/styles" Target="styles.xml"/>'
            f'<Relationship Id="r3" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        )


def cpu() -> float:
    """Seconds of this process and of its ended children."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def time_openpyxl(path: Path) -> tuple[float, float]:
    """Wall and CPU seconds to read every row."""
    import openpyxl

    start, spent = time.perf_counter(), cpu()
    book = openpyxl.load_workbook(path, read_only=True)
    for _ in book.worksheets[0].iter_rows(values_only=True):
        pass
    book.close()
    return time.perf_counter() - start, cpu() - spent


def time_import(path: Path, folder: Path) -> tuple[float, float, float]:
    """Seconds to understand, seconds to apply, CPU seconds of both."""
    from app.core.campaign import Campaign
    from app.services.importing import ImportSummary, Understanding, apply, understand
    from app.storage.campaign_file import CampaignFile

    start, spent = time.perf_counter(), cpu()
    understanding = next(event for event in understand(path) if isinstance(event, Understanding))
    middle = time.perf_counter()
    campaign = Campaign("mesure", "Mesure", datetime.now(UTC))
    with CampaignFile.create(folder / "mesure.avis34", campaign, os.urandom(32)) as campaign_file:
        summary = next(
            event
            for event in apply(campaign_file, understanding)
            if isinstance(event, ImportSummary)
        )
        end, spent = time.perf_counter(), cpu() - spent
        assert campaign_file.count_recipients() == summary.added
    return middle - start, end - middle, spent


def measure(rows: int) -> dict[str, object]:
    from app.services.importing import Understanding, understand
    from benchmarks.import_stages import stages

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        os.environ["AVIS34_HOME"] = str(folder / "home")
        path = folder / "liste.xlsx"
        write_list(path, rows)
        parts, others = [], []
        for turn in range(ROUNDS):  # turn about, so that both meet the same machine
            (folder / str(turn)).mkdir()
            parts.append(time_import(path, folder / str(turn)))
            others.append(time_openpyxl(path))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000
        child_peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1000
        own = statistics.median(part[0] + part[1] for part in parts)
        other = statistics.median(wall for wall, _ in others)
        own_cpu = statistics.median(part[2] for part in parts)
        other_cpu = statistics.median(spent for _, spent in others)
        understanding = next(one for one in understand(path) if isinstance(one, Understanding))
        return {
            "rows": rows,
            "file_mb": round(path.stat().st_size / 1e6, 1),
            "import_s": round(own, 2),
            "import_cpu_s": round(own_cpu, 2),
            "understand_s": round(statistics.median(part[0] for part in parts), 2),
            "apply_s": round(statistics.median(part[1] for part in parts), 2),
            "openpyxl_read_only_s": round(other, 2),
            "openpyxl_read_only_cpu_s": round(other_cpu, 2),
            "times_faster": round(other / own, 2),
            "times_less_cpu": round(other_cpu / own_cpu, 2),
            "peak_mb": peak,
            "largest_child_peak_mb": child_peak,
            "stages_cpu_s": stages(path, understanding),
            "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
            "load": [round(one, 1) for one in os.getloadavg()],
        }


if __name__ == "__main__":
    for size in [int(word) for word in sys.argv[1:]] or [10_000, 300_000]:
        print(json.dumps(measure(size)), flush=True)
