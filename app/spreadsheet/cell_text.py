"""The text of a number as a French Excel shows it: number formats (ECMA-376 §18.8.30, §18.8.31)."""

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from math import isfinite

NNBSP = "\u202f"  # between thousands

#: formats that have a number and no text in the file (ECMA-376 §18.8.30), as shown in France
BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "dd/mm/yyyy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "dd/mm/yyyy h:mm",
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    41: "#,##0",
    42: "#,##0 €",
    43: "#,##0.00",
    44: "#,##0.00 €",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
}
_EXACT_DIGITS = 15  # what a spreadsheet keeps of a number
_GENERAL_WIDTH = 11  # characters a cell without format shows
_LARGEST_PLAIN, _SMALLEST_PLAIN = 1e11, 1e-9

#: an error is shown in French
FRENCH_ERRORS = {"#VALUE!": "#VALEUR!", "#NAME?": "#NOM?", "#NUM!": "#NOMBRE!", "#NULL!": "#NUL!"}

#: quoted text, escaped character, filler, bracketed part, or one character
_TOKENS = re.compile(r'"([^"]*)"|\\(.)|_(.)|\*(.)|\[([^\]]*)\]|(.)', re.DOTALL)


def general(value: float) -> str:
    """A number without format: eleven characters, decimal comma; whole numbers in full.

    Never « 1,85E+14 » for a whole number: it would lose digits of an identifier.
    """
    if not isfinite(value):
        return FRENCH_ERRORS["#NUM!"]
    if value == int(value) and abs(value) < 10**_EXACT_DIGITS:
        return str(int(value))
    whole = len(str(int(abs(value))))
    if abs(value) >= _LARGEST_PLAIN or abs(value) < _SMALLEST_PLAIN:
        mantissa, _, exponent = f"{value:.5E}".partition("E")
        mantissa = mantissa.rstrip("0").rstrip(".")
        return f"{mantissa}E{exponent}".replace(".", ",")
    shown = f"{value:.{max(_GENERAL_WIDTH - whole - 1, 0)}f}"
    return (shown.rstrip("0").rstrip(".") if "." in shown else shown).replace(".", ",")


@lru_cache(maxsize=512)
def is_plain(code: str) -> bool:
    """True when whole numbers look the same with this format as without."""
    bare = code.split(";")[0].strip().lower()
    return bare in {"general", "0", "@", "#", "", "standard"}


def number_text(value: float, code: str) -> str:
    """``value`` under the number format ``code``: 1000 under « 00000 » is « 01000 »."""
    if not isfinite(value):
        return FRENCH_ERRORS["#NUM!"]
    if value >= 0 and value == int(value) and code.strip("0") == "" and code:
        return str(int(value)).zfill(len(code))
    parts = sections(code)
    if value < 0 and len(parts) > 1:
        section, value = parts[1], -value
    elif value == 0 and len(parts) > 2:
        section = parts[2]
    else:
        section = parts[0]
    if not section or section.strip().lower() in {"general", "standard", "@"}:
        return general(value)
    return _formatted(value, section)


@lru_cache(maxsize=512)
def sections(code: str) -> tuple[str, ...]:
    """The parts between semicolons, those inside quotes left alone."""
    parts, current, quoted, escaped = [], "", False, False
    for char in code:
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == '"':
            quoted = not quoted
        elif char == ";" and not quoted:
            parts.append(current)
            current = ""
            continue
        current += char
    return (*parts, current)


@lru_cache(maxsize=512)
def _tokens(section: str) -> tuple[tuple[str, str], ...]:
    """(kind, text): « lit » literal text, « sym » a format character."""
    found: list[tuple[str, str]] = []
    for match in _TOKENS.finditer(section):
        quoted, escaped, skipped, filler, bracket, char = match.groups()
        if quoted is not None:
            found.append(("lit", quoted))
        elif escaped is not None:
            found.append(("lit", escaped))
        elif skipped is not None:
            found.append(("lit", " "))
        elif filler is not None:
            continue
        elif bracket is not None:
            if bracket.startswith("$"):  # « [$€-40C] »: a currency sign
                found.append(("lit", bracket[1:].split("-")[0]))
        else:
            found.append(("sym" if char in "0#?.,%E" else "lit", char))
    return tuple(found)


def _formatted(value: float, section: str) -> str:
    tokens = _tokens(section)
    symbols = "".join(text for kind, text in tokens if kind == "sym")
    if "E" in symbols:
        digits = len(symbols.split("E")[0].partition(".")[2])
        return f"{value:.{digits}E}".replace(".", ",")
    if "/" in section and "?" in symbols:  # fractions: the number itself says as much
        return general(value)
    if not any(char in symbols for char in "0#?"):
        return "".join(text for kind, text in tokens if kind == "lit" or text == "%").strip()
    return _placed(value, tokens, symbols)


def _placed(value: float, tokens: tuple[tuple[str, str], ...], symbols: str) -> str:
    whole, _, fraction = symbols.replace("%", "").partition(".")
    scale = Decimal(repr(value))
    if "%" in symbols:
        scale *= 100
    while whole.endswith(","):  # each trailing comma divides by a thousand
        whole, scale = whole[:-1], scale / 1000
    decimals = sum(fraction.count(char) for char in "0#?")
    rounded = abs(scale).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    digits, _, decimal_digits = format(rounded, "f").partition(".")
    optional = len(fraction) - len(fraction.rstrip("#"))
    while optional and decimal_digits.endswith("0"):
        decimal_digits, optional = decimal_digits[:-1], optional - 1
    text = _whole_part(digits, tokens, grouped="," in whole)
    if decimal_digits:
        at = text.rfind("\0")
        text = text[:at] + "," + decimal_digits + text[at + 1 :]
    sign = "-" if scale < 0 and rounded != 0 else ""
    return (sign + text.replace("\0", "")).strip()


def _whole_part(digits: str, tokens: tuple[tuple[str, str], ...], *, grouped: bool) -> str:
    """Digits put in their places from the right, literals kept; a null character marks the decimal point."""
    point = next((i for i, token in enumerate(tokens) if token == ("sym", ".")), None)
    if point is None:
        places = [i for i, (kind, text) in enumerate(tokens) if kind == "sym" and text in "0#?"]
        end = places[-1]
    else:
        places = [
            i for i, (kind, text) in enumerate(tokens[:point]) if kind == "sym" and text in "0#?"
        ]
        end = point - 1
    remaining = "" if digits == "0" and any(tokens[i][1] != "0" for i in places[-1:]) else digits
    first = places[0] if places else -1
    out: list[str] = []
    done = 0
    for index in range(end, -1, -1):
        kind, text = tokens[index]
        if kind == "lit" or text == "%":
            out.append(text)
        elif text in "0#?":
            taken = remaining[-1:] or ("0" if text == "0" else "")
            remaining = remaining[:-1]
            while taken:
                if grouped and done and done % 3 == 0:
                    out.append(NNBSP)
                out.append(taken)
                done += 1
                taken = ""
                if index == first and remaining:
                    taken, remaining = remaining[-1], remaining[:-1]
    whole = "".join(reversed(out)) if places else remaining
    after = tokens[end + 1 :]
    tail = "".join(text for kind, text in after if kind == "lit" or text == "%")
    return f"{whole}\0{tail}"
