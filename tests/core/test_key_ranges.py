"""Keys as short text."""

import pytest

from app.core.key_ranges import from_ranges, to_ranges


@pytest.mark.parametrize(
    ("keys", "text"), [(set(), ""), ({5}, "5"), ({1, 2, 3, 7, 9, 10}, "1-3,7,9-10")]
)
def test_there_and_back(keys: set[int], text: str) -> None:
    assert to_ranges(keys) == text
    assert from_ranges(text) == keys


def test_another_text_is_refused() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        from_ranges("deux")
