"""One whole run against a scripted server, and what both sides hold afterwards."""

from pathlib import Path
from typing import Any

from app.core.campaign import DeliveryStatus
from app.services.control import Control
from app.services.sending import (
    SendingOptions,
    SendingRun,
    smtp_transports,
)
from app.storage.campaign_file import CampaignFile
from tests.support.sending import JumpClock, plain_renderer
from tests.support.smtp_server import ScriptedServer

_S = DeliveryStatus


def go(
    file: CampaignFile,
    server: ScriptedServer,
    folder: Path,
    control: Control,
    clock: JumpClock,
    options: SendingOptions | None = None,
    **account: Any,
) -> list[Any]:
    """One whole run; its events."""
    sender = server.account(folder, **account)
    run = SendingRun(
        file, smtp_transports(sender), plain_renderer, sender, clock=clock, options=options
    )
    return list(run.run(control))


def statuses(file: CampaignFile) -> list[DeliveryStatus]:
    return [letter.status for letter in file.deliveries()]


def to(number: int) -> str:
    return f"patient{number}@exemple.fr"


def taken(server: ScriptedServer) -> list[str]:
    assert all(len(message.recipients) == 1 for message in server.received)
    return sorted(message.recipients[0] for message in server.received)
