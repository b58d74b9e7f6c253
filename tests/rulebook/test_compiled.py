"""The compiled rulebook: fresh, complete, quick, and readable without YAML."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from enumwatch.rulebook import compiled as compiled_module
from enumwatch.rulebook.compiled import COMPILED_FILE, CompiledRulebookError, compiled
from enumwatch.rulebook.compiling import compile, to_text
from enumwatch.rulebook.load import load

from .bad_rules import SMALL


def test_shipped_json_is_what_the_rules_say() -> None:
    assert COMPILED_FILE.read_text(encoding="utf-8") == to_text(compile(load())), (
        "run python -m enumwatch.rulebook.build"
    )


def test_compiled_equals_the_rules_compiled_now() -> None:
    assert compiled() == compile(load())


def test_keys_are_sorted() -> None:
    def check(value: Any) -> None:
        if isinstance(value, dict):
            assert list(value) == sorted(value)
            for inner in value.values():
                check(inner)

    check(json.loads(to_text(compile(load(SMALL)))))


def test_limits_are_numbers_and_durations_seconds() -> None:
    rule = compile(load(SMALL))["detections"]["demo_rule"]
    assert rule["limits"] == {"attempts": 10, "share": 0.5, "window": 600}
    assert rule["limits_text"]["window"] == {"value": "10m", "means": "sliding window", "unit": "", "origin": ""}


def test_texts_carry_the_values_of_the_limits_they_name() -> None:
    rule = compile(load(SMALL))["detections"]["demo_rule"]
    assert rule["description"] == "More than 10 attempts in 10 minutes."
    assert rule["known_gaps"] == ["Slower attempts than 10 attempts in 10 minutes stay unseen."]


def test_every_rule_has_every_key_and_no_cases() -> None:
    book = compile(load(SMALL))
    rule = book["detections"]["demo_rule"]
    assert (rule["codes"], rule["changes"]) == ([], [])
    assert "cases" not in rule
    source = book["sources"]["demo_log"]
    assert (source["common"], source["known_gaps"], source["emits"]) == ({}, [], ["demo_log"])
    assert source["shapes"][0]["recognise"] == {"present": ["when", "what"], "any": [], "equals": {}, "absent": []}
    assert "each" not in source["shapes"][0]
    assert book["playbooks"]["T1078"]["l1"][0]["when"] == []


def test_reading_it_needs_no_yaml_and_little_time() -> None:
    script = (
        "import json, sys, time; import enumwatch.rulebook.compiled as c; b = []\n"
        "for _ in range(5):\n"
        "    c.compiled.cache_clear(); t = time.perf_counter(); c.compiled(); b.append(time.perf_counter() - t)\n"
        "print(json.dumps({'yaml': 'yaml' in sys.modules, 'seconds': min(b)}))"
    )
    root = Path(compiled_module.__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    measured = json.loads(done.stdout)
    assert measured["yaml"] is False
    assert measured["seconds"] < 0.015


def test_it_reads_under_python_3_9() -> None:
    source = Path(compiled_module.__file__).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 9))


@pytest.mark.parametrize("content", [None, "{", "[]", '{"format": 2}'])
def test_unusable_file_ends_in_what_to_do(content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "rulebook.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    monkeypatch.setattr(compiled_module, "COMPILED_FILE", path)
    compiled.cache_clear()
    with pytest.raises(CompiledRulebookError, match=r"install enumwatch again$"):
        compiled()
    compiled.cache_clear()
