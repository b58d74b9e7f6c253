"""Whatever a log says, the page stays the same markup with other words in it."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

from tests.hostile.corpus import each_hostile_text, poisoned, with_hostile_names
from tests.report import more_examples
from tests.report.html.markup import Markup

from enumwatch.report.html import render

TAGS = {
    *("html", "head", "meta", "title", "style", "body", "header", "nav", "main", "section", "article", "footer"),
    *("h1", "h2", "h3", "h4", "h5", "p", "a", "b", "bdi", "code", "span", "ul", "ol", "li", "dl", "div", "dt", "dd"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "details", "summary"),
    *("figure", "figcaption", "svg", "path", "text"),
}
ATTRIBUTES = {
    *("lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "scope", "data-label"),
    *("aria-label", "aria-labelledby", "role", "viewbox", "d", "x", "y"),
}


@cache
def hostile_page(text: str, poison: Any) -> str:
    verdicts = [poison(verdict, text) for verdict in more_examples.verdicts()]
    return render(verdicts, poisoned(more_examples.summary(), text), generated_by=text)


@each_hostile_text
def test_hostile_text_adds_no_tag_and_no_attribute(text: str) -> None:
    for poison in (poisoned, with_hostile_names):
        markup = Markup(hostile_page(text, poison))
        assert {tag for tag, _ in markup.tags} <= TAGS
        assert {name for _, attributes in markup.tags for name in attributes} <= ATTRIBUTES
        assert {value[0] for value in markup.values("href")} == {"#"}
        assert markup.open_tags == markup.wrongly_closed == []


@each_hostile_text
def test_the_markup_is_the_same_as_for_harmless_names(text: str) -> None:
    def shape(page: str) -> list[tuple[str, str | None]]:
        return [(tag, attributes.get("class")) for tag, attributes in Markup(page).tags]

    assert shape(hostile_page(text, with_hostile_names)) == shape(hostile_page("harmless", with_hostile_names))


@each_hostile_text
def test_no_acting_character_reaches_the_page(text: str) -> None:
    page = hostile_page(text, poisoned)
    page.encode("utf-8")
    assert not {unicodedata.category(char) for char in page.replace("\n", "")} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def test_a_name_of_64_kilobytes_is_cut() -> None:
    assert len(hostile_page("<b>" + "x" * 65_536, with_hostile_names)) < 500_000


def test_template_code_in_a_name_is_text() -> None:
    assert "{{ 7*7 }}" in Markup(hostile_page("{{ 7*7 }}", with_hostile_names)).text
