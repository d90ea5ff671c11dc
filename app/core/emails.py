"""E-mail addresses: RFC 5321 / 5322 syntax, without a network; typing mistakes proposed, never applied."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from email_validator import EmailNotValidError, EmailSyntaxError, validate_email

from app.core.cleaned import Cleaned, State, doubtful, repaired, unusable
from app.core.cleaning import clean_text, says_nothing
from app.core.issue import Level

#: what most addresses look like; anything else goes through the whole grammar
_PLAIN = re.compile(
    r"([a-z0-9_](?:[a-z0-9_+-]|\.(?=[a-z0-9_+-])){0,63})@([a-z0-9.-]{4,253})", re.IGNORECASE
)
_LONGEST_LOCAL = 64  # RFC 5321 4.5.3.1.1
_BETWEEN = re.compile(r"\s*(?:[;,/|]|\s+ou\s+|\s+et\s+|\s)\s*", re.IGNORECASE)
_NAMED = re.compile(r"^[^<>@]*<([^<>]+)>$")
#: « pasdemail@… », « aucun@… », « xxx@xxx.fr »: typed to please a compulsory field
_STAND_IN = re.compile(
    r"^(pas[-_. ]?d?[-_. ]?e?[-_. ]?(mail|email|adresse|courriel|internet|ordi)s?|"
    r"aucun(e)?[-_. ]?(mail|email|adresse)?|"
    r"sans[-_. ]?(mail|email|adresse|internet)?|no[-_. ]?(mail|email|reply)|noreply|nomail|inconnu|n[eé]ant|non|nc|"
    r"xx+|aa+|zz+|00+|11+|test|azerty|null|vide|refus|faux|nepasecrire)@",
    re.IGNORECASE,
)
_PLAIN_AND_USUAL = re.compile(
    rf"(?!{_STAND_IN.pattern[1:]})[a-z0-9_](?:[a-z0-9_+-]|\.(?=[a-z0-9_+-])){{0,63}}@(?P<domain>[a-z0-9.-]{{4,253}})",
    re.IGNORECASE,
)

#: providers of French mailboxes, and the foreign ones close enough to be taken for a typing mistake
KNOWN_DOMAINS = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "yahoo.fr",
        "yahoo.com",
        "ymail.com",
        "rocketmail.com",
        "hotmail.fr",
        "hotmail.com",
        "outlook.fr",
        "outlook.com",
        "live.fr",
        "live.com",
        "msn.com",
        "orange.fr",
        "wanadoo.fr",
        "free.fr",
        "sfr.fr",
        "neuf.fr",
        "cegetel.net",
        "laposte.net",
        "bbox.fr",
        "numericable.fr",
        "noos.fr",
        "club-internet.fr",
        "aliceadsl.fr",
        "icloud.com",
        "me.com",
        "mac.com",
        "protonmail.com",
        "proton.me",
        "pm.me",
        "gmx.fr",
        "gmx.com",
        "aol.com",
        "aol.fr",
        "voila.fr",
        "libertysurf.fr",
        "dbmail.com",
        "tutanota.com",
        "mail.com",
        "mailo.com",
        "hotmail.it",
        "hotmail.be",
        "skynet.be",
        "9online.fr",
        "9business.fr",
        "infonie.fr",
        "tele2.fr",
        "nordnet.fr",
        "ovi.com",
        "mailoo.org",
        "zaclys.net",
        "netcourrier.com",
        "caramail.com",
        "hotmail.co.uk",
        "yahoo.co.uk",
        "yahoo.it",
        "yahoo.es",
        "live.be",
        "outlook.be",
        "gmail.fr.invalid",
        "telenet.be",
        "bluewin.ch",
        "sfr.net",
        "zoho.com",
        "email.com",
        "inbox.com",
        "fastmail.com",
        "posteo.net",
        "mailfence.com",
    ]
) - {"gmail.fr.invalid"}
_HABITUAL_MISTAKES = {
    "gmail.fr": "gmail.com",
    "laposte.fr": "laposte.net",
    "la-poste.net": "laposte.net",
    "wanadoo.com": "wanadoo.fr",
    "orange.com": "orange.fr",
    "icloud.fr": "icloud.com",
    "gmail.con": "gmail.com",
    "gmail": "gmail.com",
    "hotmail": "hotmail.fr",
    "orange": "orange.fr",
    "yahoo": "yahoo.fr",
    "free": "free.fr",
    "msn.fr": "msn.com",
    "protonmail.fr": "protonmail.com",
}
_LONG_NAME = 9
_CLOSE_TO = tuple(domain for domain in KNOWN_DOMAINS if len(domain) > 5)


def clean_email(text: str) -> Cleaned[str]:
    """One address ready for RCPT TO (ASCII, IDNA domain), or empty with the reason."""
    if not text:
        return Cleaned("")
    match = _PLAIN.fullmatch(text)
    if match and len(match[1]) <= _LONGEST_LOCAL and not _STAND_IN.match(text):
        domain = match[2]
        ascii_domain, typo = _domain(domain)
        if ascii_domain == domain and not typo:
            return Cleaned(text)
    return _slowly(text)


def usable_as_written() -> Callable[[str], bool]:
    """A quick test of one whole column: True for a usual address that ``clean_email`` takes as it is."""
    match, known = _PLAIN_AND_USUAL.fullmatch, dict[str, bool]()

    def is_usable(text: str) -> bool:
        found = match(text)
        if found is None:
            return False
        domain = found["domain"]
        usable = known.get(domain)
        if usable is None:
            ascii_domain, typo = _domain(domain)
            usable = known[domain] = ascii_domain == domain and not typo
        return usable

    return is_usable


def _slowly(text: str) -> Cleaned[str]:
    cleaned = clean_text(text)
    shown = cleaned.value
    if cleaned.state is State.UNUSABLE:
        return cleaned
    if not shown:
        return cleaned
    if ("@" not in shown and says_nothing(shown)) or not any(char.isalnum() for char in shown):
        return unusable("", "email_absent", shown, Level.INFO)
    bare = shown.removeprefix("mailto:").removeprefix("MAILTO:")
    named = _NAMED.match(bare)
    bare = named[1].strip() if named else bare
    if bare.count("@") > 1:
        return _several(bare, text)
    if _STAND_IN.match(bare):
        return unusable("", "email_stand_in", shown)
    return _checked(bare, text)


def _several(bare: str, seen: str) -> Cleaned[str]:
    """Two addresses in a cell: the first usable one is kept, the other shown; nobody chooses for the patient."""
    parts = [part.strip("<>()") for part in _BETWEEN.split(bare) if "@" in part]
    usable = [reading.value for part in parts if (reading := _checked(part, part)).value]
    if len(parts) < 2 or not usable:
        return unusable("", "email_invalid", seen, reason="two_at")
    if len(set(map(str.casefold, usable))) == 1:
        return repaired(usable[0], "email_repeated", seen, usable[0])
    others = ", ".join(usable[1:])
    return doubtful(usable[0], "email_several", seen, kept=usable[0], others=others)


def _checked(bare: str, seen: str) -> Cleaned[str]:
    if "@" not in bare:
        return unusable("", "email_invalid", seen, reason="no_at")
    try:
        found = validate_email(
            bare,
            check_deliverability=False,
            allow_smtputf8=False,
            strict=True,
            test_environment=False,
            allow_quoted_local=False,
            allow_domain_literal=False,
        )
    except (EmailSyntaxError, EmailNotValidError):
        return _refused(bare, seen)
    address = found.ascii_email or ""
    _, typo = _domain(address.rpartition("@")[2])
    if typo:
        proposal = f"{address.rpartition('@')[0]}@{typo}"
        return doubtful(address, "email_domain_typo", seen, proposal=proposal)
    if address == seen:
        return Cleaned(address)
    return repaired(address, "email_formatted", seen, address)


def _refused(bare: str, seen: str) -> Cleaned[str]:
    """Why, and what it may have been."""
    local, _, domain = bare.rpartition("@")
    proposal = re.sub(r"\s+", "", bare).strip(".,;:'\"<>()")
    proposal = re.sub(r"\.{2,}", ".", proposal).replace(",", ".")
    reason = "grammar"
    if not domain or not local:
        reason, proposal = "cut_short", ""
    elif not local.isascii():
        reason = "accents"
        proposal = (
            unicodedata.normalize("NFKD", local).encode("ascii", "ignore").decode() + "@" + domain
        )
    elif "." not in domain and "," not in domain:
        reason = "no_ending"
        proposal = (
            f"{local}@{_HABITUAL_MISTAKES[domain.lower()]}"
            if domain.lower() in _HABITUAL_MISTAKES
            else ""
        )
    elif " " in bare:
        reason = "blanks"
    if proposal and (proposal == bare or _checked_quietly(proposal) == ""):
        proposal = ""
    return unusable("", "email_invalid", seen, reason=reason, proposal=proposal)


def _checked_quietly(address: str) -> str:
    try:
        found = validate_email(
            address, check_deliverability=False, allow_smtputf8=False, strict=True
        )
    except EmailNotValidError:
        return ""
    return found.ascii_email or ""


@lru_cache(maxsize=50_000)
def _domain(domain: str) -> tuple[str, str]:
    """ASCII form (empty when impossible) and the provider it was probably meant to be (empty when none)."""
    ascii_address = _checked_quietly(f"a@{domain}")
    return ascii_address.rpartition("@")[2], likely_domain(domain)


@lru_cache(maxsize=50_000)
def likely_domain(domain: str) -> str:
    """« gmial.com » → « gmail.com »; empty for a domain that is known, or like none."""
    domain = domain.lower()
    if domain in KNOWN_DOMAINS:
        return ""
    if domain in _HABITUAL_MISTAKES:
        return _HABITUAL_MISTAKES[domain]
    best, best_distance = "", 3
    for known in _CLOSE_TO:
        allowed = 2 if len(known) >= _LONG_NAME and len(domain) >= _LONG_NAME else 1
        if abs(len(known) - len(domain)) > allowed:
            continue
        distance = _distance(domain, known)
        if distance <= allowed and (distance, known) < (best_distance, best or known + "z"):
            best, best_distance = known, distance
    return best


def _distance(one: str, other: str) -> int:
    """Damerau–Levenshtein (optimal string alignment): insertions, deletions, changes, neighbours swapped."""
    before, previous = [0] * (len(other) + 1), list(range(len(other) + 1))
    for i, char in enumerate(one, start=1):
        current = [i]
        for j, wanted in enumerate(other, start=1):
            cost = min(previous[j] + 1, current[-1] + 1, previous[j - 1] + (char != wanted))
            if i > 1 and j > 1 and char == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        before, previous = previous, current
    return previous[-1]
