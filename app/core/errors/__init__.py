"""What can go wrong, as types.

``UserError`` is the world's fault (a file, a server, a disk): its fields are facts, its French text is
made in ``app.wording``. ``BugError`` is ours. Each area of the program has its own module of
``UserError`` subclasses in this package; a test walks them all and demands a text for each.
"""


class UserError(Exception):
    """Something happened in the world that the user can understand and act upon.

    Subclasses are dataclasses (``@dataclass(eq=False)``) whose fields are facts. No field ever holds a
    patient's name, address or any other value of a patient: a row number is enough.
    """


class BugError(Exception):
    """A state that the program promises never to reach. Shown as our defect, never as the user's."""


class Cancelled(Exception):
    """The user stopped a long piece of work; nothing to explain."""
