"""``python3 -m tests``: every check, in the order of design: format, lint, layers, types, tests.

Installs the locked dependencies and, on Debian as root, the system packages that Qt and the real mail
servers need. Options: ``--rapide`` skips the slow tests; what follows ``--`` goes to pytest.
"""

import os
import shutil
import subprocess
import sys

from app import bootstrap

#: what the window needs, then what the tests drive (Debian names)
SYSTEM_PACKAGES = (
    "libegl1",
    "libgl1",
    "libxkbcommon0",
    "libxkbcommon-x11-0",
    "libdbus-1-3",
    "libfontconfig1",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-xinerama0",
    "libxcb-xkb1",
    "fonts-dejavu-core",
    "xvfb",
    "xauth",
    "poppler-utils",
    "postfix",
    "dovecot-imapd",
    "dovecot-lmtpd",
    "spamassassin",
    "rspamd",
    "gnome-keyring",
    "dbus",
    "hunspell",
    "hunspell-fr",
    "grammalecte-cli",
)


def main(arguments: list[str]) -> int:
    """Install, check, test. Exit code of the first thing that failed."""
    if not bootstrap.is_ready(bootstrap.TEST_LOCK):
        try:
            _install_system_packages()
            bootstrap.set_up(bootstrap.TEST_LOCK)
        except bootstrap.SetUpImpossible as impossible:
            sys.stderr.write(f"{impossible}\n")
            return 3
        return bootstrap.run_inside("tests", arguments)
    os.chdir(bootstrap.PROJECT)
    os.environ["PATH"] = os.pathsep.join(
        (str(bootstrap.environment_python().parent), os.environ.get("PATH", ""), "/usr/sbin")
    )
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if shutil.which("dpkg-query") is not None and os.geteuid() == 0:
        # everything is installed: a test of the real servers, keyring or judges that skips has failed
        os.environ.setdefault("AVIS34_RIEN_DE_SAUTE", "1")
    pytest_words = arguments[arguments.index("--") + 1 :] if "--" in arguments else []
    quick = ["-m", "not slow"] if "--rapide" in arguments else []
    steps = [
        ["ruff", "format", "--check", "--quiet", "."],
        ["ruff", "check", "--quiet", "."],
        ["lint-imports", "--no-cache"],
        ["mypy"],
        ["pytest", "-q", "-n", "2", *quick, *pytest_words],
    ]
    for step in steps:
        sys.stdout.write(f"── {' '.join(step)}\n")
        sys.stdout.flush()
        code = subprocess.run(step, check=False).returncode
        if code:
            return code
    return 0


def _install_system_packages() -> None:
    """Debian as root: install what is missing. Elsewhere: say what is missing, in one sentence."""
    if not sys.platform.startswith("linux") or shutil.which("dpkg-query") is None:
        return
    missing = [name for name in SYSTEM_PACKAGES if not _is_installed(name)]
    if not missing:
        return
    if os.geteuid() != 0:
        raise bootstrap.SetUpImpossible(
            f"Il manque des paquets du système. En administrateur : apt-get install {' '.join(missing)}"
        )
    sys.stderr.write(f"Installation de paquets du système : {' '.join(missing)}\n")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing],
    ):
        done = subprocess.run(command, check=False, env=environment, stdout=subprocess.DEVNULL)
        if done.returncode:
            raise bootstrap.SetUpImpossible(
                f"Ces paquets n’ont pas pu être installés : {' '.join(missing)}. "
                "Vérifiez la connexion à Internet, puis recommencez."
            )


def _is_installed(package: str) -> bool:
    query = subprocess.run(
        ["dpkg-query", "-W", "-f=${Status}", package], check=False, capture_output=True, text=True
    )
    return "install ok installed" in query.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
