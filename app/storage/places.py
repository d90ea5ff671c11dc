"""Where a campaign may live: not on a network drive, where two writers cannot be kept apart (SQLite's WAL)."""

import os
import sys
from pathlib import Path

import psutil

from app.core.errors.storage import CampaignNotFound, CampaignNotYours, NetworkFolder

#: names of file systems as Linux and macOS give them
_NETWORK_KINDS = frozenset(
    {
        "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "webdav", "davfs", "davfs2",
        "fuse.sshfs", "fuse.davfs", "fuse.rclone", "9p", "ncpfs", "afs", "ceph", "glusterfs",
        "fuse.glusterfs",
    }
)  # fmt: skip
_SYNCED_MARKS = (
    "onedrive",
    "dropbox",
    "icloud",
    "google drive",
    "googledrive",
    "nextcloud",
    "kdrive",
)

if sys.platform == "win32":
    import ctypes

    _DRIVE_REMOTE = 4

    def _kind_of(path: Path) -> str:
        drive = path.absolute().drive
        if drive.startswith("\\\\"):
            return "smb"
        remote = ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\") == _DRIVE_REMOTE
        return "smb" if remote else "local"

else:

    def _kind_of(path: Path) -> str:
        place = os.path.realpath(path)
        best, kind = "", ""
        for partition in psutil.disk_partitions(all=True):
            mount = partition.mountpoint.rstrip("/")
            inside = place == mount or place.startswith(f"{mount}/")
            if inside and len(mount) >= len(best):
                best, kind = mount, partition.fstype
        return kind


def is_network_kind(kind: str) -> bool:
    """True for the name of a network file system."""
    return kind.lower() in _NETWORK_KINDS


def refuse_network_folder(path: Path) -> None:
    """Raise NetworkFolder when ``path`` lies on a network drive."""
    if is_network_kind(_kind_of(path)):
        raise NetworkFolder(path.name)


def check_present(path: Path) -> None:
    """Make sure that the campaign's folder is there and that this user may look into it.

    Raises:
        CampaignNotFound, CampaignNotYours.
    """
    try:
        if not path.is_dir():
            raise CampaignNotFound(path.name)
        os.listdir(path)  # noqa: PTH208 - only whether it is allowed
    except PermissionError as error:
        raise CampaignNotYours(path.name) from error


def is_synced_folder(path: Path) -> bool:
    """True when the path looks like a folder that a service copies elsewhere while we write."""
    return any(mark in part.lower() for part in path.absolute().parts for mark in _SYNCED_MARKS)
