"""Rules that every page obeys: names, Tab, small windows, long texts, French typography, two palettes."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.ui.desk import Desk
from app.ui.main_window import MainWindow
from app.ui.theme import Meaning, colour, meaning_icon
from tests.ui.places import PLACES, focusable, spoken_name, window_at

_STRETCH = 1.5
_LEAST_CONTRAST = 4.5
#: an ordinary space, or none, before a sign that French sets apart
_BAD_SPACE = re.compile(
    r"[^\s\u00a0\u202f][ ][:;!?»%](?:\s|$)|«[ ]|[\w»][;!?](?:\s|$)|[a-zà-ÿ]:(?:\s|$)|'"
)


@pytest.mark.parametrize("place", PLACES)
def test_every_control_has_a_name(
    place: str, qtbot: QtBot, ready_desk: Desk, tmp_path: Path
) -> None:
    with window_at(place, qtbot, ready_desk, tmp_path) as window:
        controls = focusable(window)
        assert controls
        nameless = [widget for widget in controls if not spoken_name(widget).strip()]
        assert not nameless, nameless


@pytest.mark.parametrize("place", PLACES)
def test_tab_reaches_every_control_and_comes_back(
    place: str, qtbot: QtBot, ready_desk: Desk, tmp_path: Path
) -> None:
    with window_at(place, qtbot, ready_desk, tmp_path) as window:
        with qtbot.waitActive(window):
            window.activateWindow()
        expected = {widget for widget in focusable(window) if _takes_tab(widget)}
        first = QApplication.focusWidget()
        assert first is not None
        seen: list[QWidget] = []
        for _ in range(len(expected) * 2 + 20):
            focused = QApplication.focusWidget()
            assert focused is not None
            if seen and focused is seen[0]:
                break
            seen.append(focused)
            QTest.keyClick(focused, Qt.Key.Key_Tab)
        missed = expected - set(seen) - {w.focusProxy() for w in seen}
        assert not missed, missed


def _takes_tab(widget: QWidget) -> bool:
    """Of a group of radio buttons, Tab takes the chosen one only; a proxy stands for another widget."""
    if widget.focusProxy() is not None or not widget.isEnabled():
        return False
    if isinstance(widget, QAbstractButton) and widget.group() is not None:
        return False
    return not (isinstance(widget, QAbstractButton) and widget.autoExclusive())


@pytest.mark.parametrize("place", PLACES)
def test_tab_follows_the_reading_order(
    place: str, qtbot: QtBot, ready_desk: Desk, tmp_path: Path
) -> None:
    """Within the content, the next control is lower, or on the same line further right."""
    with window_at(place, qtbot, ready_desk, tmp_path) as window:
        area = next(a for a in window.findChildren(QScrollArea) if a.isVisible())
        body = area.widget()
        assert body is not None
        chain: list[QWidget] = []
        widget = body.nextInFocusChain()
        while widget is not None and widget is not body:
            reachable = widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            if body.isAncestorOf(widget) and reachable and widget.focusProxy() is None:
                chain.append(widget)
            widget = widget.nextInFocusChain()
        places = [each.mapTo(body, each.rect().topLeft()) for each in chain]
        backwards = [
            (chain[i], chain[i + 1])
            for i in range(len(chain) - 1)
            if places[i + 1].y() + chain[i + 1].height() <= places[i].y()
            and places[i + 1].x() <= places[i].x()
        ]
        assert not backwards, backwards


@pytest.mark.parametrize("place", PLACES)
def test_long_texts_fit_the_smallest_window(
    place: str, qtbot: QtBot, ready_desk: Desk, tmp_path: Path, qapp: QApplication
) -> None:
    before = qapp.font()
    larger = qapp.font()
    larger.setPointSizeF(before.pointSizeF() * _STRETCH)
    qapp.setFont(larger)
    try:
        with window_at(place, qtbot, ready_desk, tmp_path) as window:
            qapp.processEvents()
            assert window.width() <= 860, "the window had to grow"
            for area in window.findChildren(QScrollArea):
                if area.isVisible():
                    assert not area.horizontalScrollBar().isVisible(), area.widget()
            # a Job that ends just now changes a text: its new height comes with the next layout
            qtbot.waitUntil(lambda: not _cut_texts(window))
    finally:
        qapp.setFont(before)


def _cut_texts(window: QWidget) -> list[str]:
    labels = [each for each in window.findChildren(QLabel) if each.isVisible() and each.text()]
    return [label.text() for label in labels if _is_cut(label)]


def _is_cut(label: QLabel) -> bool:
    if label.wordWrap():
        return label.height() + 1 < label.heightForWidth(label.width())
    return label.width() + 1 < label.sizeHint().width()


@pytest.mark.parametrize("place", PLACES)
def test_french_typography(place: str, qtbot: QtBot, ready_desk: Desk, tmp_path: Path) -> None:
    with window_at(place, qtbot, ready_desk, tmp_path) as window:
        texts = set(_texts(window))
        assert texts
        bad = [text for text in texts if _BAD_SPACE.search(text)]
        assert not bad, bad


def _texts(window: MainWindow) -> list[str]:
    found: list[str] = [window.windowTitle()]
    for widget in window.findChildren(QWidget):
        found += [widget.toolTip(), widget.accessibleName()]
        if isinstance(widget, QLabel | QAbstractButton):
            found.append(widget.text())
        if isinstance(widget, QLineEdit | QPlainTextEdit):
            found.append(widget.placeholderText())
    return [text for text in found if text and "@" not in text]


def _luminance(ink: QColor) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = (ink.redF(), ink.greenF(), ink.blueF())
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: QColor, other: QColor) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def palette(window: str, text: str) -> QPalette:
    made = QPalette()
    made.setColor(QPalette.ColorRole.Window, QColor(window))
    made.setColor(QPalette.ColorRole.Base, QColor(window))
    made.setColor(QPalette.ColorRole.WindowText, QColor(text))
    return made


@pytest.mark.parametrize("ground", ["#ffffff", "#efefef", "#1e1e1e", "#333333"])
@pytest.mark.parametrize("meaning", list(Meaning))
def test_each_meaning_is_readable_in_light_and_dark(ground: str, meaning: Meaning) -> None:
    shown = palette(ground, "#000000")
    assert contrast(colour(meaning, shown), QColor(ground)) >= _LEAST_CONTRAST


@pytest.mark.parametrize(("ground", "text"), [("#efefef", "#000000"), ("#2b2b2b", "#f0f0f0")])
def test_signs_take_the_colours_of_the_palette(qapp: QApplication, ground: str, text: str) -> None:
    shown = palette(ground, text)
    image = meaning_icon(Meaning.PROBLEM, shown).pixmap(48, 48).toImage()
    inks = {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }
    assert colour(Meaning.PROBLEM, shown).name() in inks


@pytest.mark.parametrize("place", PLACES)
def test_alt_letters_are_unique(place: str, qtbot: QtBot, ready_desk: Desk, tmp_path: Path) -> None:
    """Two controls with one letter: Alt and the letter would act on neither."""
    with window_at(place, qtbot, ready_desk, tmp_path) as window:
        taken: dict[str, list[str]] = {}
        for text in _texts_with_letter(window):
            found = re.search(r"&(\w)", text.replace("&&", ""))
            if found is not None:
                taken.setdefault(found[1].casefold(), []).append(text)
        double = {letter: texts for letter, texts in taken.items() if len(texts) > 1}
        assert not double, double


def _texts_with_letter(window: MainWindow) -> list[str]:
    menus = [action.text() for action in window.menuBar().actions() if action.isVisible()]
    labels = [
        label.text()
        for label in window.findChildren(QLabel)
        if label.isVisible() and label.buddy() is not None
    ]
    buttons = [
        button.text()
        for button in window.findChildren(QAbstractButton)
        if button.isVisible() and button.isEnabled()
    ]
    return [*menus, *labels, *buttons]
