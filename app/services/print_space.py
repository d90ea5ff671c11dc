"""Is there enough room on the disk for the files of a print run? Asked before, so that no run fails at its end."""

import shutil
from pathlib import Path

from app.core.errors.paper import NotEnoughSpace

#: generous: 8 kB were measured for a letter of two pages that shares nothing with others
MERGED_LETTER_BYTES = 15_000
#: 45 kB were measured for a tagged letter of two pages
SINGLE_LETTER_BYTES = 70_000
_SPARE_BYTES = 5_000_000


def check_space(folder: Path, needed: int) -> None:
    """Raises NotEnoughSpace when the disk of ``folder`` (which may not be there yet) may become full."""
    place = folder.absolute()
    while not place.is_dir() and place != place.parent:
        place = place.parent
    if not place.is_dir():
        return  # writing will say what is wrong
    free, wanted = shutil.disk_usage(place).free, needed + _SPARE_BYTES
    if free < wanted:
        raise NotEnoughSpace(folder, wanted, free)
