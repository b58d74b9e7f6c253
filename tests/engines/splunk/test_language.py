"""Every generated search keeps to the words that tests can run."""

from __future__ import annotations

import pytest
from tests.splunk.contact_rows import SOURCES, expanded
from tests.splunk.language import TWINS, LanguageError, foreign, used

from enumwatch.engines.splunk.build import stanzas

MACROS = {stanza.name: stanza.keys["definition"] for stanza in stanzas() if stanza.file == "macros"}
SEARCHES = {stanza.name: stanza.keys["search"] for stanza in stanzas() if stanza.file == "savedsearches"}


def call(name: str) -> str:
    """A search that uses a macro: those an admin points at his index begin one, the others follow a pipe."""
    return expanded(f"`{name}`" if name.removeprefix("enumwatch_") in SOURCES else f"| `{name}`")


@pytest.mark.parametrize("name", MACROS)
def test_a_macro_uses_listed_words_only(name: str) -> None:
    assert foreign(call(name)) == []


@pytest.mark.parametrize("name", SEARCHES)
def test_a_saved_search_uses_listed_words_only(name: str) -> None:
    assert foreign(expanded(SEARCHES[name].replace("`enumwatch_index`", "index=summary"))) == []


def test_each_source_has_its_macros_and_searches() -> None:
    wanted = {f"enumwatch_{name}{end}" for name in SOURCES for end in ("", "_events", "_contacts")}
    assert wanted <= MACROS.keys()
    assert len(SEARCHES) == 2 * len(SOURCES) == 22


def test_only_what_needs_a_stand_in_has_one() -> None:
    words: set[str] = set()
    for name in MACROS:
        commands, functions = used(call(name))
        words |= commands | functions
    assert set(TWINS) <= words


def test_the_tokenizer_sees_an_offender() -> None:
    assert foreign('index=x | eval a=trim(b), c=lower("d(e)") | join f [ search y ]') == ["join", "trim"]
    assert foreign("tstats count | evil 1 | where cidrmatch(a, b) AND (c) OR NOT (d)") == ["cidrmatch", "evil"]
    for broken in ('eval a="b', "eval a=(b", "eval a=b)", "`macro`"):
        with pytest.raises(LanguageError):
            foreign(broken)
