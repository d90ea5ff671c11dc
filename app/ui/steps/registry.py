"""Which page shows which step."""

from app.ui.steps.incident import IncidentPage
from app.ui.steps.page import StepPage

#: in the order of the steps; each file of this folder adds its page here
PAGES: tuple[type[StepPage], ...] = (IncidentPage,)
