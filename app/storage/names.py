"""Forgetting names: what is emptied, and the keyed digests that still answer « m’avez-vous écrit ? »."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.core.campaign import Channel, Delivery, DeliveryStatus
from app.core.recipient import ExclusionReason, Recipient
from app.storage.folding import fold
from app.storage.instants import from_optional_micros, to_optional_micros
from app.storage.journal import canonical
from app.storage.last_letters import LastLetters

_KEY_SETTING = "purge.address_key"
#: columns of ``recipients`` that stay: key, row number, reason of an exclusion
_EMPTIED = (
    "last_name", "birth_name", "first_name", "birth_date", "email", "phone", "complement", "building",
    "street", "locality", "postcode", "city", "country", "deceased_on", "representative", "ins",
    "exclusion_note", "folded",
)  # fmt: skip
#: beginnings of the settings that stay; others (remarks, paths of files, drawn letters) may quote a patient
_KEPT_SETTINGS = ("campaign.", "purge.", "follow_up.", "register.", "evidence.", "letter.")


@dataclass(frozen=True, slots=True)
class PurgedLetter:
    """What is still known of a letter once names are gone."""

    channel: Channel
    status: DeliveryStatus
    #: None for a letter that never left the plan
    changed_at: datetime | None
    run: int


def _signs(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())


def identities(person: Recipient) -> tuple[str, ...]:
    """Texts by which a person may ask later: the e-mail; name, postcode and street."""
    found = []
    if person.email:
        found.append(f"email {person.email.strip().lower()}")
    if person.address.postcode or person.address.street:
        where = (
            person.last_name,
            person.first_name,
            person.address.postcode,
            person.address.street,
        )
        found.append("postal " + "|".join(map(_signs, where)))
    return tuple(found)


class Names(LastLetters):
    """Erasing, over all tables that name a patient."""

    def _address_digest(self, identity: str) -> bytes:
        key = self.setting(_KEY_SETTING)
        if key is None:
            key = secrets.token_hex(32)
            self.set_setting(_KEY_SETTING, key)
        return hmac.new(bytes.fromhex(key), identity.encode(), hashlib.sha256).digest()

    def erase_names(self, reasons: Mapping[int, ExclusionReason]) -> int:
        """Empty everything that names a patient; how many people. Inside the caller's transaction.

        ``reasons``: by person, why nobody wrote, when only the list could tell.
        """
        with self._writing():
            self._execute("DELETE FROM purged_addresses")
            digests = list(self._digests())
            self._connection.executemany(
                "INSERT OR REPLACE INTO purged_addresses VALUES (?,?,?,?,?)", digests
            )
            self._connection.executemany(
                "UPDATE recipients SET excluded=? WHERE id=? AND excluded=''",
                [(reason.value, key) for key, reason in reasons.items()],
            )
            emptied = ", ".join(f"{column}=''" for column in _EMPTIED)
            people = self._execute(
                f"UPDATE recipients SET {emptied}, civility='unknown', deceased=0, protection='none', "  # noqa: S608 - names are ours, values are bound
                "restriction='none', has_annotations=0, categories=NULL"
            )
            self._execute("DELETE FROM issues")
            self._execute("UPDATE calls SET note=''")
            others = " AND ".join("name NOT LIKE ?" for _ in _KEPT_SETTINGS)
            beginnings = [f"{start}%" for start in _KEPT_SETTINGS]
            self._execute(f"DELETE FROM settings WHERE {others}", beginnings)  # noqa: S608 - names are ours, values are bound
            self._execute("UPDATE deliveries SET reply_text=''")
            self._execute("UPDATE events SET private=NULL")
            for key, body in self._rows("SELECT id, body FROM imports"):
                kept = {**json.loads(body), "file_name": "", "sheet": "", "mapping": {}}
                self._execute("UPDATE imports SET body=? WHERE id=?", (canonical(kept), key))
            return people

    def _digests(self) -> Iterator[tuple[object, ...]]:
        for letter, person in self._informed():
            for identity in identities(person):
                yield (
                    self._address_digest(identity),
                    letter.channel.value,
                    letter.status.value,
                    to_optional_micros(letter.changed_at),
                    letter.run,
                )

    def _informed(self) -> Iterator[tuple[Delivery, Recipient]]:
        for letter, person in self.deliveries_with_recipients():
            if letter.channel is not Channel.NONE and letter.status is not DeliveryStatus.REPLACED:
                yield letter, person

    def purged_letters(self, person: Recipient) -> list[PurgedLetter]:
        """Letters to whoever has this e-mail, or this name at this address, found by their digests."""
        found = []
        for identity in identities(person):
            rows = self._rows(
                "SELECT channel, status, changed_at, run FROM purged_addresses WHERE digest=? ORDER BY run",
                (self._address_digest(identity),),
            )
            found += [
                PurgedLetter(
                    Channel(row[0]),
                    DeliveryStatus(row[1]),
                    from_optional_micros(row[2]),
                    int(row[3]),
                )
                for row in rows
            ]
        return found
