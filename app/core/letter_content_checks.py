"""Does the letter say what GDPR Art. 34(2) and domain.md §8 ask? Points 1–6, 9, 10, 13, 14, 16, 17."""

import re
from collections.abc import Iterator

from app.core.incident import Certainty, CnilStatus, ComplaintStatus
from app.core.issue import Issue, Level
from app.core.letter_facts import LetterFacts, LetterText, Sections, Sentence, fold
from app.core.letter_tenses import conditionals

# stems of what can happen to data, folded
_EVENT = re.compile(
    r"copi|consult|\bvol[ée]?e?s?\b|derob|publi|\bperd|\bperte|indisponib|\bacced|\bacces\b|diffus|divulg"
    r"|envoye|ete adresse|adresse par erreur|visible|detenir|extrait|chiffr|empech|ouvert|disparu|efface|detruit"
)
_DATE = re.compile(
    r"\b(?:1er|\d{1,2}) (?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre"
    r"|decembre) \d{4}\b"
)
_UNKNOWN_DATE = re.compile(r"date exacte (?:est )?inconnue|date que nous ne connaissons pas")
_ASSERTED = re.compile(
    r"\b(?:a|ont|avait|avaient|est|sont|etait|etaient) (?:ete )?(?:copie|vole|consulte|publie|extrait|derobe"
    r"|telecharge|diffuse|divulgue)(?:e|s|es)?\b|\b(?:est|sont) en vente\b|\bcircule(?:nt)?\b|\bdetient\b"
    r"|s'est empare"
)
_HEDGE = re.compile(
    r"\baffirm|\bpretend|\bpossible|ni confirme ni ecarte|n'est pas confirme"
    r"|\bsi \w|\bselon\b|n'a pas ete etabli"
)
_PROMISE = re.compile(
    r"vous (?:re)?ecrirons|vous recontacterons|vous informerons|vous tiendrons inform"
)
_NEVER_ASK = re.compile(r"(?:ne vous demander(?:ons|a|ont) jamais|jamais .{0,40}vous demander)")
_OFFER = re.compile(r"appelez-nous|appelez le|rendez-vous|par telephone|venez|rencontrer|entretien")


def issue(code: str, level: Level, letter: LetterText, **facts: str | int) -> Issue:
    """A remark on this letter without a place to jump to."""
    return Issue(code, level, letter.row, "body", facts)


def at(
    code: str, level: Level, letter: LetterText, sentence: Sentence, **facts: str | int
) -> Issue:
    """A remark on one sentence of this letter."""
    return Issue(code, level, letter.row, "body", facts, sentence.span)


def nature(letter: LetterText, facts: LetterFacts, parts: Sections) -> Iterator[Issue]:
    """Point 1: what happened, and when."""
    told = parts.nature
    if not _EVENT.search(told):
        yield issue("letter_01_nature_missing", Level.BLOCKING, letter)
    known = [fold(day) for day in facts.event_dates]
    dated = any(day in parts.whole for day in known) if known else bool(_DATE.search(told))
    if not dated and not _UNKNOWN_DATE.search(parts.whole):
        yield issue("letter_01_date_missing", Level.BLOCKING, letter)


def contact(letter: LetterText, facts: LetterFacts, parts: Sections) -> Iterator[Issue]:
    """Point 2: a name or role, a way to reach it, opening hours with a phone."""
    if not facts.contact or fold(facts.contact) not in parts.whole:
        yield issue("letter_02_contact_name_missing", Level.BLOCKING, letter)
    ways = [way for way in (facts.phone, facts.email) if way]
    if not any(fold(way) in parts.whole for way in ways):
        yield issue("letter_02_contact_way_missing", Level.BLOCKING, letter)
    given = facts.phone and fold(facts.phone) in parts.whole
    if given and (not facts.opening_hours or fold(facts.opening_hours) not in parts.whole):
        yield issue("letter_02_hours_missing", Level.BLOCKING, letter)


