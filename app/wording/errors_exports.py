"""French texts of app.core.errors.exports."""

from app.core.errors import exports
from app.wording.explanations import Explanation, explain
from app.wording.french import typeset


@explain.register
def _(error: exports.ExportNotDeleted) -> Explanation:
    return Explanation(
        typeset(f"« {error.name} » n’a pas pu être supprimé."),
        typeset(f"Le disque a répondu : {error.reason}.") if error.reason else "",
        typeset(
            "Fermez ce fichier s’il est ouvert, puis réessayez ; ou supprimez-le vous-même. "
            "Il contient des noms de patients."
        ),
    )
