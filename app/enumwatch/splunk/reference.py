"""The reference page of the Splunk app: commands, logs, macros, searches and lookups, from what the app ships."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from ..reference import cell
from .command_words import COLUMNS, OPTIONS
from .commands.verdict_rows import columns as verdict_columns
from .content.build import MAKERS
from .content.confs import Stanza
from .doctor.asking import source_macro, sources

ROOT = Path(__file__).parents[3]
REFERENCE_FILE = ROOT / "docs" / "splunk-commands.md"

_LONGEST_SHOWN = 120

Keys = Mapping[str, str]


class Declared(NamedTuple):
    """What a script in bin/ says of its command: in one line, its options with their defaults ("" for none), its mixin."""

    name: str
    line: str
    options: Mapping[str, str]
    module: str
    mixin: str


def reference() -> str:
    """The whole page as Markdown."""
    stanzas = [stanza for maker in MAKERS for stanza in maker()]
    lines = [
        "<!-- generated from the app itself: run `make build`, do not edit -->",
        "",
        "# Splunk app: reference",
        "",
        *_commands(_of(stanzas, "searchbnf")),
        *_logs(),
        *_macros(_of(stanzas, "macros")),
        *_searches(_of(stanzas, "savedsearches")),
        *_lookups(_of(stanzas, "transforms")),
    ]
    return "\n".join(lines).rstrip() + "\n"


def build() -> None:
    """Write the page."""
    REFERENCE_FILE.write_text(reference(), encoding="utf-8", newline="\n")


def stale() -> list[Path]:
    """Return the page where it is not what the app says."""
    is_fresh = REFERENCE_FILE.is_file() and REFERENCE_FILE.read_text(encoding="utf-8") == reference()
    return [] if is_fresh else [REFERENCE_FILE]


def declared() -> list[Declared]:
    """Return every command as its script declares it, by name."""
    return [_declared(path) for path in sorted((ROOT / "bin").glob("*.py"))]


def columns_of(command: Declared) -> tuple[str, ...]:
    """Return the columns that a command writes or adds."""
    module = import_module(command.module)
    if command.name == "enumverdict":
        return tuple(verdict_columns(has_memory=True, has_summary=True))
    added = getattr(getattr(module, command.mixin), "adds", ())
    return tuple(added or module.COLUMNS)


def _declared(path: Path) -> Declared:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    ours = {
        alias.name: node.module or ""
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("enumwatch.")
        for alias in node.names
    }
    (command,) = (node for node in tree.body if isinstance(node, ast.ClassDef))
    mixin = next(base.id for base in command.bases if isinstance(base, ast.Name) and base.id in ours)
    options = {
        node.targets[0].id: _default(node.value)
        for node in command.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and isinstance(node.value, ast.Call)
    }
    return Declared(path.stem, ast.get_docstring(command) or "", options, ours[mixin], mixin)


def _default(option: ast.Call) -> str:
    given = next((one.value for one in option.keywords if one.arg == "default"), None)
    return str(given.value) if isinstance(given, ast.Constant) and given.value is not None else ""


def _of(stanzas: Iterable[Stanza], file: str) -> dict[str, Keys]:
    return {stanza.name: stanza.keys for stanza in stanzas if stanza.file == file}


def _commands(described: Mapping[str, Keys]) -> Iterator[str]:
    yield "## Commands"
    yield ""
    yield "Every command runs on the search head. Wrong options end the search with one sentence that says what to write."
    for command in declared():
        keys = described.get(f"{command.name}-command", {})
        usage = getattr(import_module(command.module), command.mixin).about
        yield from ("", f"### `{command.name}`", "", _flat(keys.get("description", command.line)), "")
        yield from ("```", *_lines(keys.get("syntax", usage.removeprefix("write it as "))), "```", "")
        yield from _options(command)
        yield from ("| column | meaning |", "|---|---|")
        yield from (f"| `{name}` | {cell(COLUMNS[command.name][name])} |" for name in columns_of(command))
        yield from _examples(keys)


def _options(command: Declared) -> Iterator[str]:
    if command.options:
        yield from ("| option | default | meaning |", "|---|---|---|")
        for name, default in command.options.items():
            yield f"| `{name}` | {f'`{default}`' if default else 'none'} | {cell(OPTIONS[command.name][name])} |"
        yield ""


def _examples(keys: Keys) -> Iterator[str]:
    for number in range(1, 10):
        if f"example{number}" in keys:
            comment = _flat(keys.get(f"comment{number}", ""))
            yield from ("", f"{comment}:", "", "```", *_lines(keys[f"example{number}"]), "```")


def _logs() -> Iterator[str]:
    yield from ("", "## Logs", "", "| log | macro to set | add-on | sourcetypes | events |", "|---|---|---|---|---|")
    for name, rule in sources().items():
        shown: dict[str, Any] = dict(rule["splunk"])
        types = ", ".join(f"`{one}`" for one in shown["sourcetypes"])
        chosen = "; ".join(f"{field} {', '.join(values)}" for field, values in shown["select"].items())
        row = (rule["title"], f"`{source_macro(name)}`", shown["addon"], types, chosen or "all")
        yield f"| {' | '.join(cell(one) for one in row)} |"


def _macros(macros: Mapping[str, Keys]) -> Iterator[str]:
    yield from ("", "## Macros", "", "| macro | as shipped |", "|---|---|")
    for name in sorted(macros):
        text = _flat(macros[name]["definition"])
        shown = f"`` {cell(text)} ``" if len(text) <= _LONGEST_SHOWN else "a part of the searches below"
        yield f"| `{name}` | {shown} |"


def _searches(searches: Mapping[str, Keys]) -> Iterator[str]:
    yield from ("", "## Saved searches", "", "| search | runs | what for |", "|---|---|---|")
    for name in sorted(searches):
        keys = searches[name]
        runs = f"`{keys['cron_schedule']}`, once enabled" if "cron_schedule" in keys else "on demand"
        first = keys.get("description", "").split("\n")[0].partition(". ")[0].rstrip(".")
        yield f"| {cell(name)} | {runs} | {cell(first)} |"


def _lookups(transforms: Mapping[str, Keys]) -> Iterator[str]:
    yield from ("", "## Lookups", "", "| lookup | kept in | columns |", "|---|---|---|")
    for name in sorted(transforms):
        keys = transforms[name]
        kept = f"`{keys['filename']}`" if "filename" in keys else f"KV store, `{keys['collection']}`"
        yield f"| `{name}` | {kept} | {cell(keys.get('fields_list', 'as its first line says'))} |"


def _flat(text: str) -> str:
    return " ".join(text.split())


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
