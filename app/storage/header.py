"""The clear header beside the database: it tells « wrong key » from « damaged » from « newer version ».

``campagne.json`` holds no patient data and nothing about the incident: an identifier, a format number, the
fingerprint of the key and its sealed copies.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path

from app.core.errors.storage import (
    CampaignDamaged,
    CampaignNotYours,
    NewerCampaign,
    NotACampaign,
)
from app.core.plain_data import from_plain, to_plain
from app.paths import replace_file
from app.storage.keys import Wrap
from app.storage.schema import FORMAT_VERSION

HEADER_FILE = "campagne.json"
DATABASE_FILE = "campagne.db"
_FORMAT_NAME = "avis34"


@dataclass(frozen=True, slots=True)
class Header:
    """What may be known without the key."""

    campaign_id: str
    fingerprint: str
    wraps: tuple[Wrap, ...] = ()
    #: while the content moves to another key: the new key's fingerprint and sealed copies
    next_fingerprint: str = ""
    next_wraps: tuple[Wrap, ...] = ()
    format_version: int = FORMAT_VERSION
    format_name: str = _FORMAT_NAME

    def with_wraps(self, *wraps: Wrap) -> "Header":
        """The same header with other sealed copies of the key."""
        return replace(self, wraps=wraps)

    def moving_to(self, fingerprint: str, *wraps: Wrap) -> "Header":
        """The header while the content moves to another key: either key may be the right one."""
        return replace(self, next_fingerprint=fingerprint, next_wraps=wraps)

    def settled_on(self, fingerprint: str) -> "Header":
        """The header once it is known which of the two keys opens the content."""
        if self.next_fingerprint and fingerprint == self.next_fingerprint:
            return replace(
                self,
                fingerprint=fingerprint,
                wraps=self.next_wraps,
                next_fingerprint="",
                next_wraps=(),
            )
        return replace(self, next_fingerprint="", next_wraps=())

    def accepts(self, fingerprint: str) -> bool:
        """True when a key of this fingerprint may open the content."""
        return fingerprint in (self.fingerprint, self.next_fingerprint or self.fingerprint)


def _check(plain: object) -> str:
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def write_header(folder: Path, header: Header) -> None:
    """Write or replace the header of a campaign folder, atomically.

    Raises:
        OSError: it could not be written.
    """
    plain = to_plain(header)
    text = json.dumps({"header": plain, "check": _check(plain)}, indent=1, sort_keys=True)
    replace_file(folder / HEADER_FILE, text.encode())


def read_header(folder: Path) -> Header:
    """The header of a campaign folder.

    Raises:
        NotACampaign: nothing of ours is there.
        CampaignDamaged: the header was altered or cut.
        NewerCampaign: a later format.
        CampaignNotYours: this user may not read it.
    """
    name = folder.name
    file = folder / HEADER_FILE
    if not file.is_file():
        if (folder / DATABASE_FILE).is_file():
            raise CampaignDamaged(name)
        raise NotACampaign(name)
    try:
        content = file.read_bytes()
    except PermissionError as error:
        raise CampaignNotYours(name) from error
    try:
        outer = json.loads(content)
        plain, check = outer["header"], outer["check"]
        version = plain["format_version"]
        if check != _check(plain):
            raise CampaignDamaged(name)
        if plain["format_name"] != _FORMAT_NAME:
            raise NotACampaign(name)
        if version > FORMAT_VERSION:
            raise NewerCampaign(name)
        return from_plain(Header, plain)
    except (ValueError, KeyError, TypeError) as error:
        raise CampaignDamaged(name) from error
