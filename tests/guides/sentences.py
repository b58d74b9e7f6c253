"""Finds sentences for people, in code and in rules, and the numbers that are written into them by hand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import enumwatch
from enumwatch.hunts.loading import shipped_hunts
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.document import walk
from enumwatch.rulebook.load import Rule, load, rules_of
from enumwatch.rulebook.vocabulary import TECHNIQUES

PACKAGE = Path(enumwatch.__file__).parent

# Where sentences of reports, guides, notes and notices are made.
MAKERS = (
    *("report", "core", "guides", "tuning", "domains", "hunts", "simulate/verify.py", "elastic/documents.py"),
    *(
        "splunk/content/guidance.py",
        "splunk/content/detections.py",
        "elastic/kibana/guide.py",
        "elastic/kibana/rules.py",
    ),
    *("elastic/watches/guidance.py", "rulebook/guide.py", "rulebook/limit.py"),
    *(
        "splunk/doctor/asking.py",
        "commands",
        "cli.py",
        "demo.py",
        "exports",
        "lookups.py",
        "rulebook/commands.py",
        "visibility",
    ),
)
_FEWEST_WORDS = 3
_COUNTED = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|sixteen|seventeen|twenty|thirty|forty|fifty|sixty|"
    "ninety|hundreds?|thousands?|dozens?|twice|thrice|half|quarter"
)
NUMBER = re.compile(rf"(?<![\w{{.$-])-?\d[\d.,]*\d%?|(?<![\w{{.$-])\d%?(?![\w}}])|\b(?:{_COUNTED})\b", re.IGNORECASE)
# A number that stands for nothing or for one thing is no limit: no rulebook could give it another value.
NONE_OR_ONE = frozenset({"0", "1"})
_CLASS = re.compile(r"\[[^\[\]]*\]")  # in a pattern: one of these signs
# What is quoted as the form in which something is written, and names that hold digits.
_NAMES = re.compile(
    r"such as .*|write it like .*|Microsoft 365|\bW3C\b|\bIPv[46]\b|\bT\d{4}(?:\.\d{3})?\b|\b[EQ]\d\+?|ISO 8601|\{\}:00|"
    r"\bversion \d+|\b0x[0-9a-fA-F]+\b",
)
_NO_SENTENCE = re.compile(
    r"^\s*(?:SELECT|CREATE|CASE|EVAL|WHERE|STATS|FROM|\||`|eval )|\bmvexpand\b|== 1\b|^\s*(?:[\w-]+\.[\w.]+ ){2}"
)


def numbers_in(text: str) -> list[str]:
    """The numbers written into a sentence, names with digits in them left out."""
    return [one.strip(".,") for one in NUMBER.findall(_NAMES.sub("", text)) if one.strip(".,") not in NONE_OR_ONE]


def sentences_of_code() -> Iterator[tuple[str, str]]:
    """Every sentence that code holds, with its file; what is computed stands as {}."""
    for place in MAKERS:
        path = PACKAGE / place
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            for text in _sentences(ast.parse(file.read_text(encoding="utf-8"))):
                yield file.relative_to(PACKAGE).as_posix(), text


def _sentences(tree: ast.Module) -> Iterator[str]:
    spoken = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not {id(node)} & (spoken | parts):
            text = node.value
        else:
            continue
        if len(re.findall(r"[A-Za-z]{2,}", text)) >= _FEWEST_WORDS and not _NO_SENTENCE.search(text):
            yield text


def sentences_of_rules() -> Iterator[tuple[str, str]]:
    """Every sentence of the rules for people, with where it stands."""
    for rule in rules_of(load()):
        for key in ("title", "description", "known_gaps", "false_positives", "guide", "log_sources", "indicators"):
            yield from _texts(rule, rule.content.get(key), key)
        for key in ("questions", "escalate", "l1", "tier2", "containment", "collect", "kept", "visibility"):
            yield from _texts(rule, rule.content.get(key), key)
        for name, limit in (rule.content.get("limits") or {}).items():
            # An origin tells what a value was measured from, so it is the place of its numbers.
            for key in ("means", "raised", "lowered"):
                yield from _texts(rule, limit.get(key, ""), f"limits.{name}.{key}")


def sentences_of_hunts() -> Iterator[tuple[str, str]]:
    """Every sentence of the hunts for people, and every expression of their queries, with where it stands."""
    for hunt in shipped_hunts().values():
        for key in ("title", "hypothesis", "means", "benign", "next", "limits", "words", "query", "written"):
            for trail, text in walk(hunt.document.value.get(key), (key,)):
                # A limit's value is the place of its number.
                if not isinstance(text, str) or (key == "limits" and trail[-1] != "means"):
                    continue
                bare = _CLASS.sub("", text) if key == "query" else text
                yield f"{hunt.document.file} {'.'.join(map(str, trail))}", bare


def _texts(rule: Rule, value: Any, key: str) -> Iterator[tuple[str, str]]:
    for trail, text in walk(value, (key,)):
        # A word of a closed set, or a duration, is no sentence.
        if isinstance(text, str) and " " in text and trail[-1] not in ("for", "within"):
            yield f"{rule.document.file} {'.'.join(map(str, trail))}", text


@lru_cache(maxsize=1)
def codes() -> frozenset[str]:
    """Answers of providers and ids of events, which the tables of outcomes and the rules of sources hold."""
    found = {part for row in load_lookups().rows("outcomes") for part in re.split(r"[:\s]", row["code"])}
    for source in load().sources.values():
        text = source.document.value
        found |= {
            word for _, value in walk(text["event"]) if isinstance(value, str) for word in re.findall(r"\d{3,}", value)
        }
        found |= {word for one in text["references"] for word in re.findall(r"\b\d{4}\b", one)}
    return frozenset(found | set(TECHNIQUES))
