"""The menus and their shortcuts. No shortcut sends anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from app.core.steps import Step
from app.services.samples import all_samples
from app.wording.steps import STEP

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow


class Menus:
    """Fichier, Envoi, Aide of the main window."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        bar = window.menuBar()
        file_menu = bar.addMenu("&Fichier")
        _add(file_menu, "&Nouvel envoi…", window.opener.ask_new, "Ctrl+N")
        _add(file_menu, "&Ouvrir un envoi…", window.opener.ask_existing, "Ctrl+O")
        file_menu.addSeparator()
        _add(file_menu, "&Mon cabinet…", window.show_practice, "Ctrl+M")
        _add(file_menu, "Registre des &violations…", window.show_register, "Ctrl+R")
        _add(file_menu, "Rétablir &une copie d’un envoi…", window.opener.ask_restore)
        self._home = _add(file_menu, "&Revenir à l’accueil", window.show_home, "Ctrl+W")
        file_menu.addSeparator()
        leave = _add(file_menu, "&Quitter", window.close, "Ctrl+Q")
        leave.setMenuRole(QAction.MenuRole.QuitRole)
        self._campaign_menu = bar.addMenu("&Envoi")
        self._steps: dict[Step, QAction] = {}
        for step in Step:
            title = f"&{int(step)}  {STEP[step]}"
            action = _add(self._campaign_menu, title, self._to_step(step), f"Ctrl+{int(step)}")
            action.setCheckable(True)
            self._steps[step] = action
        self._campaign_menu.addSeparator()
        _add(self._campaign_menu, "Étape &suivante", self._next, "Alt+Right")
        _add(self._campaign_menu, "Étape &précédente", self._back, "Alt+Left")
        self._campaign_menu.addSeparator()
        keep = window.safekeeping
        _add(self._campaign_menu, "Un patient &appelle…", keep.take_call, "Ctrl+Shift+A")
        _add(self._campaign_menu, "&Lettre de suivi…", keep.follow_up)
        self._campaign_menu.addSeparator()
        _add(self._campaign_menu, "&Copies de sauvegarde…", keep.show_copies)
        _add(self._campaign_menu, "Nouvelle &fiche de récupération…", keep.renew_code)
        _add(self._campaign_menu, "C&hanger la clé…", keep.ask_key_change)
        help_menu = bar.addMenu("&Aide")
        _add(help_menu, "Aide de &cette page", window.show_help, "F1")
        samples = help_menu.addMenu("&Exemples complets")
        for sample in all_samples():
            _add(samples, sample.title, self._to_sample(sample.id)).setToolTip(sample.story)
        samples.setToolTipsVisible(True)
        about = _add(help_menu, "À &propos d’Avis 34", window.show_about)
        about.setMenuRole(QAction.MenuRole.AboutRole)
        self.show_place(in_campaign=False)

    def show_place(self, *, in_campaign: bool) -> None:
        """Offer the steps only when a campaign is in front."""
        self._campaign_menu.menuAction().setVisible(in_campaign)
        for action in self._campaign_menu.actions():
            action.setEnabled(in_campaign)
        self._home.setEnabled(self._window.campaign_view is not None)

    def show_step(self, current: Step) -> None:
        """Mark the step in front."""
        for step, action in self._steps.items():
            action.setChecked(step is current)

    def _to_step(self, step: Step) -> Callable[[], None]:
        def go() -> None:
            view = self._window.campaign_view
            if view is not None:
                view.show_step(step)
                self.show_step(view.current_step)

        return go

    def _to_sample(self, sample_id: str) -> Callable[[], None]:
        return lambda: self._window.sample_maker.make(sample_id)

    def _next(self) -> None:
        if self._window.campaign_view is not None:
            self._window.campaign_view.go_next()

    def _back(self) -> None:
        if self._window.campaign_view is not None:
            self._window.campaign_view.go_back()


def _add(menu: QMenu, title: str, act: Callable[[], object], shortcut: str = "") -> QAction:
    action = menu.addAction(title)
    if shortcut:
        action.setShortcut(QKeySequence(shortcut))
    action.triggered.connect(lambda: act())
    return action
