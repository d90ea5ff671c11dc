"""French names of the choices of a print run."""

from app.wording.french import NBSP

#: by the value of app.paper.envelopes.Envelope
ENVELOPE = {
    "dl": f"DL, fenêtre de 35 sur 100{NBSP}mm",
    "dl-45": f"DL, fenêtre de 45 sur 100{NBSP}mm",
    "c5-6": f"C5/6, fenêtre de 35 sur 100{NBSP}mm",
    "c5-6-45": f"C5/6, fenêtre de 45 sur 100{NBSP}mm",
    "c5": f"C5, fenêtre de 45 sur 100{NBSP}mm",
    "c4": "C4, fenêtre mesurée",
}
