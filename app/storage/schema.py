"""Tables of the campaign file.

Instants are microseconds UTC (0 = none), days ISO texts ("" = none). Everything that names a patient lies in
``recipients``, ``issues``, ``calls``, ``deliveries.reply_text`` and ``events.private``: what a purge empties.
"""

from app.core.errors import BugError

#: number in the clear header; ``user_version`` of the database follows the same count
FORMAT_VERSION = 2

TABLES = """
CREATE TABLE settings(
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE documents(
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    saved_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY(kind, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE runs(
    run INTEGER PRIMARY KEY,
    frozen_at INTEGER NOT NULL,
    purpose TEXT NOT NULL,
    incident_version INTEGER NOT NULL,
    practice_version INTEGER NOT NULL,
    list_sha256 TEXT NOT NULL,
    templates TEXT NOT NULL
) STRICT;

CREATE TABLE imports(
    id INTEGER PRIMARY KEY,
    imported_at INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE recipients(
    id INTEGER PRIMARY KEY,
    row INTEGER NOT NULL,
    civility TEXT NOT NULL,
    last_name TEXT NOT NULL,
    birth_name TEXT NOT NULL,
    first_name TEXT NOT NULL,
    birth_date TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    complement TEXT NOT NULL,
    building TEXT NOT NULL,
    street TEXT NOT NULL,
    locality TEXT NOT NULL,
    postcode TEXT NOT NULL,
    city TEXT NOT NULL,
    country TEXT NOT NULL,
    deceased INTEGER NOT NULL,
    deceased_on TEXT NOT NULL,
    representative TEXT NOT NULL,
    protection TEXT NOT NULL,
    restriction TEXT NOT NULL,
    has_annotations INTEGER NOT NULL,
    categories TEXT,
    ins TEXT NOT NULL,
    excluded TEXT NOT NULL,
    exclusion_note TEXT NOT NULL,
    folded TEXT NOT NULL
) STRICT;
CREATE INDEX recipients_row ON recipients(row);
-- search, sort by name and the usual filters read this index alone, never the rows
CREATE INDEX recipients_folded ON recipients(folded, excluded, has_annotations, row);
CREATE INDEX recipients_excluded ON recipients(excluded) WHERE excluded <> '';

CREATE TABLE issues(
    id INTEGER PRIMARY KEY,
    row INTEGER,
    level TEXT NOT NULL,
    code TEXT NOT NULL,
    part TEXT NOT NULL,
    facts TEXT NOT NULL,
    span_start INTEGER,
    span_end INTEGER,
    settled TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX issues_level ON issues(level, code, row);
CREATE INDEX issues_row ON issues(row);

CREATE TABLE deliveries(
    id INTEGER PRIMARY KEY,
    recipient_id INTEGER NOT NULL REFERENCES recipients(id),
    channel TEXT NOT NULL,
    status TEXT NOT NULL,
    code TEXT NOT NULL UNIQUE,
    message_id TEXT NOT NULL,
    template_id TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    retry_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    reply_code INTEGER NOT NULL,
    reply_enhanced TEXT NOT NULL,
    reply_text TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    run INTEGER NOT NULL
) STRICT;
-- claiming: the first of its status, run and channel is one seek away, at any size
CREATE INDEX deliveries_claim ON deliveries(status, run, channel, retry_at);
CREATE INDEX deliveries_recipient ON deliveries(recipient_id, run);
CREATE UNIQUE INDEX deliveries_message_id ON deliveries(message_id) WHERE message_id <> '';

CREATE TABLE sent_log(
    account TEXT NOT NULL,
    at INTEGER NOT NULL,
    delivery_id INTEGER NOT NULL,
    PRIMARY KEY(account, at, delivery_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE calls(
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    question TEXT NOT NULL,
    delivery_id INTEGER,
    note TEXT NOT NULL
) STRICT;

CREATE TABLE purged_addresses(
    digest BLOB NOT NULL,
    channel TEXT NOT NULL,
    status TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    run INTEGER NOT NULL,
    PRIMARY KEY(digest, run)
) STRICT, WITHOUT ROWID;

CREATE TABLE events(
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    delivery_id INTEGER NOT NULL,
    facts TEXT NOT NULL,
    private_digest TEXT NOT NULL,
    private TEXT,
    hash BLOB NOT NULL
) STRICT;
CREATE INDEX events_delivery ON events(delivery_id) WHERE delivery_id > 0;
-- the many events of letters are found by their letter; each index costs one more encrypted page per move
CREATE INDEX events_kind ON events(kind) WHERE substr(kind, 1, 7) <> 'letter_';
"""

#: statements that bring a file from version n to n + 1
MIGRATIONS: dict[int, str] = {
    1: """
    DROP INDEX recipients_folded;
    CREATE INDEX recipients_folded ON recipients(folded, excluded, has_annotations, row);
    ALTER TABLE purged_addresses RENAME TO former_addresses;
    CREATE TABLE purged_addresses(
        digest BLOB NOT NULL, channel TEXT NOT NULL, status TEXT NOT NULL, changed_at INTEGER NOT NULL,
        run INTEGER NOT NULL, PRIMARY KEY(digest, run)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO purged_addresses SELECT digest, channel, status, changed_at, run FROM former_addresses;
    DROP TABLE former_addresses;
    """,
}


def statements_for(version: int) -> list[tuple[int, str]]:
    """(reached version, script) pairs that bring a database of ``version`` to ``FORMAT_VERSION``; 0 = empty."""
    if version == 0:
        return [(FORMAT_VERSION, TABLES)]
    if version > FORMAT_VERSION:
        raise BugError("a newer database must be refused before")
    return [(number + 1, MIGRATIONS[number]) for number in range(version, FORMAT_VERSION)]
