"""Window geometry, recomputed here from the table of the trade, and pages laid out for each envelope."""

from dataclasses import replace

import pypdfium2 as pdfium
import pytest

from app.core.errors.paper import AddressTooTall, WindowNotMeasured, WindowUnsuitable
from app.paper.engine import PaperEngine
from app.paper.envelopes import ENVELOPES, Envelope, Window, Zone, envelope_shape
from app.paper.layout import KEEP_OUT, Layout
from app.paper.sheets import separator_sheet, trial_sheet
from tests.doors.test_paper_engine import PRACTICE, make_letter

#: always visible, may show: left, top, right, bottom in millimetres on the sheet
TRADE = {
    Envelope.DL: ((100, 55, 190, 79), (90, 44, 200, 90)),
    Envelope.DL_TALL: ((100, 45, 190, 79), (90, 34, 200, 90)),
    Envelope.C5_6: ((109, 59, 190, 79), (90, 44, 209, 94)),
    Envelope.C5_6_TALL: ((109, 49, 190, 79), (90, 34, 209, 94)),
    Envelope.C5: ((109, 57, 190, 88.5), (90, 43.5, 209, 102)),
}
POINTS = 72 / 25.4


@pytest.mark.parametrize("envelope", ENVELOPES)
def test_zones_are_those_of_the_trade(envelope: Envelope) -> None:
    always, may_show = TRADE[envelope]
    shape = ENVELOPES[envelope]
    assert shape.always_visible() == Zone(*always)
    assert shape.may_show() == Zone(*may_show)
    assert KEEP_OUT.contains(shape.may_show())


@pytest.mark.parametrize("chosen", [None, *ENVELOPES])
@pytest.mark.parametrize("lines", [3, 6])
def test_every_character_of_the_address_is_always_visible(
    chosen: Envelope | None, lines: int
) -> None:
    layout = Layout() if chosen is None else Layout.for_envelope(ENVELOPES[chosen])
    address = tuple(f"LIGNE {number} GQÇ DE L ADRESSE LA PLUS LON" for number in range(lines))
    letter = replace(make_letter(paragraphs=16), address_lines=address)
    page = pdfium.PdfDocument(PaperEngine(PRACTICE, layout).single(letter))[0].get_textpage()
    text = page.get_text_range()
    start = text.index(address[0])
    boxes = [
        page.get_charbox(at) for at in range(start, text.index(address[-1]) + len(address[-1]))
    ]
    shown = [box for box in boxes if box[2] > box[0]]
    seen = Zone(
        min(box[0] for box in shown) / POINTS,
        297 - max(box[3] for box in shown) / POINTS,
        max(box[2] for box in shown) / POINTS,
        297 - min(box[1] for box in shown) / POINTS,
    )
    for envelope in ENVELOPES if chosen is None else (chosen,):
        zone = ENVELOPES[envelope].always_visible()
        assert replace(zone, bottom=zone.bottom + 0.3).contains(seen), envelope


@pytest.mark.parametrize("envelope", ENVELOPES)
@pytest.mark.parametrize("large", [False, True])
def test_nothing_else_may_show(envelope: Envelope, large: bool) -> None:
    layout = Layout.for_envelope(ENVELOPES[envelope])
    engine = PaperEngine(
        replace(
            PRACTICE, name="Maison de santé pluriprofessionnelle des Grands Tilleuls et du Lac"
        ),
        layout.large_print() if large else layout,
    )
    page = pdfium.PdfDocument(engine.single(make_letter(paragraphs=16)))[0].get_textpage()
    zone = ENVELOPES[envelope].may_show()
    shown = page.get_text_bounded(
        left=zone.left * POINTS,
        right=zone.right * POINTS,
        top=(297 - zone.top) * POINTS,
        bottom=(297 - zone.bottom) * POINTS,
    )
    assert " ".join(shown.split()) == "MADAME ÉLODIE ESSAI 12 RUE DE L EGLISE 90000 BELFORT"


def test_folds_follow_the_envelope() -> None:
    assert Layout.for_envelope(ENVELOPES[Envelope.DL]).folds == (99, 198)
    assert Layout.for_envelope(ENVELOPES[Envelope.C5]).folds == (148.5,)
    c4 = envelope_shape(Envelope.C4, Window(100, 57, 20, 219))
    assert Layout.for_envelope(c4).folds == ()


def test_a_measured_window_that_hides_or_shows_too_much_is_refused() -> None:
    for window in (Window(100, 20, 20, 20), Window(60, 35, 20, 20), Window(150, 45, 20, 20)):
        with pytest.raises(WindowUnsuitable):
            Layout.for_envelope(envelope_shape(Envelope.DL, window))
    with pytest.raises(WindowNotMeasured):
        envelope_shape(Envelope.C4)


def test_seven_lines_do_not_fit_a_low_window() -> None:
    letter = replace(make_letter(), address_lines=tuple(f"LIGNE {n}" for n in range(7)))
    assert PaperEngine(PRACTICE).single(letter)
    with pytest.raises(AddressTooTall) as caught:
        PaperEngine(PRACTICE, Layout.for_envelope(ENVELOPES[Envelope.C5_6])).single(letter)
    assert (caught.value.row, caught.value.lines) == (12, 7)


def test_a_separator_shows_nothing_in_any_window() -> None:
    page = pdfium.PdfDocument(separator_sheet("Département : 90")[0])[0].get_textpage()
    assert "Département : 90" in page.get_text_range()
    top = (297 - KEEP_OUT.top) * POINTS
    assert not page.get_text_bounded(
        left=0, right=210 * POINTS, top=top, bottom=(297 - KEEP_OUT.bottom) * POINTS
    )


@pytest.mark.parametrize("envelope", ENVELOPES)
def test_the_trial_sheet_is_one_page(envelope: Envelope) -> None:
    document = pdfium.PdfDocument(trial_sheet(envelope))
    assert len(document) == 1
    assert "100\xa0%" in document[0].get_textpage().get_text_range()
