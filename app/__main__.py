"""``python -m app``: the program from a checkout, which installs what it needs the first time."""

import sys

from app import bootstrap


def _start() -> int:
    arguments = sys.argv[1:]
    if bootstrap.needs_set_up():
        try:
            bootstrap.set_up(bootstrap.RUN_LOCK)
        except bootstrap.SetUpImpossible as impossible:
            sys.stderr.write(f"{impossible}\n")
            return 3
        return bootstrap.run_inside("app", arguments)
    from app.main import main

    return main(arguments)


if __name__ == "__main__":
    sys.exit(_start())