def consequences_and_advice(
    letter: LetterText, facts: LetterFacts, parts: Sections, found: list[Sentence]
) -> Iterator[Issue]:
    """Points 3 and 5: one consequence and one piece of advice per exposed category, none for another."""
    follows, advised = parts.part("consequences"), parts.part("advice")
    for category in letter.exposed:
        words = facts.categories[category]
        if "03" not in facts.waived and not any(w in follows for w in words.consequence_words):
            yield issue(
                "letter_03_consequence_missing", Level.BLOCKING, letter, category=words.label
            )
        if "05" not in facts.waived and not any(w in advised for w in words.advice_words):
            yield issue("letter_05_advice_missing", Level.BLOCKING, letter, category=words.label)
    for category, words in facts.categories.items():
        if category in letter.exposed or not any(w in parts.whole for w in words.own_words):
            continue
        for sentence in found:
            if _superfluous(words.own_words, sentence, facts, letter):
                code = "letter_05_advice_superfluous"
                if sentence.folded in follows and sentence.folded not in advised:
                    code = "letter_03_consequence_superfluous"
                yield at(code, Level.BLOCKING, letter, sentence, category=words.label)


def _superfluous(
    own_words: tuple[str, ...], sentence: Sentence, facts: LetterFacts, letter: LetterText
) -> bool:
    text = sentence.folded
    if not any(word in text for word in own_words):
        return False
    if _NEVER_ASK.search(text) or any(
        fold(phrase) in text for phrase in facts.excluded_for(letter.exposed)
    ):
        return False
    # a word that is also another exposed category's (« faux courriel » in « faux SMS ou faux courriels »)
    shared = {
        word
        for category in letter.exposed
        for word in facts.categories[category].own_words
        if word in text
    }
    if any(word in text and word not in shared for word in own_words):
        return not any(fold(measure) in text for measure in _measures(facts))
    return False


def _measures(facts: LetterFacts) -> tuple[str, ...]:
    return (*facts.measures_taken, *facts.measures_planned)


def advice_count(letter: LetterText, facts: LetterFacts, advice_items: int) -> Iterator[Issue]:
    """Point 5: three to six bullets. More is allowed when the categories ask for it, but looked at."""
    if "05" not in facts.waived and advice_items and not 3 <= advice_items <= 6:
        yield issue("letter_05_advice_count", Level.CHECK, letter, count=advice_items)


def measures(letter: LetterText, facts: LetterFacts, parts: Sections) -> Iterator[Issue]:
    """Point 4: at least one measure taken, or one under way with a date or « en cours »."""
    told = parts.whole
    taken = [m for m in facts.measures_taken if fold(m) in told]
    planned = [m for m in facts.measures_planned if fold(m) in told]
    if not taken and not planned:
        yield issue("letter_04_measures_missing", Level.BLOCKING, letter)
    elif not taken and not any(_DATE.search(fold(m)) or "en cours" in fold(m) for m in planned):
        yield issue("letter_04_planned_without_date", Level.BLOCKING, letter)


def categories_listed(
    letter: LetterText, facts: LetterFacts, parts: Sections, found: list[Sentence]
) -> Iterator[Issue]:
    """Point 6: the categories told are those recorded, and so are the exclusions."""
    told = parts.part("data")
    for category in letter.exposed:
        words = facts.categories[category]
        if "06" not in facts.waived and not any(word in told for word in words.name_words):
            yield issue(
                "letter_06_category_not_listed", Level.BLOCKING, letter, category=words.label
            )
    excluded_phrases = facts.excluded_for(letter.exposed)
    excluded = [fold(phrase) for phrase in excluded_phrases]
    for category, words in facts.categories.items():
        if category in letter.exposed or fold(words.phrase) not in parts.whole:
            continue
        for sentence in found:
            if fold(words.phrase) in sentence.folded and not (
                _NEVER_ASK.search(sentence.folded) or any(e in sentence.folded for e in excluded)
            ):
                yield at(
                    "letter_06_category_not_exposed",
                    Level.BLOCKING,
                    letter,
                    sentence,
                    category=words.label,
                )
    for phrase in excluded_phrases:
        if "06" not in facts.waived and fold(phrase) not in told:
            yield issue("letter_06_exclusion_missing", Level.CHECK, letter, phrase=phrase)
    for sentence in found:
        if re.search(
            r"aucune donnee (?:de sante|medicale)|n'est concernee? aucune", sentence.folded
        ) and any(facts.categories[category].is_intimate for category in letter.exposed):
            yield at("letter_06_false_exclusion", Level.BLOCKING, letter, sentence)


