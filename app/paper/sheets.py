"""Sheets that are not letters: separators between bundles, and the trial sheet for an envelope."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache

import typst

from app.core.errors import BugError
from app.paper.envelopes import Envelope, Window, Zone, envelope_shape
from app.paper.fingerprint import fingerprint
from app.paper.fonts import bundled_fonts
from app.paper.layout import FONT_FAMILIES, KEEP_OUT, Layout
from app.paths import templates_dir
from app.wording.french import NBSP, typeset
from app.wording.labels_paper import ENVELOPE

_SEPARATOR_NOTE = "Feuille de séparation : ne pas mettre sous enveloppe"
_TEST_TITLE = "Feuille d’essai pour enveloppe à fenêtre"


@lru_cache(maxsize=256)
def separator_sheet(text: str) -> tuple[bytes, int]:
    """One page that announces a bundle, and its fingerprint."""
    note = typeset(_SEPARATOR_NOTE)
    pdf = _compiled({"kind": "separator", "title": "Séparation", "text": text, "note": note})
    return pdf, fingerprint(f"{text}\n{note}")


def deposit_slip(
    title: str,
    intro: Sequence[str],
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    total: Sequence[str],
) -> bytes:
    """One page to be stamped by the post or the mailing house; texts only, nobody's name."""
    return _compiled(
        {
            "kind": "slip",
            "title": title,
            "intro": intro,
            "header": header,
            "rows": rows,
            "total": total,
            "words": {"handed": typeset("Remis par :"), "received": typeset("Reçu par, le :")},
        }
    )


def sample_address() -> tuple[str, ...]:
    """Six full lines, nobody's."""
    return (
        "MADAME PRENOM NOM",
        "APPARTEMENT 12 ESCALIER B ETAGE 3",
        "RESIDENCE DES LILAS BATIMENT C ENTREE 2",
        "125 BIS AVENUE DES CHAMPS ET DES PRES",
        "LIEU DIT LES GRANDES TERRES DU HAUT",
        "90000 VILLE D ESSAI CEDEX",
    )


def trial_sheet(envelope: Envelope, window: Window | None = None) -> bytes:
    """A page with rulers, folds, zones and a sample address, to print at full size and try in the envelope.

    Raises:
        WindowNotMeasured, WindowUnsuitable: see there.
    """
    shape = envelope_shape(envelope, window)
    layout = Layout.for_envelope(shape)
    words = {
        "keep_out": "rien d’autre que l’adresse dans ce cadre",
        "may_show": "peut paraître dans la fenêtre",
        "always": "toujours visible",
        "fold": "pli",
        "ruler": f"Ce trait mesure 10{NBSP}cm. Sinon, imprimez sans ajuster la page (échelle 100{NBSP}%).",
    }
    note = typeset(
        f"Enveloppe {ENVELOPE[envelope]}. Imprimez cette feuille à l’échelle 100 %, pliez-la, glissez-la dans "
        "une enveloppe et poussez-la dans tous les sens : l’adresse doit rester entière dans la fenêtre, "
        "et rien d’autre ne doit s’y voir."
    )
    return _compiled(
        {
            "kind": "test",
            "title": _TEST_TITLE,
            "note": note,
            "words": {name: typeset(text) for name, text in words.items()},
            "keep_out": _edges(KEEP_OUT),
            "may_show": _edges(shape.may_show()),
            "always": _edges(shape.always_visible()),
            "address": sample_address(),
            "address_x": layout.address_x,
            "address_bottom": layout.address_bottom,
            "address_pitch": min(layout.address_pitch, layout.address_height / 6),
            "folds": layout.folds,
        }
    )


def _edges(zone: Zone) -> dict[str, float]:
    return asdict(zone)


def _compiled(sheet: dict[str, object]) -> bytes:
    folder = templates_dir()
    compiler = typst.Compiler(
        str(folder / "feuille.typ"), root=str(folder), font_paths=bundled_fonts()
    )
    data = json.dumps({**sheet, "fonts": FONT_FAMILIES}, ensure_ascii=False)
    pdf = compiler.compile(
        sys_inputs={"sheet": data},
        format="pdf",
        pdf_standards=["a-2b"],
        pdf_tags=False,
        timestamp=0,
    )
    if not isinstance(pdf, bytes):
        raise BugError("typst gave back something else than one file")
    return pdf
