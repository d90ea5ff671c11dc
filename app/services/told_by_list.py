"""The categories of data that the imported lists tell person by person."""

from app.core.headers import Field
from app.core.incident import DataCategory
from app.storage.campaign_file import CampaignFile


def told_by_list(campaign_file: CampaignFile) -> frozenset[DataCategory] | None:
    """Categories with a column of yes and no in one of the lists; None when no list has any."""
    targets = (
        text for record in campaign_file.imports() for text in (record.mapping or {}).values()
    )
    parts = (text.partition(" (")[0].partition(":") for text in targets)
    told = frozenset(
        DataCategory(category) for field, _, category in parts if field == Field.CATEGORY.value
    )
    return told or None
