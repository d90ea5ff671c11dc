"""Composition root: a command when one is named, the window otherwise."""

import io
import multiprocessing
import sys

from app.cli import command_line


def main(arguments: list[str] | None = None) -> int:
    """Run the program and give its exit code (0 done, 1 our defect, 2 a sentence was shown, 130 stopped)."""
    multiprocessing.freeze_support()  # the guarded reader of lists is a spawned child
    _speak_utf8()
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and words[0] not in ("--fenetre",):
        return command_line.run(words)
    return _open_window(words[1:] if words else [])


def _speak_utf8() -> None:
    """Redirected output in UTF-8 on every system: Windows' own code page lacks our no-break spaces."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8")


def _open_window(words: list[str]) -> int:
    try:
        from app.ui.application import run
    except ImportError as error:
        sys.stderr.write(
            "La fenêtre ne peut pas s’ouvrir : il manque une bibliothèque du système "
            f"({error.name or error}).\n"
            "Sous Debian ou Ubuntu : apt-get install libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 "
            "libdbus-1-3 libfontconfig1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 "
            "libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1\n"
            "Les commandes sans fenêtre marchent : « avis34 --help ».\n"
        )
        return 2
    return run(words)
