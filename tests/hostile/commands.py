"""Which runs of which command the payloads go through, and why some commands need none."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from enumwatch.cli import main
from enumwatch.engines.local import scan as engine
from enumwatch.simulate import simulate

from .corpus import CORPUS
from .logs import Material, written

TEXT, CSV, JSON, LINES, HTML, PLAIN_LIST = "text", "csv", "json", "ndjson", "html", "list"
_ALL = ("--explain", "--triage", "--suppressed", "--all-updates")
_ALLOW = ("--reason", "announced", "--owner", "soc", "--expires", "2027-01-01")
_LOGS = ("LOGS", "--lookups", "LOOKUPS")
_SAVED = ("--findings", "FINDINGS", "--lookups", "LOOKUPS")
# Hunts of which the hostile logs have rows.
HUNTS = ("success_after_absent", "creation_burst", "unpronounceable_names")


@dataclass(frozen=True)
class Call:
    """One run of a command; words in capitals stand for paths. `form` is what it writes to standard output."""

    leaf: str
    form: str
    arguments: tuple[str, ...]
    on_screen: bool = False

    @property
    def id(self) -> str:
        return f"{self.leaf} {self.form}{' on a screen' if self.on_screen else ''}"


def _call(leaf: str, form: str, *arguments: str, on_screen: bool = False) -> Call:
    return Call(f"enumwatch {leaf}", form, arguments, on_screen)


CALLS: tuple[Call, ...] = (
    _call("scan", TEXT, *_LOGS, *_ALL, "--report", "REPORT", "--summary", "SUMMARY"),
    *(_call("scan", form, *_LOGS, "--triage", "--suppressed", "--format", form) for form in (LINES, JSON, CSV, HTML)),
    *(_call("triage", TEXT, "worst", *_LOGS, "--query", language) for language in ("spl", "esql", "kql", "sql")),
    _call("triage", JSON, "worst", *_LOGS, "--format", "json"),
    _call("allow", CSV, "worst", "HARMLESS", *_ALLOW),
    _call("contacts", LINES, "LOGS", on_screen=True),
    _call("contacts", TEXT, "LOGS", "--format", "csv", on_screen=True),
    _call("tune", TEXT, *_LOGS, "--detection", "email_enumeration", "--output", "OVERLAY"),
    _call("visibility", TEXT, *_LOGS),
    _call("visibility", JSON, *_LOGS, "--format", "json"),
    *(_call("hunt", TEXT, hunt, *_LOGS) for hunt in HUNTS),
    *(_call("hunt", form, HUNTS[0], *_LOGS, "--format", form) for form in (CSV, JSON)),
    *(
        _call("hunt", TEXT, "decoys", "--lookups", "LOOKUPS", "--language", name)
        for name in ("spl", "esql", "kql", "sql")
    ),
    _call("export ocsf", LINES, *_SAVED),
    _call("export stix", JSON, *_SAVED, "--with-names"),
    _call("export navigator", JSON, *_LOGS),
    _call("export blocklist", PLAIN_LIST, *_SAVED, "--as-of", "2026-03-03"),
    _call("export blocklist", CSV, *_SAVED, "--as-of", "2026-03-03", "--format", "csv"),
    _call("export named-location", JSON, *_SAVED, "--as-of", "2026-03-03"),
    _call("export names", CSV, *_SAVED),
    _call("export decoys", CSV, *_LOGS),
    _call("simulate", TEXT, "--verify", "FINDINGS", "--labels", "RUN"),
    _call("verify", TEXT, "RUN", "--verdicts", "FINDINGS"),
    _call("splunk lookups", TEXT, "LOOKUPS"),
    _call("splunk doctor", TEXT, "EXPORTS"),
)

_OWN_RULES = "tells of rules alone, shipped ones or the operator's"
_CLUSTER = "needs a cluster; tests/elastic puts hostile names into documents, watches, tables and answers"
WITHOUT: Mapping[str, str] = {
    **{f"enumwatch rules {name}": _OWN_RULES for name in ("check", "list", "show", "guide")},
    "enumwatch splunk package": "packs files of the product and reads no log",
    "enumwatch elastic triage": "tells a document of findings by what tells `enumwatch triage`; asks a cluster for it",
    **{
        f"enumwatch elastic {name}": _CLUSTER
        for name in ("setup", "deploy", "status", "run", "backfill", "lookups push", "doctor", "remove")
    },
}


@dataclass(frozen=True)
class Ran:
    """What a run wrote: to standard output, about itself, and into files by the name of the option."""

    code: int
    out: str
    err: str
    files: Mapping[str, str]


class _Screen(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


class Product:
    """Runs commands over the hostile logs, each log read once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.material: Material = written(folder)
        self._ran: dict[tuple[Call, tuple[str, ...]], Ran] = {}
        self._kept: dict[Any, Any] = {}
        self._open: list[Any] = []
        self._scan, self._counted = engine.scan, engine.counted
        run = folder / "run"
        simulate("fast_enumeration", "entra_signin", seed=1, out=run, users=20, events=40)
        exports = folder / "runs.csv"
        rows = [f'"{text}","{text}",9999999,{number},1,60000\n' for number, text in enumerate(_cells())]
        exports.write_text("detection,runs,silent,left_out,refused,remembered\n" + "".join(rows), encoding="utf-8")
        self._words: dict[str, list[str]] = {
            "LOGS": list(map(str, self.material.logs)),
            "HARMLESS": [str(self.material.harmless)],
            "LOOKUPS": [str(self.material.lookups)],
            "FINDINGS": [str(folder / "findings.ndjson")],
            "RUN": [str(run)],
            "EXPORTS": [str(exports)],
            **{name: [str(folder / name.lower())] for name in ("REPORT", "SUMMARY")},
            "OVERLAY": [str(folder / "overlay.yml")],
        }
        self._save_findings()

    def run(self, call: Call, *more: str) -> Ran:
        """What the call gives with more options; each is run once."""
        if (call, more) not in self._ran:
            self._ran[call, more] = self._run(call, more)
        return self._ran[call, more]

    def close(self) -> None:
        """Lets go of the logs."""
        for one in self._open:
            one.__exit__(None, None, None)

    def _save_findings(self) -> None:
        saved = _call("scan", LINES, *_LOGS, "--triage", "--format", "ndjson")
        Path(self._words["FINDINGS"][0]).write_text(self.run(saved).out, encoding="utf-8")

    def _run(self, call: Call, more: Sequence[str]) -> Ran:
        words = [one for word in call.arguments for one in self._words.get(word, [word])]
        raw, err = io.BytesIO(), io.StringIO()
        out = (_Screen if call.on_screen else io.TextIOWrapper)(raw, encoding="utf-8", newline="")
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.setattr(engine, "counted", self._counted_once)
            patch.setattr(engine, "scan", self._scanned_once)
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
            try:
                code = main([*call.leaf.split()[1:], *words, *more])
            except SystemExit as stop:
                code = int(str(stop.code))
        out.flush()
        files = {
            word: Path(self._words[word][0]) for word in ("REPORT", "SUMMARY", "OVERLAY") if word in call.arguments
        }
        told = {word: path.read_text(encoding="utf-8") for word, path in files.items() if path.exists()}
        return Ran(code, raw.getvalue().decode("utf-8"), err.getvalue(), told)

    def _scanned_once(self, request: Any, *rest: Any) -> Any:
        key = ("scan", *request.paths)
        if key not in self._kept:
            self._kept[key] = self._scan(replace(request, with_updates=True, with_triage=True), *rest)
        return self._kept[key]

    @contextmanager
    def _counted_once(self, request: Any, *rest: Any) -> Iterator[Any]:
        key = (bool(request.arrival), *request.paths)
        if key not in self._kept:
            self._open.append(self._counted(request, *rest))
            self._kept[key] = self._open[-1].__enter__()
        yield self._kept[key]


def _cells() -> Iterator[str]:
    """Payloads that a file of text can hold, as cells of CSV between quotes."""
    for text in CORPUS:
        yield text[:2_000].encode("utf-8", "replace").decode("utf-8").replace("\0", "").replace('"', '""')
