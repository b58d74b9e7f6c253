"""The page docs/analyst-week.md: a simulated week walked through as an analyst would, with what the commands said.

Write it anew with `python -m tests.analyst_week`; a test holds it to what the commands say now.
"""

from __future__ import annotations

import io
import json
import os
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from enumwatch.cli import main
from enumwatch.engines.local import scan as scanning
from enumwatch.simulate import scenarios

PAGE = Path(__file__).parents[1] / "docs" / "analyst-week.md"
ALLOWLIST = Path("week/lookups/enumwatch_allowlist.csv")
LISTS = ["--lookups", "week/lookups"]
_WIDTH = 80
_TRIED, _OPENED, _TESTED = "Moderate Enumeration", "Compromise Suspected", "High Confidence Enumeration"


def page() -> str:
    """The whole page as Markdown; everything in blocks was printed by the commands above it."""
    with TemporaryDirectory() as folder, chdir(folder), patch.object(scanning, "scan", _read_once()):
        return "\n".join(_page()).rstrip() + "\n"


def _read_once() -> Callable[..., scanning.Result]:
    """A scan that reads the same logs with the same lists but once; every command still speaks for itself."""
    read: dict[bool, scanning.Result] = {}
    scan = scanning.scan

    def once(request: scanning.Request, *others: Any) -> scanning.Result:
        is_allowed = ALLOWLIST.exists()
        if is_allowed not in read:
            read[is_allowed] = scan(replace(request, with_triage=True), *others)
        return read[is_allowed]

    return once


