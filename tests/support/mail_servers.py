"""Real Postfix and Dovecot from Debian, in a temporary folder, on loopback only; for tests and benchmarks.

Postfix insists on being started by root and on owning its queue; nothing outside the folder is touched.
"""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import trustme

HOST = "127.0.0.1"
USER, WORD = "cabinet@cabinet.example", "mot de passé"
_BINARIES = ("postfix", "dovecot")


def why_not() -> str:
    """Why the real servers cannot run here; empty when they can."""
    missing = [name for name in _BINARIES if shutil.which(name, path=_path()) is None]
    if missing:
        return f"not installed: {', '.join(missing)} (apt install postfix dovecot-imapd)"
    return "" if os.geteuid() == 0 else "Postfix starts only as root"


def _path() -> str:
    return f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


def _free_port() -> int:
    """A port below those the system gives to outgoing connections, which could take it before the daemon does."""
    for _ in range(100):
        port = 20_000 + secrets.randbelow(10_000)
        try:
            socket.create_server((HOST, port)).close()
        except OSError:
            continue
        return port
    raise RuntimeError("no free port")


@dataclass
class MailServers:
    """A context manager. Submission with STARTTLS and login, delivery into Dovecot's Maildir, IMAP over TLS."""

    #: where they live; their own by default: Postfix drops its rights and must be let in, and pytest closes the
    #: folder above its own to everybody else each time one starts
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="serveurs-")))
    #: messages a client may send per minute; 0 = no limit
    per_minute: int = 0
    #: deliver nowhere: for rates
    discard: bool = False
    with_dovecot: bool = True
    #: port on loopback of the server that takes every other domain's mail; 0 = refused at once
    elsewhere: int = 0
    smtp_port: int = field(default_factory=_free_port)
    imap_port: int = field(default_factory=_free_port)

    def __post_init__(self) -> None:
        self.authority = trustme.CA()
        self.ca_file = str(self.folder / "ca.pem")
        self.mail = self.folder / "mail"

    def __enter__(self) -> Self:
        self.folder.chmod(0o755)
        for parent in self.folder.parents:
            if parent.stat().st_mode & 0o005 != 0o005:
                parent.chmod(parent.stat().st_mode | 0o055)
        self.authority.cert_pem.write_to_path(self.ca_file)
        issued = self.authority.issue_cert(HOST, "localhost")
        issued.private_key_and_cert_chain_pem.write_to_path(str(self.folder / "server.pem"))
        try:
            if self.with_dovecot:
                self._start_dovecot()
            self._start_postfix()
            _await_port(self.smtp_port)
        except BaseException as error:
            for name in ("commands.log", "postfix.log", "dovecot.log"):
                log = self.folder / name
                error.add_note(f"{name}: {log.read_text()[-1_500:] if log.exists() else '-'}")
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._run(["postfix", "-c", str(self.folder / "postfix"), "stop"])
        if self.with_dovecot:
            self._run(["doveadm", "-c", str(self.folder / "dovecot.conf"), "stop"])
        shutil.rmtree(
            self.folder, ignore_errors=True
        )  # a daemon may still be writing its last line

    def _run(self, command: list[str]) -> None:
        environment = {**os.environ, "PATH": _path()}
        with (self.folder / "commands.log").open("ab") as log:
            # daemons inherit the descriptors: never a pipe, or the caller would wait for ever
            subprocess.run(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=False,
            )

    def _start_dovecot(self) -> None:
        owner = pwd.getpwnam("nobody")
        self.mail.mkdir()
        os.chown(self.mail, owner.pw_uid, owner.pw_gid)
        words = self.folder / "users"
        words.write_text(
            f"{USER}:{{PLAIN}}{WORD}:{owner.pw_uid}:{owner.pw_gid}::{self.mail}\n", encoding="utf-8"
        )
        run = self.folder / "dovecot-run"
        configuration = f"""
protocols = imap lmtp
listen = {HOST}
base_dir = {run}
state_dir = {run}
log_path = {self.folder}/dovecot.log
default_internal_user = nobody
default_login_user = nobody
default_internal_group = nogroup
first_valid_uid = 1
first_valid_gid = 1
ssl = required
ssl_cert = <{self.folder}/server.pem
ssl_key = <{self.folder}/server.pem
mail_location = maildir:{self.mail}/%n
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
  mailbox Junk {{
    auto = create
    special_use = \\Junk
  }}
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {words}
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {words}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {self.imap_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service lmtp {{
  unix_listener {self.folder}/lmtp {{
    mode = 0666
  }}
}}
service auth {{
  unix_listener {self.folder}/auth {{
    mode = 0666
  }}
}}
"""
        file = self.folder / "dovecot.conf"
        file.write_text(configuration, encoding="utf-8")
        self._run(["dovecot", "-c", str(file)])
        _await_port(self.imap_port)

    def _start_postfix(self) -> None:
        home, queue, data = (self.folder / name for name in ("postfix", "spool", "data"))
        for place in (home, queue, data):
            place.mkdir()
        owner = pwd.getpwnam("postfix")
        os.chown(data, owner.pw_uid, owner.pw_gid)
        delivery = "discard:" if self.discard else f"lmtp:unix:{self.folder}/lmtp"
        other = f"smtp:[{HOST}]:{self.elsewhere}" if self.elsewhere else "error:5.1.2 inconnu"
        other = "discard:" if self.discard else other
        limit = f"smtpd_client_message_rate_limit = {self.per_minute}\n" if self.per_minute else ""
        login = (
            "smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = dovecot\n"
            f"smtpd_sasl_path = {self.folder}/auth\nsmtpd_tls_auth_only = yes\n"
            if self.with_dovecot
            else ""
        )
        (home / "main.cf").write_text(
            f"""compatibility_level = 3.6
queue_directory = {queue}
data_directory = {data}
maillog_file = {self.folder}/postfix.log
maillog_file_prefixes = {self.folder}
inet_interfaces = {HOST}
inet_protocols = ipv4
myhostname = serveur.example
mydestination =
mynetworks = {HOST}/32
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = cabinet.example
virtual_mailbox_maps = inline:{{{{{USER} = x}}}}
virtual_transport = {delivery}
default_transport = {other}
smtp_host_lookup = native
smtpd_tls_cert_file = {self.folder}/server.pem
smtpd_tls_key_file = {self.folder}/server.pem
smtpd_tls_security_level = may
smtpd_client_event_limit_exceptions =
smtpd_relay_restrictions = permit_mynetworks, reject
notify_classes =
{limit}{login}"""
        )
        (home / "master.cf").write_text(
            f"""{HOST}:{self.smtp_port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
smtp unix - - n - - smtp
proxymap unix - - n - - proxymap
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
        )
        self._run(["postfix", "-c", str(home), "start"])


def _await_port(port: int) -> None:
    deadline = time.monotonic() + 60  # a loaded machine starts Postfix slowly
    while time.monotonic() < deadline:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"nothing answers on port {port}; see the logs in the servers' folder")
