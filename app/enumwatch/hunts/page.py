"""Page: docs/hunting.md, every hunt with its four queries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..guides.markdown import table
from ..rulebook.compiled import compiled
from ..rulebook.limit import Limit, spelled
from .hunt import Hunt
from .languages import FENCES, LANGUAGES
from .loading import shipped_hunts
from .rendering import text_of
from .sentinel import tables

PAGE_FILE = Path(__file__).parents[3] / "docs" / "hunting.md"
_HEAD = """\
# Hunting

Questions to put to your logs when no rule has fired. Each says what an attacker would do, what an answer means, what is
harmless and looks alike, and what to do next. Every hunt is written once, in `app/enumwatch/hunts/`; all its queries are made
from that, and executed on planted rows by the tests.

`enumwatch hunt` lists the hunts, `enumwatch hunt ID PATH` runs one over logs or a table of contacts, and
`enumwatch hunt ID --language kql` prints its query, with your own decoys and sensitive accounts filled in where `--lookups`
names a folder that lists them. A number that means the same as a limit of a rule is that limit, named beside it; where an
overlay in the folder of `--rules` tunes it, the hunt follows.
"""
_NOTES = """
Times are UTC. The SQL asks the whole file; choose its time with `--since` and `--until` when you write it. The KQL brings the
tables of Microsoft Sentinel into the form of contacts first, its codes mean what `enumwatch_outcomes.csv` says; `let until`
moves a hunt into the past. A code that means different things for different reasons counts as ambiguous there. Counts of
different values are exact in DuckDB and Splunk, and near it in the others once there are very many.
"""


def page() -> str:
    """The text of the page."""
    hunts = shipped_hunts()
    languages = table(("language", "where it runs"), [(FENCES[one][0], text) for one, text in LANGUAGES.items()])
    lines = [_HEAD, *languages, _NOTES]
    for technique, playbook in compiled()["playbooks"].items():
        own = [hunt for hunt in hunts.values() if hunt.technique == technique]
        lines.append(f"\n## {technique} {playbook['title']}\n")
        lines += [f"- [{hunt.title}](#{hunt.id}) (`{hunt.id}`)" for hunt in own]
        lines += [line for hunt in own for line in _section(hunt)]
    return "\n".join(lines).rstrip("\n") + "\n"


def build() -> None:
    """Writes the page."""
    PAGE_FILE.write_text(page(), encoding="utf-8", newline="\n")


def stale() -> list[Path]:
    """The page, where it is not what the hunts say."""
    is_fresh = PAGE_FILE.is_file() and PAGE_FILE.read_text(encoding="utf-8") == page()
    return [] if is_fresh else [PAGE_FILE]


def needed(hunt: Hunt) -> list[str]:
    """Ids of the logs that can answer a hunt, by the kinds of events that it asks for."""
    return [name for name, one in compiled()["sources"].items() if set(one["kinds"]) & set(hunt.query.kinds)]


def _section(hunt: Hunt) -> Iterator[str]:
    told = hunt.filled
    yield f'\n<a id="{hunt.id}"></a>\n\n### {hunt.title}\n'
    yield f"{told(hunt.hypothesis)}\n"
    yield f"**An answer means** {_begun(told(hunt.means))}\n"
    yield "**Harmless and alike**\n"
    yield from (f"- {told(one)}" for one in hunt.benign)
    yield "\n**Next**\n"
    yield from (f"{number}. {told(one)}" for number, one in enumerate(hunt.next, start=1))
    yield f"\n**Needs** one of {', '.join(needed(hunt))}; in Sentinel {', '.join(_tables(hunt))}.\n"
    yield "| number | value | meaning |\n|---|---|---|"
    yield from (
        f"| {name} | {spelled(limit)} | {told(limit.means)}{_taken(limit)} |" for name, limit in hunt.limits.items()
    )
    for language in LANGUAGES:
        title, fence = FENCES[language]
        yield f"\n<details><summary>{title}</summary>\n\n```{fence}\n{text_of(hunt, language)}\n```\n\n</details>"


def _tables(hunt: Hunt) -> list[str]:
    return [tables()[one].rows.removeprefix("union isfuzzy=true ") for one in hunt.query.sentinel]


def _taken(limit: Limit) -> str:
    rule, _, name = limit.origin.rpartition(".")
    return f" (`{name}` of {rule})" if rule in {**compiled()["detections"], **compiled()["playbooks"]} else ""


def _begun(text: str) -> str:
    return text[0].lower() + text[1:]
