"""The reference page: every command, rule and source, written from the product itself so that it cannot drift."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .cli import command_line
from .core.contact import Contact
from .core.verdict import VERDICTS
from .rulebook.compiled import compiled
from .schemas import schema

REFERENCE_FILE = Path(__file__).resolve().parents[2] / "docs" / "reference.md"

Rule = Mapping[str, Any]


def reference() -> str:
    """The whole page as Markdown."""
    rulebook = compiled()
    lines = [
        "<!-- generated from the rulebook, the records and the command line: run `make build`, do not edit -->",
        "",
        "# Reference",
        "",
        *_commands(),
        *_detections(rulebook["detections"]),
        *_sources(rulebook["sources"]),
        *_records(),
    ]
    return "\n".join(lines).rstrip() + "\n"


def cell(text: str) -> str:
    """Text that stays inside one cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|")


def _commands() -> Iterator[str]:
    yield "## Commands"
    yield ""
    yield (
        "Exit code 0 when it was done; 1 when the answer is bad: with `--fail-on` a finding that bad, for a doctor what "
        "is broken or missing; 2 when something must be mended first, as one line on standard error says; 130 when interrupted."
    )
    for name, command in leaves(command_line(), "enumwatch"):
        yield ""
        yield f"### `{name}`"
        yield ""
        if command.description:
            yield command.description
            yield ""
        yield "| argument | meaning |"
        yield "|---|---|"
        for action in command._actions:
            if action.dest != "help":
                yield f"| {_argument(action)} | {cell(action.help or '')} |"


def leaves(command: argparse.ArgumentParser, name: str) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command that is none of a group, with its whole name, in the order of the help."""
    nested = [action for action in command._actions if isinstance(action, argparse._SubParsersAction)]
    if not nested:
        yield name, command
    for action in nested:
        for word, child in action.choices.items():
            yield from leaves(child, f"{name} {word}")


def _argument(action: argparse.Action) -> str:
    value = action.metavar if isinstance(action.metavar, str) else None
    if action.choices and value is None:
        value = "\\|".join(str(choice) for choice in action.choices)
    if not action.option_strings:
        return f"`{value or action.dest}`"
    shown = action.option_strings[-1] + (f" {value}" if action.nargs != 0 and value else "")
    return f"`{shown}`".replace("\\|", "|").replace("|", "\\|")


def _detections(detections: Mapping[str, Rule]) -> Iterator[str]:
    yield ""
    yield "## Detections"
    for rule in detections.values():
        yield ""
        yield f"### {rule['id']}"
        yield ""
        yield f"{rule['title']}. Version {rule['version']}, {rule['status']}, {_state(rule)}; {', '.join(rule['techniques'])}."
        yield ""
        yield " ".join(str(rule["description"]).split())
        yield ""
        yield "| limit | value | meaning |"
        yield "|---|---|---|"
        for name, limit in rule["limits_text"].items():
            unit = f" {limit['unit']}" if limit.get("unit") else ""
            yield f"| {name} | {limit['value']}{unit} | {cell(limit['means'])} |"
        yield from _listed("Known gaps", rule["known_gaps"])
        yield from _listed("False positives", [f"{one['name']}: {one['treatment']}" for one in rule["false_positives"]])
        yield from _listed("References", rule["references"])


def _state(rule: Rule) -> str:
    return "on" if rule["enabled"] else "off unless asked for with `--detection`"


def _listed(title: str, texts: list[str]) -> Iterator[str]:
    if texts:
        yield ""
        yield f"{title}:"
        yield ""
        for text in texts:
            yield f"- {' '.join(str(text).split())}"


def _sources(sources: Mapping[str, Rule]) -> Iterator[str]:
    yield ""
    yield "## Sources"
    for source in sources.values():
        seen = source["visibility"]
        yield ""
        yield f"### {source['id']}"
        yield ""
        yield f"{source['title']}. Kinds of event: {', '.join(source['kinds'])}."
        yield ""
        yield f"Names {seen['names']}, tries at absent names {seen['misses']}. {seen['note']}"
        yield ""
        for shape in source["shapes"]:
            yield f"- `{shape['id']}`: {shape['title']}"
        yield from _listed("Known gaps", source.get("known_gaps", []))


def _records() -> Iterator[str]:
    yield ""
    yield "## Records"
    yield ""
    yield "Verdicts, worst first: " + " · ".join(VERDICTS) + "."
    yield ""
    yield "Contact columns: " + ", ".join(f"`{name}`" for name in Contact._fields) + "."
    for name in ("verdict", "summary", "contact"):
        yield ""
        yield f"Keys of a {name} (schema in `app/enumwatch/schemas/{name}.schema.json`):"
        yield ""
        for key, part in schema(name)["properties"].items():
            yield f"- `{key}`" + (f": {part['description']}" if part.get("description") else "")