def certainty(
    letter: LetterText, facts: LetterFacts, parts: Sections, found: list[Sentence]
) -> Iterator[Issue]:
    """Point 9: the words about the event fit how well it is established."""
    if "09" in facts.waived:
        return
    if facts.certainty not in facts.certainties:
        yield issue("letter_09_other_template", Level.BLOCKING, letter)
        return
    told = [s for s in found if s.folded in parts.nature]
    if facts.certainty is Certainty.CONFIRMED:
        for sentence in told:
            doubt = conditionals(sentence.text)
            if doubt:
                yield at(
                    "letter_09_doubt_in_confirmed", Level.BLOCKING, letter, sentence, word=doubt[0]
                )
    elif facts.certainty is Certainty.ALLEGED:
        for sentence in [*told, *(s for s in found if s.folded in parts.part("data"))]:
            if _ASSERTED.search(sentence.folded) and not _is_hedged(sentence):
                yield at("letter_09_assertion_in_alleged", Level.BLOCKING, letter, sentence)
        if not any(_is_hedged(sentence) for sentence in told):
            yield issue("letter_09_no_doubt_told", Level.BLOCKING, letter)
        if not _PROMISE.search(parts.whole):
            yield issue("letter_09_no_next_letter", Level.BLOCKING, letter)
    elif "probable" not in parts.nature:
        yield issue("letter_09_probable_not_told", Level.BLOCKING, letter)


def _is_hedged(sentence: Sentence) -> bool:
    return bool(_HEDGE.search(sentence.folded) or conditionals(sentence.text))


def senders(letter: LetterText, facts: LetterFacts, parts: Sections) -> Iterator[Issue]:
    """Point 10: who is responsible, who signs."""
    if not facts.controller or fold(facts.controller) not in parts.whole:
        yield issue("letter_10_controller_missing", Level.BLOCKING, letter)
    if not facts.signatories:
        yield issue("letter_10_signatory_missing", Level.BLOCKING, letter)


def authorities(letter: LetterText, facts: LetterFacts, parts: Sections) -> Iterator[Issue]:
    """Points 13 and 14: what the CNIL and the police were told, and the right to complain."""
    told = parts.whole
    if "13" not in facts.waived:
        if facts.cnil_status is CnilStatus.NOT_YET:
            yield issue("letter_13_cnil_not_told", Level.CHECK, letter)
        elif not re.search(
            r"(?:declar|notifi)[^.]{0,80}cnil|cnil[^.]{0,60}(?:declar|notifi)", told
        ) or (
            facts.cnil_date
            and facts.cnil_status is not CnilStatus.IN_PROGRESS
            and fold(facts.cnil_date) not in told
        ):
            yield issue("letter_13_cnil_missing", Level.CHECK, letter)
        filed = facts.complaint_status is ComplaintStatus.FILED
        if filed and (
            "porte plainte" not in told
            or (facts.complaint_date and fold(facts.complaint_date) not in told)
        ):
            yield issue("letter_13_complaint_missing", Level.CHECK, letter)
    if not re.search(r"reclamation[^.]{0,60}cnil", told):
        yield issue("letter_14_complaint_right_missing", Level.CHECK, letter)


def trust(letter: LetterText, facts: LetterFacts, parts: Sections) -> Iterator[Issue]:
    """Point 15 (first half) and 16: what we never ask, what comes next, the reference of the letter."""
    if "15" not in facts.waived and not _NEVER_ASK.search(parts.whole):
        yield issue("letter_15_never_ask_missing", Level.CHECK, letter)
    incomplete = facts.certainty is not Certainty.CONFIRMED or bool(
        facts.measures_planned and not facts.measures_taken
    )
    if facts.next_update and fold(facts.next_update) not in parts.whole:
        yield issue("letter_16_update_date_missing", Level.CHECK, letter, date=facts.next_update)
    elif incomplete and not _PROMISE.search(parts.whole):
        yield issue("letter_16_update_missing", Level.CHECK, letter)
    if letter.code and fold(letter.code) not in parts.whole:
        yield issue("letter_16_reference_missing", Level.CHECK, letter)


def offer_of_a_talk(letter: LetterText, facts: LetterFacts, parts: Sections) -> Iterator[Issue]:
    """Point 17: when something intimate was exposed, a voice is offered; the content is never told."""
    intimate = any(facts.categories[category].is_intimate for category in letter.exposed)
    if intimate and not _OFFER.search(parts.whole):
        yield issue("letter_17_offer_missing", Level.CHECK, letter)
    for word in letter.sensitive_words:
        if re.search(rf"\b{re.escape(fold(word))}\b", parts.whole):
            yield issue("letter_17_content_told", Level.BLOCKING, letter)
            return
