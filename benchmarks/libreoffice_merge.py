"""Writer's own mail merge of ``liste.csv``; run by the system's Python, which has UNO. Called by paper.py.

``modele.json`` beside the list says what a letter is made of: paragraphs of ["text", words], ["field", column].
"""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import uno  # type: ignore[import-not-found]
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]
from com.sun.star.connection import NoConnectException  # type: ignore[import-not-found]
from com.sun.star.lang import Locale  # type: ignore[import-not-found]
from com.sun.star.style.ParagraphAdjust import BLOCK  # type: ignore[import-not-found]

PIPE = f"avis34essai{os.getpid()}"


def value(name, content):
    made = PropertyValue()
    made.Name, made.Value = name, content
    return made


def connect(folder):
    words = [
        "soffice", "--headless", "--norestore", f"-env:UserInstallation={folder.as_uri()}/profile",
        f"--accept=pipe,name={PIPE};urp;",
    ]  # fmt: skip
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    for _ in range(120):
        try:
            address = f"uno:pipe,name={PIPE};urp;StarOffice.ComponentContext"
            return process, resolver.resolve(address)
        except NoConnectException:
            time.sleep(0.5)
    raise SystemExit("LibreOffice did not answer")


def register(context, folder):
    """A data source on the folder of the CSV file."""
    sources = context.ServiceManager.createInstance("com.sun.star.sdb.DatabaseContext")
    source = sources.createInstance()
    source.URL = f"sdbc:flat:{folder.as_uri()}"
    info = {"Extension": "csv", "HeaderLine": True, "FieldDelimiter": ",", "StringDelimiter": '"',
            "CharSet": "utf-8"}  # fmt: skip
    source.Info = tuple(value(name, content) for name, content in info.items())
    source.DatabaseDocument.storeAsURL(f"{folder.as_uri()}/liste.odb", ())
    sources.registerObject("avis34liste", source)


def template(context, folder):
    """A4, 11 points, justified, as a person would set it up in Writer."""
    desktop = context.ServiceManager.createInstance("com.sun.star.frame.Desktop")
    document = desktop.loadComponentFromURL(
        "private:factory/swriter", "_blank", 0, (value("Hidden", True),)
    )
    text = document.Text
    cursor = text.createTextCursor()
    cursor.CharHeight, cursor.CharFontName = 11, "Noto Sans"
    locale = Locale()
    locale.Language, locale.Country = "fr", "FR"
    cursor.CharLocale, cursor.ParaIsHyphenation = locale, True
    cursor.ParaAdjust = BLOCK
    cursor.ParaBottomMargin = 280
    _footer(document)
    for number, paragraph in enumerate(json.loads((folder / "modele.json").read_text())):
        if number == 1:  # the letter begins below the window, as ours
            cursor.ParaTopMargin = 8500
        for kind, content in paragraph:
            if kind == "text":
                text.insertString(cursor, content, False)
                continue
            master = document.createInstance("com.sun.star.text.fieldmaster.Database")
            master.DataBaseName, master.DataTableName = "avis34liste", "liste"
            master.DataColumnName = content
            field = document.createInstance("com.sun.star.text.TextField.Database")
            field.attachTextFieldMaster(master)
            text.insertTextContent(cursor, field, False)
        text.insertControlCharacter(cursor, 0, False)
        cursor.ParaTopMargin = 0
    path = f"{folder.as_uri()}/modele.odt"
    document.storeAsURL(path, ())
    document.close(True)
    return path


def _footer(document):
    """Page n / N in the footer."""
    style = document.StyleFamilies.getByName("PageStyles").getByName("Standard")
    style.Width, style.Height = 21000, 29700
    style.LeftMargin = style.RightMargin = style.TopMargin = style.BottomMargin = 2000
    style.FooterIsOn = True
    text = style.FooterText
    cursor = text.createTextCursor()
    for kind in ("PageNumber", "PageCount"):
        field = document.createInstance(f"com.sun.star.text.TextField.{kind}")
        field.NumberingType = 4
        text.insertTextContent(cursor, field, False)
        text.insertString(cursor, " ", False)


def cpu_of(pid):
    """Seconds of CPU of a process and of all it has started (soffice is a script that starts the program)."""
    total, ticks = 0.0, os.sysconf("SC_CLK_TCK")
    children = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            rest = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        children.setdefault(int(rest[1]), []).append((int(stat.parent.name), rest))
        if int(stat.parent.name) == pid:
            total += (int(rest[11]) + int(rest[12])) / ticks
    waiting = [pid]
    while waiting:
        for child, rest in children.get(waiting.pop(), ()):
            total += (int(rest[11]) + int(rest[12])) / ticks
            waiting.append(child)
    return total


def main():
    folder, one_file = Path(sys.argv[1]), sys.argv[2] == "one"
    for leftover in ("profile", "out"):
        shutil.rmtree(folder / leftover, ignore_errors=True)
    (folder / "out").mkdir()
    process, context = connect(folder)
    try:
        register(context, folder)
        path = template(context, folder)
        merge = context.ServiceManager.createInstance("com.sun.star.text.MailMerge")
        settings = {"DataSourceName": "avis34liste", "CommandType": 0, "Command": "liste",
                    "DocumentURL": path, "OutputType": 2, "OutputURL": f"{folder.as_uri()}/out",
                    "SaveFilter": "writer_pdf_Export", "SaveAsSingleFile": one_file,
                    "FileNamePrefix": "l"}  # fmt: skip
        for name, content in settings.items():
            merge.setPropertyValue(name, content)
        start, cpu = time.perf_counter(), cpu_of(process.pid)
        merge.execute(())
        seconds, cpu = time.perf_counter() - start, cpu_of(process.pid) - cpu
    finally:
        process.terminate()
        process.wait(timeout=30)
    pages = 0
    for pdf in (folder / "out").glob("*.pdf"):
        told = subprocess.run(
            ["pdfinfo", str(pdf)], capture_output=True, text=True, check=True
        ).stdout
        pages += int(
            next(line for line in told.splitlines() if line.startswith("Pages")).split()[1]
        )
    print(json.dumps({"seconds": seconds, "cpu": cpu, "pages": pages}))


if __name__ == "__main__":
    main()