@contextmanager
def chdir(folder: str) -> Iterator[None]:
    """Works in a folder for a while, so that the page holds no path of this machine."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _page() -> Iterator[str]:
    yield "<!-- generated: run `python -m tests.analyst_week`, do not edit -->"
    yield from _text(_INTRODUCTION)
    _said("simulate", "demo", "--seed", "7", "--events", "10000", "--out", "week")
    ALLOWLIST.unlink()  # on this Monday nobody has told the analyst of anything
    logs = sorted(str(one) for one in Path("week").iterdir() if one.is_dir() and one.name != "lookups")
    yield from _text("## What the week holds", "One command reads every log and shows the findings, worst first.")
    yield from _shown(["scan", *logs, *LISTS], logs)
    found = {one["verdict"]: one["finding_id"] for one in _findings(logs)}
    assert set(found) == {_OPENED, _TESTED, _TRIED}
    yield from _attacks(found, logs)
    yield from _test(found[_TESTED], logs)
    left = [one["verdict"] for one in _findings(logs)]
    assert sorted(left) == sorted([_OPENED, _TRIED])
    yield from _lookalikes()


def _attacks(found: dict[str, str], logs: list[str]) -> Iterator[str]:
    yield from _text("## First finding: somebody got in", *_OPENED_TEXT)
    yield from _shown(["triage", found[_OPENED], *logs, *LISTS], logs, _from("Playbook "))
    yield from _text("To see the attempts themselves where the logs are kept, the same command writes the search:")
    yield from _shown(["triage", found[_OPENED], *logs, *LISTS, "--query", "kql"], logs, _query)
    yield from _text(*_OPENED_DECISION)
    yield from _text("## Second finding: the mail servers were asked", *_TRIED_TEXT)
    yield from _shown(["triage", found[_TRIED], *logs, *LISTS], logs, _from("Playbook "))
    yield from _text(*_TRIED_DECISION)


def _test(finding: str, logs: list[str]) -> Iterator[str]:
    yield from _text("## Third finding: a test that nobody announced", *_TESTED_TEXT)
    yield from _shown(["triage", finding, *logs, *LISTS], logs, _from("Playbook ", "\n\nContain"))
    yield from _text(*_TESTED_DECISION)
    reason = ["--reason", "Penetration test, ticket SEC-1042", "--owner", "soc@contoso.example"]
    asked = ["allow", finding, *logs, *LISTS, *reason, "--expires", "2026-04-01", "--write"]
    yield from _shown(asked, logs, _last(3), has_errors=True)
    yield from _text("The next scan leaves it out, and says so in its summary.")
    yield from _shown(["scan", *logs, *LISTS], logs, _suppressed, has_errors=True)


def _lookalikes() -> Iterator[str]:
    """A row for each harmless thing in the week, from its labels."""
    told = json.loads(Path("week/truth.json").read_text())["scenarios"]
    known = {one.id: one for one in scenarios()}
    benign = [one for one in told if one["kind"] == "benign"]
    assert len(benign) == 6
    yield from _text("## What raised nothing, and why", *_LOOKALIKE_TEXT)
    yield "| in the log | what it was | records | why it is quiet |"
    yield "|---|---|---|---|"
    for one in benign:
        why = (
            "It was raised, and closed with `enumwatch allow`." if one["is_declared"] else known[one["scenario"]].expect
        )
        yield f"| {one['source']} | {known[one['scenario']].title} | {one['events']} | {why} |"


def _findings(logs: list[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in _said("scan", *logs, *LISTS, "--format", "ndjson")[0].splitlines()]


def _said(*words: str) -> tuple[str, str]:
    """What a command writes to standard output and to standard error."""
    out, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(errors):
        code = main(list(words))
    assert code == 0, errors.getvalue()
    return out.getvalue(), errors.getvalue()


def _shown(
    words: list[str], logs: list[str], part: Callable[[str], str] = str, *, has_errors: bool = False
) -> Iterator[str]:
    """A command as it is typed, and the part of its answer that matters here."""
    answer, errors = _said(*words)
    short = [word for word in words if word not in logs]
    place = short.index("--lookups")
    typed = shlex.join(["enumwatch", *short[:place]]) + " week/*_* week/iis " + shlex.join(short[place:])
    told = part(errors + answer if has_errors else answer).strip("\n").splitlines()
    yield from ("```", f"$ {typed}", *(line[:_WIDTH].rstrip() for line in told), "```")


def _from(begin: str, end: str = "\n\nNext\n") -> Callable[[str], str]:
    return lambda text: text[text.index(begin) :].partition(end)[0]


def _query(text: str) -> str:
    return text[text.index("Every attempt of the actor") :].partition("\n\nThe same agents")[0]


def _last(number: int) -> Callable[[str], str]:
    return lambda text: "\n".join(text.strip().splitlines()[-number:])


def _suppressed(text: str) -> str:
    hidden = text[text.index("Suppressed by") :].partition("\nCould not be seen")[0]
    return f"{hidden}\n{text[text.index('SCORE') :]}"


def _text(*paragraphs: str) -> Iterator[str]:
    for one in paragraphs:
        yield from ("", one)
    yield ""


_INTRODUCTION = (
    "# A week as an analyst sees it\n\nA simulated week of one organisation in seven logs: people at work, two attacks, and six "
    "things that look like one and are none. Everything below was printed by the commands shown, cut to what is read at "
    "that moment; `enumwatch simulate demo --seed 7 --events 10000 --out week` makes the same logs. The allowlist that "
    "comes with them was taken away, so that nobody has announced the penetration test yet."
)
_OPENED_TEXT = (
    "The worst line comes first, and the line below the table says what is most urgent. `triage` reads the logs again, answers "
    "the playbook for this finding and lists what to do with its own addresses, names and times.",
)
_OPENED_DECISION = (
    "**Decision: escalate, and contain now.** The conditions that are met say why. An account let the actor in, so its password "
    "comes first, before the address is blocked; the decoy among the names settles that it was no mistake. The second line gets "
    "the found names and the sign-ins from new places, one of which is the break-in itself. Only the compromised account is "
    "reset; names that were merely tried or found are watched.",
)
_TRIED_TEXT = (
    "The other attack left no failed sign-in at all: it asked the mail servers in the organisation's own network for one mailbox "
    "after another.",
)
_TRIED_DECISION = (
    "**Decision: escalate, without haste.** The pattern is confirmed, nobody got in, and the log cannot say which of the "
    "mailboxes exist. The address is limited at the edge, and the open questions, where there are any, name the log or list "
    "that would close them.",
)
_TESTED_TEXT = (
    "By its looks this is an attack too, and the playbook says so. "
    "First line, second step: compare the address with announced tests.",
)
_TESTED_DECISION = (
    "The owner of the address is found, and confirms a test that should have been announced. **Decision: close it as "
    "harmless, with a reason, an owner and an end.** `allow` writes the narrowest entry that covers this finding and says "
    "what else it would hide; for a break-in it refuses.",
)
_LOOKALIKE_TEXT = (
    "The labels of the simulated logs say what else happened. The table holds each harmless thing, how much of the log it fills, "
    "and what the rules see in it.",
)

if __name__ == "__main__":
    os.environ.pop("COLUMNS", None)
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
