"""Abbreviations of NF Z 10-011, used only when a line is longer than 38 characters."""

import re
from collections.abc import Iterator, Mapping

#: kinds of street, then parts of a building: what the post abbreviates first
STREET_KINDS: Mapping[str, str] = {
    "ALLEE": "ALL",
    "ALLEES": "ALL",
    "AVENUE": "AV",
    "BOULEVARD": "BD",
    "CARREFOUR": "CAR",
    "CHEMIN": "CHE",
    "COURS": "CRS",
    "DOMAINE": "DOM",
    "ESPLANADE": "ESP",
    "FAUBOURG": "FG",
    "HAMEAU": "HAM",
    "IMPASSE": "IMP",
    "LIEU DIT": "LD",
    "LOTISSEMENT": "LOT",
    "PASSAGE": "PAS",
    "PLACE": "PL",
    "PROMENADE": "PROM",
    "QUARTIER": "QUA",
    "RESIDENCE": "RES",
    "ROND POINT": "RPT",
    "ROUTE": "RTE",
    "SENTIER": "SEN",
    "SQUARE": "SQ",
    "TRAVERSE": "TRA",
    "VILLAGE": "VGE",
    "ZONE ARTISANALE": "ZA",
    "ZONE INDUSTRIELLE": "ZI",
}
BUILDING_PARTS: Mapping[str, str] = {
    "APPARTEMENT": "APP",
    "BATIMENT": "BAT",
    "BÂTIMENT": "BAT",
    "CENTRE": "CTRE",
    "ENTREE": "ENT",
    "ENTRÉE": "ENT",
    "ESCALIER": "ESC",
    "ETAGE": "ETG",
    "ÉTAGE": "ETG",
    "IMMEUBLE": "IMM",
    "PORTE": "PTE",
    "RESIDENCE": "RES",
    "RÉSIDENCE": "RES",
    "REZ DE CHAUSSEE": "RDC",
    "REZ DE CHAUSSÉE": "RDC",
    "REZ-DE-CHAUSSEE": "RDC",
    "REZ-DE-CHAUSSÉE": "RDC",
}
TITLES: Mapping[str, str] = {
    "ADJUDANT": "ADJ",
    "CAPITAINE": "CNE",
    "COLONEL": "CEL",
    "COMMANDANT": "CDT",
    "DOCTEUR": "DR",
    "GENERAL": "GAL",
    "GOUVERNEUR": "GOU",
    "GRAND": "GD",
    "GRANDE": "GDE",
    "LIEUTENANT": "LT",
    "MADAME": "MME",
    "MARECHAL": "MAL",
    "MONSEIGNEUR": "MGR",
    "MONSIEUR": "M",
    "NOTRE DAME": "ND",
    "PETIT": "PT",
    "PETITE": "PTE",
    "PRESIDENT": "PDT",
    "PROFESSEUR": "PR",
    "SAINT": "ST",
    "SAINTE": "STE",
    "SAINTES": "STES",
    "SAINTS": "STS",
    "SERGENT": "SGT",
}
_ARTICLES = re.compile(r"(?<= )(?:DE LA|DE L|DES|DU|DE|LA|LES|LE|L|D) (?=\S)")


def _replaced(text: str, words: Mapping[str, str]) -> Iterator[str]:
    """``text`` with one more known word abbreviated each time, left to right, never its last word."""
    pattern = re.compile(r"(?<!\S)(" + "|".join(sorted(words, key=len, reverse=True)) + r")(?=\s)")
    while (match := pattern.search(text)) is not None:
        text = text[: match.start()] + words[match[1]] + text[match.end() :]
        yield text


def shorter_streets(text: str) -> Iterator[str]:
    """Shorter and shorter forms of line 4, 5 or 6: kind of street, titles, articles; the last word stays whole."""
    for words in (STREET_KINDS, BUILDING_PARTS, TITLES):
        for shorter in _replaced(text, words):
            text = shorter
            yield text
    while (match := _ARTICLES.search(text)) is not None:
        text = text[: match.start()] + text[match.end() :]
        yield text


def shorter_complements(text: str) -> Iterator[str]:
    """Shorter and shorter forms of line 2 or 3 (flat, residence, « chez … »)."""
    for words in (BUILDING_PARTS, TITLES):
        for shorter in _replaced(text, words):
            text = shorter
            yield text
