"""Secrets against keyring itself; the broken stores are keyring's own classes."""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import keyring
import keyring.backend
import keyring.errors
import pytest
from keyring.backends import fail, null
from typing_extensions import override

from app.core.errors.storage import NoCredentialStore
from app.credentials import KeyringCredentials, MemoryCredentials


class LockedKeyring(keyring.backend.KeyringBackend):
    """Announces itself, refuses to write: a session bus without an unlocked collection."""

    priority = 5.0

    @override
    def get_password(self, service: str, username: str) -> str | None:
        raise keyring.errors.KeyringLocked

    @override
    def set_password(self, service: str, username: str, password: str) -> None:
        raise keyring.errors.InitError

    @override
    def delete_password(self, service: str, username: str) -> None:
        raise keyring.errors.KeyringLocked


def test_a_working_store_keeps_and_forgets(memory_keyring: Any) -> None:
    store = KeyringCredentials()
    assert store.is_available()
    assert memory_keyring.entries == {}
    store.set("smtp:a@b", "mot de passe é")
    assert KeyringCredentials().get("smtp:a@b") == "mot de passe é"
    store.delete("smtp:a@b")
    store.delete("smtp:a@b")
    assert store.get("smtp:a@b") is None


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring, LockedKeyring])
def test_a_store_that_keeps_nothing_is_no_store(backend: Callable[[], Any]) -> None:
    keyring.set_keyring(backend())
    store = KeyringCredentials()
    assert not store.is_available()
    with pytest.raises(NoCredentialStore):
        store.set("a", "b")
    with pytest.raises(NoCredentialStore):
        store.get("a")
    with pytest.raises(NoCredentialStore):
        store.delete("a")


def test_memory_plays_both_kinds_of_computer() -> None:
    store = MemoryCredentials()
    store.set("a", "motdepasse")
    assert store.get("a") == "motdepasse"
    assert "motdepasse" not in repr(store)
    absent = MemoryCredentials(available=False)
    assert not absent.is_available()
    with pytest.raises(NoCredentialStore):
        absent.set("a", "b")


@pytest.mark.needs_keyring
def test_a_real_secret_service(tmp_path: Any) -> None:
    """gnome-keyring under its own session bus, unlocked with a non-empty password."""
    script = (
        "printf essai | gnome-keyring-daemon --unlock --components=secrets >/dev/null;"
        f"{sys.executable} -c 'from app.credentials import KeyringCredentials as K; k=K(); "
        'assert k.is_available(); k.set("a", "b" * 2000); assert k.get("a") == "b" * 2000; k.delete("a"); '
        'assert k.get("a") is None\''
    )
    home = {**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", script],
        env=home, check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
