"""French texts of the remarks about the list; see the three modules named here."""

from app.wording import issues_list_cells, issues_list_file, issues_list_people
from app.wording.list_words import FIELD_NAMES, recipient_field_name

__all__ = [
    "FIELD_NAMES",
    "issues_list_cells",
    "issues_list_file",
    "issues_list_people",
    "recipient_field_name",
]
