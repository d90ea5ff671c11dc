"""The filters of « Les patients »: everybody, what is to fix or to check, and each kind of remark."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.issue import Level
from app.storage.campaign_file import CampaignFile
from app.storage.queries import RecipientQuery
from app.wording import describe
from app.wording.french import number
from app.wording.labels import LEVEL

#: level, code, excluded of a filter: its name while its counts change
FilterKey = tuple[str, str, bool | None]


@dataclass(frozen=True, slots=True)
class PatientFilter:
    """One line of the filter: its French words and its query (without the search text)."""

    label: str
    query: RecipientQuery

    @property
    def key(self) -> FilterKey:
        """Stable name, to keep the choice while the counts change."""
        level = self.query.issue_level
        return ("" if level is None else level.value, self.query.issue_code, self.query.excluded)


def patient_filters(campaign_file: CampaignFile) -> list[PatientFilter]:
    """The filters that show somebody, with how many patients each shows."""
    people = campaign_file.count_recipients()
    found = [PatientFilter(f"Tous les patients ({number(people)})", RecipientQuery())]
    for level in (Level.BLOCKING, Level.CHECK):
        query = RecipientQuery(issue_level=level)
        count = campaign_file.count_recipients(query)
        if count:
            found.append(PatientFilter(f"{LEVEL[level]} ({number(count)})", query))
    excluded = RecipientQuery(excluded=True)
    without = campaign_file.count_recipients(excluded)
    if without:
        found.append(PatientFilter(f"Sans lettre ({number(without)})", excluded))
    found += _kinds(campaign_file, campaign_file.issue_counts())
    return found


def _kinds(
    campaign_file: CampaignFile, counts: Mapping[tuple[Level, str], int]
) -> list[PatientFilter]:
    """One filter by kind of remark, named by an example of its own sentence."""
    found = []
    for (level, code), count in sorted(counts.items(), key=lambda item: -item[1]):
        if level is Level.INFO or code.startswith("letter_"):
            continue
        first = next(iter(campaign_file.issues(code=code, settled=False, limit=1)), None)
        if first is None or first.issue.row is None:
            continue
        words = describe(first.issue).what
        query = RecipientQuery(issue_level=level, issue_code=code)
        found.append(PatientFilter(f"Comme\u00a0: {words} ({number(count)})", query))
    return found
