"""Sets of keys as short text: « 1-12,48 »."""

from collections.abc import Set as AbstractSet


def to_ranges(keys: AbstractSet[int]) -> str:
    """{1, 2, 3, 7} → « 1-3,7 »; empty for none."""
    ranges: list[list[int]] = []
    for key in sorted(keys):
        if ranges and ranges[-1][1] == key - 1:
            ranges[-1][1] = key
        else:
            ranges.append([key, key])
    return ",".join(f"{first}" if first == last else f"{first}-{last}" for first, last in ranges)


def from_ranges(text: str) -> frozenset[int]:
    """The keys of ``to_ranges``.

    Raises:
        ValueError: not such a text.
    """
    found: set[int] = set()
    for part in text.split(",") if text else ():
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)
