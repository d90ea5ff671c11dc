"""French words for a readability score (Kandel and Moles)."""

#: lowest score of each degree, easiest first
DEGREES = (
    (80.0, "Très facile à lire"),
    (65.0, "Facile à lire"),
    (50.0, "Assez facile à lire"),
    (35.0, "Difficile à lire"),
)


def readability_label(score: float) -> str:
    """« Facile à lire », for the page « La lettre »."""
    return next((label for lowest, label in DEGREES if score >= lowest), "Très difficile à lire")
