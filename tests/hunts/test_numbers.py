"""A number of a hunt is a limit, its own or one of a rule, in its sentences and in its queries in every language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.guides.reading import rulebook
from tests.guides.sentences import codes
from tests.guides.test_literals import other

from enumwatch.hunts.hunt import Hunt
from enumwatch.hunts.languages import LANGUAGES
from enumwatch.hunts.loading import FOLDER, load_hunts, shipped_hunts
from enumwatch.hunts.rendering import texts_of
from enumwatch.rulebook.compiling import compile as compiled_form
from enumwatch.rulebook.limit import Limit, spelled
from enumwatch.rulebook.problems import RuleProblems

HUNTS = sorted(shipped_hunts())
_NUMBER = re.compile(r"(?<![\w$\\])\d+(?:\.\d+)?")
_CLASS = re.compile(r"\[[^\[\]]*\]")
_NONE_OR_ONE = frozenset({"0", "1"})
# Numbers of a language, or of what is looked for, that no limit could change: (language, words beside it).
ALLOWED: Mapping[tuple[str, str], str] = {
    **dict.fromkeys([(one, ".0/24") for one in LANGUAGES], "the form of a network"),
    **dict.fromkeys([(one, "10min|") for one in LANGUAGES], "how throwaway services call themselves"),
    **dict.fromkeys([(one, "domains >= 2") for one in ("spl", "kql", "esql")], "two make a pair"),
    ("sql", '"domains" >= 2'): "two make a pair",
    ("spl", "86400"): "seconds of a day",
    ("spl", "3600"): "seconds of an hour",
    ("spl", "+ 3) % 7"): "the first day of all was a Thursday, and a week has seven",
    ("kql", "/ 1d + 6) % 7"): "a week begins with Sunday there, and has seven days",
    ("kql", ", 100)"): "how many values of a list are shown",
    ("kql", "{32}"): "digits before a name that was deleted",
    ("kql", "%40"): "how an address in a URL has its sign",
    ("esql", "LIMIT 1000"): "how many rows are shown",
}


def moved(hunt: Hunt) -> Hunt:
    """The hunt with every limit at another value."""
    return replace(hunt, limits={name: other(limit) for name, limit in hunt.limits.items()})


def rules_with(change: Callable[[Limit], Limit]) -> dict[str, Any]:
    """The compiled rulebook with every limit of every rule at another value."""
    made = compiled_form(rulebook())
    for kind, rules in (("detections", rulebook().detections), ("playbooks", rulebook().playbooks)):
        for name, rule in rules.items():
            now = {key: change(limit) for key, limit in rule.limits.items()}
            texts = made[kind][name]["limits_text"]
            made[kind][name]["limits"] = {key: limit.number for key, limit in now.items()}
            made[kind][name]["limits_text"] = {key: {**texts[key], "value": now[key].value} for key in texts}
    return made


def told(hunt: Hunt) -> list[str]:
    """Its sentences, filled."""
    return [hunt.filled(one) for one in (hunt.hypothesis, hunt.means, *hunt.benign, *hunt.next)]


def test_no_query_holds_a_number_that_is_no_limit() -> None:
    wrong, needed = [], set()
    for hunt in shipped_hunts().values():
        before, after = texts_of(hunt), texts_of(moved(hunt))
        for language, text in before.items():
            for line, now in zip(text.splitlines(), after[language].splitlines(), strict=True):
                here = {(where, words) for where, words in ALLOWED if where == language and words in line}
                needed |= here
                for _, words in here:
                    line, now = line.replace(words, ""), now.replace(words, "")
                line, now = _CLASS.sub("", line), _CLASS.sub("", now)
                kept = set(_NUMBER.findall(line)) & set(_NUMBER.findall(now)) - codes() - _NONE_OR_ONE
                wrong += [f"{hunt.id} {language}: {kept} in {line[:90]!r}"] if kept else []
    assert wrong == []
    assert set(ALLOWED) == needed


def test_limits_of_rules_that_hunts_take_change_query_and_sentences() -> None:
    after = load_hunts(FOLDER, rules=rules_with(other))
    rules = {**rulebook().detections, **rulebook().playbooks}
    followed = 0
    for hunt in shipped_hunts().values():
        for name, limit in hunt.limits.items():
            rule, _, theirs = limit.origin.rpartition(".")
            if rule not in rules:
                continue
            assert limit.value == rules[rule].limits[theirs].value
            now = after[hunt.id]
            assert now.limits[name].value in (7777, "7777m")
            assert all(text != texts_of(now)[language] for language, text in texts_of(hunt).items())
            assert sum(spelled(now.limits[name]) in one for one in told(now)) >= 1, (hunt.id, name)
            followed += 1
    assert followed > 10


def test_the_working_day_is_the_same_in_every_hunt() -> None:
    hunts = [hunt for hunt in shipped_hunts().values() if "opening" in hunt.limits]
    assert len(hunts) > 1
    assert len({(hunt.limits["opening"].value, hunt.limits["closing"].value) for hunt in hunts}) == 1


@pytest.mark.parametrize("name", HUNTS)
def test_a_unit_is_told_once(name: str) -> None:
    """A limit is filled in with its unit, so that no noun may follow it: "8 names", never "8 names names"."""
    hunt = shipped_hunts()[name]
    units = "|".join(re.escape(f"{{{limit.name}}}") for limit in hunt.limits.values() if limit.unit)
    word, noun = r"(?:(?!at|of|from|in|on|with)\w+ )?", r"(?!was|does|less|its|this)\w{3,}s\b"
    doubled = re.compile(rf"(?:{units})(?: or (?:more|less|fewer))? {word}{noun}")
    texts = (hunt.hypothesis, hunt.means, *hunt.benign, *hunt.next) if units else ()
    assert [found.group() for text in texts if (found := doubled.search(text))] == []


def changed(folder: Path, name: str, before: str, after: str) -> None:
    """Writes a shipped hunt into a folder of its own, with one text in place of another."""
    good = (FOLDER / name).read_text(encoding="utf-8")
    assert before in good
    (folder / name).parent.mkdir()
    (folder / name).write_text(good.replace(before, after), encoding="utf-8")


def test_a_limit_that_no_rule_has_is_named_with_the_nearest(tmp_path: Path) -> None:
    changed(tmp_path, "T1585.002/deleted_soon.yml", "account_creation.short_life", "account_creation.shortlife")
    with pytest.raises(
        RuleProblems,
        match=r"deleted_soon\.yml:7: deleted_soon: no rule has this limit; expected account_creation\.short_life",
    ):
        load_hunts(tmp_path, least=0)


def test_a_pattern_may_name_no_limit_that_is_not_there(tmp_path: Path) -> None:
    changed(tmp_path, "T1585.002/unpronounceable_names.yml", "{least_run}'", "{least_rum}'")
    with pytest.raises(
        RuleProblems, match="a pattern names no limit; expected one of look_back, least_length, least_run"
    ):
        load_hunts(tmp_path, least=0)
