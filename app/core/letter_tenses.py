"""French conditional verbs, by their endings: how a letter says that something is not established.

Accents matter: « gérait » is an imperfect, « copierait » a conditional.
"""

import re

# infinitive in -er, -ir, -dre, -vre, -ttre, -ître, and aur- (avoir, savoir), rr- (pouvoir, voir, courir)
_CONDITIONAL = re.compile(r"\b\w*(?:er|ir|dr|vr|ttr|[iîaâ]tr|aur|rr)(?:ait|aient|ions|iez)\b")
#: verbs whose stem ends in r: these forms are imperfects (or nouns)
_IMPERFECT = re.compile(
    r"(?:(?:re|at|ti|é|s[’']en )?tir|expir|inspir|aspir|respir|désir|admir|vir|chavir|soupir"
    r"|(?:r|re|dé|entr)?(?:ouvr|couvr)|offr|souffr|(?:dé)?livr|(?:re|in)staur|serr|barr|err|concern)"
    r"(?:ait|aient|ions|iez)|(?:ex|re|por|at|dis|abs|con|ab)?trait|théâtraient"
)


def conditionals(text: str) -> list[str]:
    """Conditional verbs of ``text``, in order, in small letters."""
    found = (match[0] for match in _CONDITIONAL.finditer(text.lower()))
    return [verb for verb in found if not _IMPERFECT.fullmatch(verb)]
