"""Conditionals are told from imperfects."""

import pytest

from app.core.letter_tenses import conditionals


@pytest.mark.parametrize(
    "verb",
    [
        "aurait", "auraient", "serait", "seraient", "pourrait", "pourraient", "devrait", "copierait",
        "détiendrait", "viendrait", "permettrait", "connaîtrait", "contiendrait", "finirait", "suivrait",
        "saurait", "enverrait", "pourrions", "auriez", "ferait", "irait", "voudrait", "compterait",
    ],
)  # fmt: skip
def test_conditionals(verb: str) -> None:
    assert conditionals(f"Le fichier {verb} ceci.") == [verb]


@pytest.mark.parametrize(
    "word",
    [
        "avait", "était", "gérait", "opérait", "récupérait", "montrait", "entrait", "enregistrait",
        "assurait", "figurait", "mesurait", "ouvrait", "découvrait", "livrait", "retirait", "expirait",
        "offrait", "extrait", "portrait", "retrait", "traitait", "préparait", "restaurait", "durait",
        "informations", "versions", "décisions", "opérions", "barrait",
    ],
)  # fmt: skip
def test_other_words(word: str) -> None:
    assert conditionals(f"Le service {word} cela.") == []
