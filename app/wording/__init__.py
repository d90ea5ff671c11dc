"""French sentences made from facts: errors, remarks, labels, numbers and dates."""

from app.wording.explanations import Explanation, explain
from app.wording.remarks import IssueText, describe

__all__ = ["Explanation", "IssueText", "describe", "explain"]
