"""A sender to be killed: sends a test campaign to a server given on the command line, then ends.

``python -m tests.support.sender_process CAMPAIGN PORT CA_FILE LANES``
"""

import sys
from pathlib import Path

from app.core.mail_account import AuthKind, MailAccount
from app.services.control import Control
from app.services.sending import SendingOptions, SendingRun, smtp_transports
from app.storage.campaign_file import CampaignFile
from tests.support.campaigns import KEY
from tests.support.sending import plain_renderer


def send(campaign: Path, port: int, ca_file: str, lanes: int) -> None:
    """Send everything that is left."""
    account = MailAccount(
        "contact@cabinet-exemple.fr",
        "127.0.0.1",
        port,
        auth=AuthKind.NONE,
        ca_file=ca_file,
        limits=(),
    )
    with CampaignFile.open(campaign, KEY) as file:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        run = SendingRun(
            file,
            smtp_transports(account),
            plain_renderer,
            account,
            options=SendingOptions(lanes=lanes),
        )
        for _ in run.run(Control()):
            pass


if __name__ == "__main__":
    send(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
