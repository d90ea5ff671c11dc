"""What becomes of a column of the list, in French, and why some are left out."""

from collections.abc import Mapping

from app.core.columns import Basis, MappedColumn
from app.core.headers import Refusal
from app.core.incident import DataCategory
from app.wording.issues_list import FIELD_NAMES

NOT_IMPORTED = "Ne pas importer"
_REFUSAL: Mapping[Refusal, str] = {
    Refusal.NIR: "numéro de sécurité sociale, inutile pour la lettre",
    Refusal.FREE_TEXT: "texte libre, inutile pour la lettre",
    Refusal.HEALTH: "donnée de santé, inutile pour la lettre",
    Refusal.INS: "identité de santé, inutile pour la lettre",
}


def target_label(column: MappedColumn, categories: Mapping[DataCategory, str]) -> str:
    """What becomes of a column: « Nom », « Ne pas importer\u00a0: numéro de sécurité sociale… »."""
    if column.field is None:
        if column.refusal is not None:
            return f"{NOT_IMPORTED}\u00a0: {_REFUSAL[column.refusal]}"
        return NOT_IMPORTED
    label = FIELD_NAMES[column.field]
    if column.category is not None:
        label = f"{label}\u00a0: {categories[column.category]}"
    if column.basis is Basis.CONTENT:
        return f"{label} (d’après le contenu)"
    return label
