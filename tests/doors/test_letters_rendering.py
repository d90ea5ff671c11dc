"""A patient's data can never be markup, template, header or link."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typing_extensions import override

from app.core.campaign import Channel
from app.core.errors.letters import MissingValue, TemplateInvalid
from app.core.recipient import Civility, Protection
from app.letters.catalogue import load
from app.letters.checking import LetterChecker
from app.letters.letter import Letter
from app.letters.values import clean
from tests.support.letters import CODE, PERSON, PRACTICE, TODAY, incident, renderer

HOSTILE = [
    "{{7*7}}",
    "{% raw %}",
    "{{ cabinet_nom }}",
    "**gras**",
    "*x*",
    "<script>alert(1)</script>",
    "<b onmouseover=x>",
    "#let x = 1",
    "$x$",
    "[lien](https://exemple.invalid)",
    "- liste",
    "# titre",
    "=cmd|' /C calc'!A0",
    "ligne\nBcc: autre@exemple.invalid",
    "retour\r\nSubject: autre",
    "\ue0003\ue001",
    "\ue000\ue001",
    "&amp;",
    'guil"lemet',
    "N’Diaye-Łukasz",
    "عبد الرحمن",
    "👩‍⚕️",
    "\u202enamreG",
    "\x00\x1b[31m",
    "\ud800",
    "A" * 300,
    "%EE%80%80",
    "\\*",
    "`code`",
]


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.text: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))

    @override
    def handle_data(self, data: str) -> None:
        self.text.append(data)


def _tags(html: str) -> _Tags:
    parser = _Tags()
    parser.feed(html)
    return parser


def _letter(last_name: str, channel: Channel = Channel.EMAIL) -> Letter:
    return renderer().render(replace(PERSON, last_name=last_name), CODE, channel)


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_name_stays_a_name(value: str) -> None:
    plain, letter = _letter("Nom"), _letter(value)
    shown = clean(f"Jeanne {value}")
    assert _tags(letter.html).tags == _tags(plain.html).tags
    assert shown in "".join(_tags(letter.html).text)
    assert shown in letter.body
    assert letter.subject == plain.subject
    assert letter.text.count("\n") == plain.text.count("\n")
    blocks = json.dumps(letter.document.blocks, ensure_ascii=False)
    assert json.dumps(shown, ensure_ascii=False)[1:-1] in blocks
    assert "49" not in letter.body.replace("01 99 00 12 34", "")
    letter.html.encode("utf-8")  # nothing left that the mail cannot carry


@settings(max_examples=150, deadline=None)
@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_any_name_leaves_the_letter_as_it_is(first: str, last: str) -> None:
    person = replace(PERSON, first_name=first, last_name=last)
    plain, letter = _letter("Nom"), renderer().render(person, CODE, Channel.EMAIL)
    assert _tags(letter.html).tags == _tags(plain.html).tags
    assert letter.text.count("\n") == plain.text.count("\n")
    json.dumps(letter.document.blocks).encode()


@pytest.mark.parametrize("value", ["{{7*7}}", "<script>", "**gras**", "[[x]]", "NOM {% if %}"])
def test_a_name_that_looks_like_machinery_is_seen_by_the_checks(value: str) -> None:
    made = renderer()
    person = replace(PERSON, last_name=value)
    codes = {i.code for i in LetterChecker(made, TODAY).check_person(person, CODE, Channel.EMAIL)}
    assert "letter_07_residue" in codes


def test_html_loads_nothing_and_every_style_is_inline() -> None:
    html = _letter("Martinez").html
    tags = {tag for tag, _ in _tags(html).tags}
    assert tags <= {
        "html", "head", "meta", "title", "body", "div", "p", "h2", "ul", "li", "strong", "em", "br"
    }  # fmt: skip
    assert not re.search(r"src=|href=|url\(|<style|<script|http:|https:|@import", html)
    assert "color:" not in html  # light and dark are the reader's choice
    assert 'lang="fr"' in html


STYLES = {
    "margin", "padding", "max-width", "font-family", "font-size", "font-weight", "line-height", "word-wrap"
}  # fmt: skip


def test_styles_are_those_that_french_webmails_keep() -> None:
    html = _letter("Martinez").html
    used = {
        declaration.partition(":")[0].strip()
        for style in re.findall(r'style="([^"]*)"', html)
        for declaration in style.split(";")
    }
    assert used == STYLES
    assert not re.search(r"-\d|rem|%", " ".join(re.findall(r'style="([^"]*)"', html)))


def test_a_right_to_left_name_does_not_move_the_sentence() -> None:
    letter = _letter("عبد الرحمن")
    assert "\u2068à Madame Jeanne عبد الرحمن\u2069." in letter.body
    assert "\u2068" not in _letter("Łukasz").body


def test_the_notice_in_another_language_finds_its_direction() -> None:
    practice = replace(PRACTICE, foreign_notice="هذه الرسالة تتعلق ببياناتكم")
    letter = renderer(practice=practice).render(PERSON, CODE, Channel.EMAIL)
    assert '<p dir="auto"' in letter.html
    assert practice.foreign_notice in letter.body
    assert 'dir="auto"' not in _letter("Nom").html


def test_the_three_forms_say_the_same() -> None:
    letter = _letter("Martinez", Channel.PAPER)

    def leaves(nodes: list[dict[str, object]]) -> str:
        said = ""
        for node in nodes:
            inside = node.get("c")
            said += str(node.get("v", "")) + (leaves(inside) if isinstance(inside, list) else "")
            said += " " if node["t"] in {"p", "h", "li", "br"} else ""
        return said

    on_paper = leaves(letter.document.blocks).split()
    inside = "<div" + letter.html.split("<div", 1)[1]
    in_html = "".join(_tags(inside).text).split()
    in_text = letter.body.replace("\n- ", "\n").split()
    assert on_paper == in_text
    assert in_html[: len(in_text)] == in_text


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("{{ ''.__class__ }}", "not_allowed"),
        ("{{ cabinet_nom.__class__ }}", "not_allowed"),
        ("{{ range(10) }}", "not_allowed"),
        ("{{ 7 * 7 }}", "not_allowed"),
        ("{{ 'x' }}", "not_allowed"),
        ("{{ cabinet_nom | upper }}", "not_allowed"),
        ("{% for x in code %}{{ x }}{% endfor %}", "not_allowed"),
        ("{% set x = 1 %}", "not_allowed"),
        ("{% include 'x' %}", "not_allowed"),
        ("{% import 'os' as os %}", "not_allowed"),
        ("{% macro f() %}{% endmacro %}", "not_allowed"),
        ("{% if code == 'x' %}{% endif %}", "not_allowed"),
        ("{% if code is defined %}{% endif %}", "not_allowed"),
        ("{{ inconnu }}", "unknown_field"),
        ("{{ self }}", "unknown_field"),
        ("{{ confirme }}", "condition_printed"),
        ("{{ code", "syntax"),
        ("{% if code %}", "syntax"),
        ("\ue0001\ue001", "forbidden_character"),
        ("x" * 40_001, "too_long"),
        ("texte {{ conseils }} texte", "block_in_sentence"),
        ("- {{ conseils }}", "block_in_sentence"),
        ("- a\n    - b", "nested_list"),
        ("[x](http://exemple.invalid)", "link_refused"),
        ("[x](https://exemple.invalid/{{ code }})", "link_refused"),
        ("[x](ftp://exemple.invalid)", "link_refused"),
    ],
)
def test_a_template_from_elsewhere_can_reach_nothing(source: str, reason: str) -> None:
    template = load().template("T01").with_wording(source, "Objet")
    with pytest.raises(TemplateInvalid) as caught:
        renderer(template=template, changed=incident(load().template("T01"))).render(
            PERSON, CODE, Channel.EMAIL
        )
    assert caught.value.reason == reason


@pytest.mark.parametrize("source", ["[x](javascript:alert(1))", "<img src=x>", "```\nx\n```"])
def test_what_markdown_could_do_more_stays_text(source: str) -> None:
    template = load().template("T01").with_wording(source + "\n", "Objet")
    html = renderer(template=template, changed=incident(load().template("T01"))).render(
        PERSON, CODE, Channel.EMAIL
    ).html  # fmt: skip
    assert not {"img", "script", "a", "code", "pre"} & {tag for tag, _ in _tags(html).tags}


def test_a_missing_fact_stops_the_letter_and_is_named() -> None:
    bare = replace(incident(load().template("T01")), vendor="", vendor_told_on=None)
    with pytest.raises(MissingValue) as caught:
        renderer(changed=bare).render(PERSON, CODE, Channel.EMAIL)
    assert set(caught.value.fields) == {"editeur", "date_info_editeur"}
    assert caught.value.row == 12
    assert "Martinez" not in str(caught.value) + repr(caught.value)


@pytest.mark.parametrize(
    "subject", ["{{ appel }}", "{{ destinataire }}", "Lettre {{ code }}", "{% if code %}"]
)
def test_a_subject_holds_nothing_of_the_patient(subject: str) -> None:
    template = load().template("T01").with_wording(load().template("T01").source, subject)
    with pytest.raises(TemplateInvalid):
        renderer(template=template)


@pytest.mark.parametrize(
    ("changes", "call", "to_whom"),
    [
        ({}, "Madame", "à Madame Jeanne Martinez"),
        ({"civility": Civility.MONSIEUR}, "Monsieur", "à Monsieur Jeanne Martinez"),
        ({"civility": Civility.DOCTEUR}, "Docteur", "au Docteur Jeanne Martinez"),
        ({"civility": Civility.UNKNOWN}, "Madame, Monsieur", "à Jeanne Martinez"),
        (
            {"protection": Protection.GUARDIANSHIP, "representative": "Paul Tuteur"},
            "Madame, Monsieur",
            "à Paul Tuteur, pour Jeanne Martinez",
        ),
        (
            {"protection": Protection.GUARDIANSHIP},
            "Madame, Monsieur",
            "au tuteur ou à la tutrice de Jeanne Martinez",
        ),
        ({"protection": Protection.CURATORSHIP}, "Madame", "à Madame Jeanne Martinez"),
        (
            {"first_name": "Anne", "birth_date": TODAY},
            "Madame, Monsieur",
            "aux représentants légaux d’Anne Martinez",
        ),
    ],
)
def test_who_is_addressed(changes: dict[str, object], call: str, to_whom: str) -> None:
    person = replace(PERSON, **changes)  # type: ignore[arg-type]
    letter = renderer().render(person, CODE, Channel.PAPER)
    assert letter.document.salutation == call
    assert f"Elle est destinée {to_whom}." in letter.body


@pytest.mark.parametrize(
    ("first_name", "linked"),
    [
        ("Anne", "d’Anne"),
        ("Élise", "d’Élise"),
        ("Yves", "d’Yves"),
        ("Yann", "de Yann"),
        ("Paul", "de Paul"),
    ],
)
def test_de_loses_its_vowel_before_another(first_name: str, linked: str) -> None:
    child = replace(PERSON, first_name=first_name, birth_date=TODAY)
    body = renderer().render(child, CODE, Channel.PAPER).body
    assert f"en tant que représentants légaux {linked} Martinez." in body


def test_a_letter_never_shows_its_patient_in_repr() -> None:
    letter = _letter("Martinez")
    assert "Martinez" not in repr(letter)
    assert PRACTICE.name in letter.html
