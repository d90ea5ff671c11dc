"""Incident, practice, wordings: versioned texts inside the campaign, frozen when a run begins."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from app.core.errors import BugError
from app.core.incident import Incident
from app.core.plain_data import from_plain, to_plain
from app.core.practice import Practice
from app.storage.instants import from_micros, to_micros
from app.storage.issues import Issues
from app.storage.journal import canonical

T = TypeVar("T")
_TEMPLATE = "template:"
#: campaign settings: the run being prepared, and why each later run is written
CURRENT_RUN_SETTING = "campaign.run"
_PURPOSE_SETTING = "campaign.run.purpose:"


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """One reading of the practice's file. No cell of it."""

    imported_at: datetime
    file_name: str
    sha256: str
    sheet: str = ""
    encoding: str = ""
    #: column header → field
    mapping: Mapping[str, str] | None = None
    #: « lines », « people », « duplicates », …
    counts: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """What was frozen when a run began: version numbers, digest of the list, texts by template."""

    run: int
    frozen_at: datetime
    purpose: str
    incident_version: int
    practice_version: int
    list_sha256: str
    #: template identifier → (subject, text)
    templates: Mapping[str, tuple[str, str]]


class Documents(Issues):
    """The tables ``documents``, ``settings``, ``imports``, ``runs``."""

    def _save_document(self, kind: str, body: str, now: int) -> int:
        """A draft is replaced in place; a version that a run froze stays, and a new one begins."""
        digest = hashlib.sha256(body.encode()).hexdigest()
        last = self._one(
            "SELECT version, sha256 FROM documents WHERE kind=? ORDER BY version DESC LIMIT 1",
            (kind,),
        )
        if last is not None and last[1] == digest:
            return int(last[0])
        frozen = 0
        if kind in ("incident", "practice"):
            frozen = int(self._value(f"SELECT coalesce(max({kind}_version), 0) FROM runs"))  # noqa: S608 - names are ours, values are bound
        version = max(int(last[0]) if last else 1, frozen + 1)
        self._execute(
            "INSERT OR REPLACE INTO documents VALUES (?,?,?,?,?)",
            (kind, version, now, body, digest),
        )
        return version

    def _document(self, kind: str, run: int | None) -> str | None:
        version = None
        if run is not None and kind in ("incident", "practice"):
            version = self._value(f"SELECT {kind}_version FROM runs WHERE run=?", (run,))  # noqa: S608 - names are ours, values are bound
        if version is not None:
            sql = "SELECT body FROM documents WHERE kind=? AND version=?"
            return self._value(sql, (kind, version))  # type: ignore[no-any-return]  # the column has one type
        sql = "SELECT body FROM documents WHERE kind=? ORDER BY version DESC LIMIT 1"
        return self._value(sql, (kind,))  # type: ignore[no-any-return]  # the column has one type

    def _typed(self, kind: str, cls: type[T], run: int | None) -> T:
        body = self._document(kind, run)
        return cls() if body is None else from_plain(cls, json.loads(body))

    def incident(self, run: int | None = None) -> Incident:
        """The incident as known now, or as frozen for ``run``."""
        return self._typed("incident", Incident, run)

    def save_incident(self, incident: Incident, now: datetime | None = None) -> None:
        """Keep the incident; a run that began keeps its own version."""
        self._save("incident", canonical_document(incident), now)

    def practice(self, run: int | None = None) -> Practice:
        """The practice as written in this campaign, or as frozen for ``run``."""
        return self._typed("practice", Practice, run)

    def save_practice(self, practice: Practice, now: datetime | None = None) -> None:
        """Keep the practice; a run that began keeps its own version."""
        self._save("practice", canonical_document(practice), now)

    def _save(self, kind: str, body: str, now: datetime | None) -> None:
        with self._writing():
            self._save_document(kind, body, 0 if now is None else to_micros(now))

    def template_text(self, template_id: str, run: int | None = None) -> tuple[str, str] | None:
        """(subject, text) as edited by the practice or frozen for ``run``; None = the catalogue's."""
        if run is not None:
            frozen = self.run(run)
            if frozen is not None:
                return frozen.templates.get(template_id)
        body = self._document(f"{_TEMPLATE}{template_id}", None)
        if not body:
            return None
        plain = json.loads(body)
        return plain["subject"], plain["text"]

    def save_template_text(
        self, template_id: str, subject: str, text: str, now: datetime | None = None
    ) -> None:
        """Keep the practice's own wording of a template."""
        self._save(f"{_TEMPLATE}{template_id}", canonical({"subject": subject, "text": text}), now)

    def drop_template_text(self, template_id: str) -> None:
        """Go back to the catalogue's wording."""
        with self._writing():
            self._execute("DELETE FROM documents WHERE kind=?", (f"{_TEMPLATE}{template_id}",))

    def setting(self, name: str) -> str | None:
        """A setting of this campaign."""
        return self._value("SELECT value FROM settings WHERE name=?", (name,))  # type: ignore[no-any-return]  # the column has one type

    def set_setting(self, name: str, value: str) -> None:
        """Keep a setting of this campaign; never a secret nor a patient."""
        with self._writing():
            self._execute("INSERT OR REPLACE INTO settings VALUES (?,?)", (name, value))

    def save_import(self, record: ImportRecord) -> None:
        """Note one reading of the practice's file, in the journal too."""
        with self._writing():
            # not sorted: the mapping keeps the order of the list's columns
            body = json.dumps(to_plain(record), ensure_ascii=False)
            self._insert(
                "INSERT INTO imports(imported_at, body) VALUES (?,?)",
                (to_micros(record.imported_at), body),
            )
            facts: dict[str, str | int] = {"sha256": record.sha256, "sheet": record.sheet}
            facts.update({f"count_{name}": count for name, count in (record.counts or {}).items()})
            private = {"file_name": record.file_name}
            self.append_event("list_imported", facts, record.imported_at, private=private)

    def imports(self) -> list[ImportRecord]:
        """All readings, in order."""
        rows = self._rows("SELECT body FROM imports ORDER BY id")
        return [from_plain(ImportRecord, json.loads(row[0])) for row in rows]

    # runs

    def freeze_run(
        self, run: int, templates: Mapping[str, tuple[str, str]], now: datetime, purpose: str = ""
    ) -> Run:
        """Fix what ``run`` says to whom, before its first letter leaves; done once, then returned as is.

        ``templates``: identifier → (subject, text) of every variant in use, the catalogue's or the practice's.
        """
        existing = self.run(run)
        if existing is not None:
            return existing
        purpose = purpose or self.setting(f"{_PURPOSE_SETTING}{run}") or ""
        with self._writing():
            at = to_micros(now)
            incident = self._save_document("incident", canonical_document(self.incident()), at)
            practice = self._save_document("practice", canonical_document(self.practice()), at)
            texts = canonical({name: list(pair) for name, pair in templates.items()})
            digest = self.list_sha256()
            self._insert(
                "INSERT INTO runs VALUES (?,?,?,?,?,?,?)",
                (run, at, purpose, incident, practice, digest, texts),
            )
            facts: dict[str, str | int] = {
                "run": run,
                "purpose": purpose,
                "list_sha256": digest,
                "incident_version": incident,
                "incident_sha256": self._sha256("incident", incident),
                "practice_sha256": self._sha256("practice", practice),
                "templates_sha256": hashlib.sha256(texts.encode()).hexdigest(),
            }
            self.append_event("run_frozen", facts, now)
        frozen = self.run(run)
        if frozen is None:
            raise BugError("the run just frozen is absent")
        return frozen

    def _sha256(self, kind: str, version: int) -> str:
        sql = "SELECT sha256 FROM documents WHERE kind=? AND version=?"
        return str(self._value(sql, (kind, version)))

    def run(self, number: int) -> Run | None:
        """What was frozen for a run; None while nothing has left."""
        row = self._one("SELECT * FROM runs WHERE run=?", (number,))
        if row is None:
            return None
        templates = {name: (pair[0], pair[1]) for name, pair in json.loads(row[6]).items()}
        return Run(row[0], from_micros(row[1]), row[2], row[3], row[4], row[5], templates)

    @property
    def current_run(self) -> int:
        """The run that the pages prepare and send: 1, or that of the last follow-up letter."""
        return int(self.setting(CURRENT_RUN_SETTING) or 1)

    def begin_run(self, run: int, purpose: str) -> None:
        """Make ``run`` the current one; ``purpose`` is frozen with it."""
        with self._writing():
            self.set_setting(CURRENT_RUN_SETTING, str(run))
            self.set_setting(f"{_PURPOSE_SETTING}{run}", purpose)

    def runs(self) -> list[int]:
        """Numbers of all runs, frozen or only planned."""
        rows = self._rows(
            "SELECT run FROM runs UNION SELECT DISTINCT run FROM deliveries ORDER BY 1"
        )
        return [int(row[0]) for row in rows]


def canonical_document(value: object) -> str:
    """A dataclass as canonical JSON."""
    plain = to_plain(value)
    if not isinstance(plain, dict):
        raise BugError("a document is a dataclass")
    return canonical(plain)
