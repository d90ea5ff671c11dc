"""What ``avis34 controler`` says."""

from collections.abc import Sequence
from typing import Protocol

from app.wording.french import NBSP, NNBSP, count, number


class _Chain(Protocol):
    @property
    def events(self) -> int: ...
    @property
    def head(self) -> str: ...
    @property
    def first_break(self) -> int | None: ...
    @property
    def reason(self) -> str: ...
    @property
    def clock_steps(self) -> tuple[int, ...]: ...


class _Campaign(Protocol):
    @property
    def chain(self) -> _Chain: ...
    @property
    def letters(self) -> int: ...
    @property
    def letters_apart(self) -> int: ...
    @property
    def balance_exact(self) -> bool: ...
    @property
    def doubts(self) -> tuple[str, ...]: ...
    @property
    def is_whole(self) -> bool: ...


class _Dossier(Protocol):
    @property
    def chain(self) -> _Chain: ...
    @property
    def wrong_files(self) -> tuple[str, ...]: ...
    @property
    def head_agrees(self) -> bool: ...
    @property
    def is_whole(self) -> bool: ...


_REASONS = {
    "content": "son contenu n’est plus celui qui avait été écrit",
    "missing": "elle manque",
    "private": "sa partie nominative a été modifiée",
}


def _chain_lines(chain: _Chain) -> list[str]:
    if chain.first_break is not None:
        where = number(chain.first_break)
        lines = [f"Journal{NBSP}: rompu à la ligne {where}{NBSP}: {_REASONS[chain.reason]}."]
    else:
        lines = [
            f"Journal{NBSP}: entier, {count(chain.events, 'ligne')}.",
            f"Empreinte de la dernière ligne{NBSP}: {chain.head}",
        ]
    if chain.clock_steps:
        times = count(len(chain.clock_steps), "fois")
        first = number(chain.clock_steps[0])
        lines.append(f"L’horloge de l’ordinateur a reculé {times}, d’abord à la ligne {first}.")
    return lines


def campaign_lines(check: _Campaign) -> Sequence[str]:
    """One line per thing checked, then the conclusion."""
    lines = [f"Fichier{NBSP}: chaque page est authentique.", *_chain_lines(check.chain)]
    if check.letters_apart:
        many = count(check.letters_apart, "lettre")
        lines.append(f"Lettres{NBSP}: {many} dans un état que le journal ne dit pas.")
    else:
        lines.append(
            f"Lettres{NBSP}: {number(check.letters)}, toutes dans l’état que dit le journal."
        )
    exact = "exact" if check.balance_exact else "inexact"
    lines.append(f"Bilan{NBSP}: {exact}.")
    if "other_computer" in check.doubts:
        lines.append(f"À savoir{NBSP}: cet envoi vient d’un autre ordinateur.")
    if {"older_than_known", "other_copy"} & set(check.doubts):
        lines.append(f"À savoir{NBSP}: cet ordinateur a connu un autre état de cet envoi.")
    lines.append(
        "Tout concorde." if check.is_whole else f"Tout ne concorde pas{NNBSP}; voir ci-dessus."
    )
    return lines


def dossier_lines(check: _Dossier) -> Sequence[str]:
    """One line per thing checked, then the conclusion."""
    if check.wrong_files:
        names = ", ".join(check.wrong_files)
        lines = [f"Fichiers modifiés ou absents{NBSP}: {names}."]
    else:
        lines = [f"Fichiers{NBSP}: tous intacts."]
    lines += _chain_lines(check.chain)
    if not check.head_agrees:
        lines.append("La fin du journal n’est pas celle qu’annonce le dossier.")
    lines.append(
        "Tout concorde." if check.is_whole else f"Tout ne concorde pas{NNBSP}; voir ci-dessus."
    )
    return lines
