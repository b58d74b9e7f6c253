"""A copy of the package in which every guidance sentence of the rules carries a mark of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

import enumwatch

PACKAGE = Path(enumwatch.__file__).parent

# Where a rule keeps sentences for people: keys on the way down, * for each of a list or mapping.
DETECTION_TEXTS = (
    *("description", "known_gaps.*", "false_positives.*.treatment", "guide.means", "guide.first.*", "guide.tune.*"),
    *("guide.verdicts.*.means", "guide.verdicts.*.act", "guide.verdicts.*.next", "guide.close.*.act"),
)
PLAYBOOK_TEXTS = (
    *("l1.*.step", "tier2.*.step", "containment.*.step", "containment.*.hurts", "escalate.*.condition"),
    *("questions.*.question", "collect.*.what"),
)
# Writes every surface of the package it is run with: {surface: text or texts}.
_SHOW = """
import contextlib, io, json, sys
from pathlib import Path
from enumwatch.rulebook.build import build
build(lambda line: None, __import__("enumwatch.rulebook.load", fromlist=["load"]).load())
from enumwatch.cli import main
from enumwatch.elastic.kibana.rules import over_verdicts
from enumwatch.elastic.watches.guidance import lines
from enumwatch.guides.page import pages
from enumwatch.rulebook.compiled import compiled
from enumwatch.rulebook.load import load
from enumwatch.splunk.content.detections import stanzas

def told(*arguments):
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        main(list(arguments))
    return out.getvalue()

logs, report = sys.argv[1], sys.argv[2]
table = told("scan", logs, "--explain", "--triage", "--report", report)
rules = compiled()
json.dump({
    "splunk": {s.keys["action.correlationsearch.metadata"].split('"')[3]: dict(s.keys) for s in stanzas()},
    "kibana": {r["rule_id"].replace("enumwatch-verdict-", ""): r["note"] for r in over_verdicts()},
    "watch": {n: lines(d, rules["playbooks"][d["playbook"]]) for n, d in rules["detections"].items()},
    "guide": pages(load()),
    "terminal": told("triage", "worst", logs), "scan": table, "html": Path(report).read_text(encoding="utf-8"),
    "json": json.loads(told("triage", "worst", logs, "--format", "json")),
}, sys.stdout)
"""


def at(value: Any, path: str, change: Callable[[str], str]) -> Iterator[str]:
    """Change every text at a path in place; yield the mark that each got, which is its first word."""
    head, _, rest = path.partition(".")
    keys = (range(len(value)) if isinstance(value, list) else list(value)) if head == "*" else [head]
    for key in keys:
        if not isinstance(value, list) and key not in value:
            continue
        if rest:
            yield from at(value[key], rest, change)
        else:
            value[key] = change(value[key])
            yield value[key].split(" ", 1)[0]


def marked_package(folder: Path) -> tuple[Path, dict[str, str]]:
    """The folder to put on the path, and by mark where the sentence stands: `detections/x.yml guide.first.*`."""
    copied = folder / "enumwatch"
    shutil.copytree(PACKAGE, copied, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(PACKAGE.parents[1] / "lookups", folder.parent / "lookups")
    marks: dict[str, str] = {}
    for kind, paths in (("detections", DETECTION_TEXTS), ("playbooks", PLAYBOOK_TEXTS)):
        for file in sorted((copied / kind).glob("*.yml")):
            rule = yaml.safe_load(file.read_text(encoding="utf-8"))
            rule["cases"] = [] if kind == "detections" else None
            if kind == "playbooks":
                del rule["cases"]
            for path in paths:
                for mark in at(rule, path, lambda text: f"[s{len(marks)}] {text}"):
                    marks[mark] = f"{kind}/{file.stem} {path}"
            file.write_text(yaml.safe_dump(rule, sort_keys=False, allow_unicode=True, width=10_000), encoding="utf-8")
    return folder, marks


def surfaces(package: Path, logs: Path) -> Any:
    """What a copy of the package shows on every surface for the findings of these logs."""
    done = subprocess.run(
        [sys.executable, "-c", _SHOW, str(logs), str(package.parent / "report.html")],
        env={"PYTHONPATH": str(package), "HOME": str(package.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)
