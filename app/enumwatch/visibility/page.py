"""Page: docs/visibility.md, the table of ways of attack and logs, generated from the rulebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..rulebook.compiled import compiled
from ..rulebook.vocabulary import TECHNIQUES
from ..splunk.doctor.asking import VISIBILITY_DAYS, VISIBILITY_SEARCH
from .record import CLUSTER_DAYS
from .report import FULL_SCORE

PAGE_FILE = Path(__file__).resolve().parents[3] / "docs" / "visibility.md"
_HOUR = 3600

_HEAD = f"""\
# What can be seen, and what never

Generated from `app/enumwatch/visibility/ways.yml` by `python -m enumwatch.build`; edit that file, not this one.

```
enumwatch visibility exports/                              # of files
enumwatch visibility --elastic                             # of your cluster, the last {CLUSTER_DAYS} days (--since)
enumwatch visibility --splunk-export visibility.csv        # of Splunk, from exported results
```

The report says of every way of attack whether the logs at hand show it (*seen*), show less than all of it (*partly*,
and why), could show it if a log were read (*not read*), or whether no log can (*never*). It names logs that are missing
or fell silent, fields that are empty and what is lost with them, how late events arrive, how far back each log goes
beside what the rules need, and the logs most worth connecting next. `--format json` writes the same for machines.
The HTML report of `enumwatch scan` holds it too, of the logs that were scanned, but for how late events arrive.
Of a log in a cluster that fell silent earlier, the last {CLUSTER_DAYS} days that it has are looked at.

`--format navigator` writes a layer of the ATT&CK Navigator with these scores. `--without okta_system` says that you have
no Okta: what only that log shows is then no way into your organisation, and nothing is missing there.

For Splunk, run the saved search "{VISIBILITY_SEARCH}" and export its result as CSV or JSON. It looks at
{VISIBILITY_DAYS} days of contacts, so the searches "enumwatch - Contacts - ..." must be on. To learn how late events arrive,
export the doctor's searches of single logs as well, and name each file with a `--splunk-export` of its own.
"""


def page() -> str:
    """Return the page as Markdown."""
    rules = compiled()["visibility"]
    return "\n".join([_HEAD, *_table(rules), "", *_never(rules), "", *_history(rules), "", *_computed(rules)]) + "\n"


def stale() -> list[Path]:
    """Return the page where it is not what the rulebook says."""
    is_fresh = PAGE_FILE.is_file() and PAGE_FILE.read_text(encoding="utf-8") == page()
    return [] if is_fresh else [PAGE_FILE]


def build() -> None:
    """Write the page."""
    PAGE_FILE.write_text(page(), encoding="utf-8", newline="\n")


def _table(rules: Mapping[str, Any]) -> Iterator[str]:
    yield "## Ways of attack that some log shows"
    yield ""
    yield "| way of attack | techniques | weight | log | shows | why only partly |"
    yield "|---|---|---|---|---|---|"
    for way in rules["ways"]:
        for number, sight in enumerate(way["logs"]):
            head = (way["title"], ", ".join(way["techniques"]), str(way["weight"])) if not number else ("", "", "")
            yield _row(*head, f"{rules['logs'][sight['log']]} (`{sight['log']}`)", sight["shows"], sight["because"])


def _never(rules: Mapping[str, Any]) -> Iterator[str]:
    yield "## Ways of attack that no log shows"
    yield ""
    yield "| way of attack | techniques | weight | why never |"
    yield "|---|---|---|---|"
    for way in rules["ways"]:
        if way["never"]:
            yield _row(way["title"], ", ".join(way["techniques"]), str(way["weight"]), way["never"])


def _history(rules: Mapping[str, Any]) -> Iterator[str]:
    yield "## Fields and history that the rules need"
    yield ""
    yield "| field | in events of the kinds | lost where it is empty |"
    yield "|---|---|---|"
    for name, about in rules["fields"].items():
        yield _row(f"`{name}`", ", ".join(about["kinds"]), about["lost"])
    yield ""
    yield "| rule | limit | hours | until then |"
    yield "|---|---|---|---|"
    for need in rules["history"]:
        seconds = compiled()["detections"][need["detection"]]["limits"][need["limit"]]
        yield _row(need["detection"], need["limit"], f"{seconds / _HOUR:g}", need["because"])


def _computed(rules: Mapping[str, Any]) -> Iterator[str]:
    limits = rules["limits"]
    hours = {name: f"{limits[name] / _HOUR:g} hours" for name in ("silent_after", "rhythm_after", "late_after")}
    names = sorted({name for way in rules["ways"] for name in way["techniques"]})
    yield "## How it is computed"
    yield ""
    yield f"""\
- Techniques: {", ".join(f"{name} {TECHNIQUES[name]}" for name in names)}.
- A way that is seen counts {limits["worth_seen"]:g}, one that is partly seen {limits["worth_partly"]:g}, any other 0. \
The score of a technique is the sum over its ways of weight times count, in percent of the sum of all weights. Ways \
that no log shows stay in the sum: {FULL_SCORE} cannot be reached.
- Weights say how usual a way is: 3, the common tools do it unasked; 2, known tools can; 1, seldom met. What a log \
would add is, over all ways, the weight times how much more the way would count with it. The first \
{limits["next_steps"]} are named, each counted after those before it.
- A log is silent when nothing came for more than {limits["silent_times"]:g} times its own longest pause and more than \
{hours["silent_after"]}; it must have covered {hours["rhythm_after"]} to have a pause to compare with. Pauses are \
counted between hours in which contacts began. Files end when somebody took them, so silence there is counted to the \
last event of all of them.
- A field counts as empty from {100 * limits["empty_from"]:g} % of the events on, names count as hidden from \
{100 * limits["hidden_from"]:g} % on: a way that needs them is then seen only partly. Events are what the rules count: \
noise is left out, and of what succeeded no application is kept.
- A log covers what a rule needs when it goes back {100 * limits["covered_from"]:g} % of that time.
- Events are late when the slowest twentieth takes more than {hours["late_after"]}, and dated ahead from \
{limits["ahead_after"] / 60:g} minutes on. When a record arrived is read from \
{", ".join(f"`{name}`" for name in rules["arrival"])} in files, from `event.ingested` of the newest records in \
a cluster, and from the index time in Splunk."""


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
