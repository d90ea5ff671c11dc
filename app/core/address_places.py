"""France and the other countries, as the last lines of an address see them."""

import unicodedata

#: written as a country in lists, but served by the French post with a French postcode: no country line
_FRENCH = frozenset(
    {
        "FRANCE", "FR", "FRA", "FRANCE METROPOLITAINE", "REPUBLIQUE FRANCAISE", "GUADELOUPE", "GP",
        "MARTINIQUE", "MQ", "GUYANE", "GUYANE FRANCAISE", "GF", "LA REUNION", "REUNION", "RE",
        "MAYOTTE", "YT", "SAINT PIERRE ET MIQUELON", "PM", "SAINT BARTHELEMY", "BL", "SAINT MARTIN", "MF",
        "POLYNESIE FRANCAISE", "PF", "NOUVELLE CALEDONIE", "NC", "WALLIS ET FUTUNA", "WF",
    }
)  # fmt: skip
#: ISO 3166 code or a foreign spelling → French name of the country line; others stay as the list says
_FRENCH_NAMES = {
    "DE": "ALLEMAGNE", "GERMANY": "ALLEMAGNE", "DEUTSCHLAND": "ALLEMAGNE", "AT": "AUTRICHE",
    "AUSTRIA": "AUTRICHE", "BE": "BELGIQUE", "BELGIUM": "BELGIQUE", "CA": "CANADA", "CH": "SUISSE",
    "SWITZERLAND": "SUISSE", "DZ": "ALGERIE", "ALGERIA": "ALGERIE", "ES": "ESPAGNE", "SPAIN": "ESPAGNE",
    "ESPANA": "ESPAGNE", "GB": "ROYAUME-UNI", "UK": "ROYAUME-UNI", "UNITED KINGDOM": "ROYAUME-UNI",
    "ENGLAND": "ROYAUME-UNI", "IE": "IRLANDE", "IRELAND": "IRLANDE", "IT": "ITALIE", "ITALY": "ITALIE",
    "ITALIA": "ITALIE", "LU": "LUXEMBOURG", "MA": "MAROC", "MOROCCO": "MAROC", "MC": "MONACO",
    "NL": "PAYS-BAS", "NETHERLANDS": "PAYS-BAS", "PL": "POLOGNE", "POLAND": "POLOGNE", "PT": "PORTUGAL",
    "TN": "TUNISIE", "TUNISIA": "TUNISIE", "US": "ETATS-UNIS", "USA": "ETATS-UNIS",
    "UNITED STATES": "ETATS-UNIS",
}  # fmt: skip
#: countries that write the postcode after the town
_POSTCODE_LAST = frozenset(
    {"ROYAUME-UNI", "IRLANDE", "ETATS-UNIS", "CANADA", "AUSTRALIE", "NOUVELLE-ZELANDE", "INDE", "JAPON"}
)  # fmt: skip


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.upper())
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(letters.replace("-", " ").replace(".", "").split())


def country_line(country: str) -> str:
    """Last line for abroad: the country in French capitals; empty for France and its territories.

    UPU rule: the country alone on the last line, in the language of the sending country. Monaco keeps
    its line although its postcodes look French: it is another country and the line does no harm.
    """
    folded = _folded(country)
    if not folded or folded in _FRENCH:
        return ""
    if folded in _FRENCH_NAMES:
        return _FRENCH_NAMES[folded]
    return "".join(
        char
        for char in unicodedata.normalize("NFD", " ".join(country.split()).upper())
        if not unicodedata.combining(char)
    )


def town_line(postcode: str, town: str, country: str) -> str:
    """Postcode and town in the order of the country (``country`` as ``country_line`` gives it)."""
    parts = (town, postcode) if country in _POSTCODE_LAST else (postcode, town)
    return " ".join(part for part in parts if part)
