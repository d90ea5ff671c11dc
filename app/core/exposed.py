"""Which data of one person were exposed: what the incident says, but for what the list says person by person."""

from app.core.incident import DataCategory, Incident
from app.core.recipient import Recipient


def exposed_categories(
    incident: Incident, person: Recipient, told_by_list: frozenset[DataCategory] | None = None
) -> list[DataCategory]:
    """Exposed categories of ``person``, in the incident's order, annotations apart.

    ``told_by_list``: categories that have a column of yes and no in the list. Of these the person's own row
    decides; of the others the incident does: a list that only tells whose social security number was in the
    file does not take back the identity of the others. None: the row decides of all.
    """
    own = person.categories
    if own is None:
        return list(incident.categories)
    found = [
        each
        for each in incident.categories
        if each in own or (told_by_list is not None and each not in told_by_list)
    ]
    return found + sorted(each for each in own if each not in found)
