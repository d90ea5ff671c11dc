"""Which page shows which step."""

from app.ui.steps.evidence import EvidencePage
from app.ui.steps.incident import IncidentPage
from app.ui.steps.letter import LetterPage
from app.ui.steps.page import StepPage
from app.ui.steps.patients import PatientsPage
from app.ui.steps.review import ReviewPage
from app.ui.steps.sending import SendingPage

#: in the order of the steps; each file of this folder adds its page here
PAGES: tuple[type[StepPage], ...] = (
    IncidentPage,
    PatientsPage,
    LetterPage,
    ReviewPage,
    SendingPage,
    EvidencePage,
)
