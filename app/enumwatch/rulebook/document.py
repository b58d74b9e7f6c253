"""Document: one YAML file as plain values, with the line of every key and list item."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .problems import Problem, Trail

_MOST_VALUES = 200_000  # aliases of aliases could grow a small file without bound
_DEEPEST = 40
_CORE_TAG = "tag:yaml.org,2002:"
_KINDS = {type(None): "nothing", yaml.SequenceNode: "a list"}
# What the parser says, and what it means: what is wrong, and what would do.
_PLAINLY = {
    r"'\t' that cannot start": ("not valid YAML: a tab where a line or a value begins", "spaces"),
    "mapping values are not allowed": (
        "not valid YAML: a key where none can stand",
        'quotes around a text with ": " in it, or the indent of the lines around it',
    ),
    "found another document": ("not valid YAML: a second document begins", "one document a file"),
}
_PLAIN_TAGS = frozenset({"map", "seq", "str", "int", "float", "bool", "null", "timestamp", "value"})


@dataclass
class Document:
    """A file as read. `value` is a mapping, empty where the file could not be read; `file` is the name for messages."""

    file: str
    value: dict[str, Any] = field(default_factory=dict)
    lines: dict[Trail, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, trail: Trail) -> int:
        """Return the line of a key or item, or of the nearest one around it."""
        while trail and trail not in self.lines:
            trail = trail[:-1]
        return self.lines.get(trail, 1)

    def add(self, trail: Trail, what: str, expected: str = "", found: str = "") -> None:
        """Note a problem at a place of the file."""
        name = self.value.get("id")
        rule = name if isinstance(name, str) else ""
        self.problems.append(Problem(self.file, self.line(trail), rule, what, expected, found))


def read_document(path: Path, file: str) -> Document:
    """Return the document in a file; what keeps it from being read is in its `problems`."""
    document = Document(file)
    try:
        root = _compose(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        document.add((), "the file cannot be read", found=error.strerror or str(error))
    except UnicodeDecodeError as error:
        document.add((), "the file is not UTF-8", "UTF-8 text", f"the byte 0x{error.object[error.start]:02x}")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        document.lines[()] = mark.line + 1 if mark else 1
        told = error.problem or error.context or ""
        document.add(
            (), *next((said for words, said in _PLAINLY.items() if words in told), (f"not valid YAML: {told}",))
        )
    except yaml.YAMLError as error:
        document.add((), f"not valid YAML: {str(error).splitlines()[0]}")
    else:
        if isinstance(root, yaml.MappingNode):
            document.value = _Reading(document).mapping(root, ())
        else:
            document.add((), "the file holds no rule", "a mapping", _KINDS.get(type(root), "text"))
    # The id is known only now, also for what was found on the way.
    name = document.value.get("id")
    document.problems = [problem._replace(id=name if isinstance(name, str) else "") for problem in document.problems]
    return document


def _compose(text: str) -> yaml.Node | None:
    """The tree of a text. The fast parser is optional and words its errors differently, so the slow one tells them."""
    fast = getattr(yaml, "CSafeLoader", None)
    if fast is not None:
        with contextlib.suppress(yaml.MarkedYAMLError):
            return _shallow(text, fast)
    return _shallow(text, yaml.SafeLoader)


def _shallow(text: str, loader: Any) -> yaml.Node | None:
    """The tree of a text; raises YAMLError. Composing goes down by recursion, in C until the process dies of it."""
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise yaml.YAMLError(f"it is nested more than {_DEEPEST} levels deep")
    return yaml.compose(text, Loader=loader)


class _Reading:
    """Walks the nodes of one document. Keys and times stay text, so that `no:` and a date are what was written."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.values = 0
        self.open: set[int] = set()  # nodes that the one being read lies in

    def mapping(self, node: yaml.MappingNode, trail: Trail) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode) or key_node.tag == "tag:yaml.org,2002:merge":
                self.document.lines[(*trail, "")] = line
                self.document.add((*trail, ""), "a key that is no plain text", "a name", "a merge key or a structure")
                continue
            key = str(key_node.value)
            place = (*trail, key)
            if key in values:
                first = self.document.lines[place]
                self.document.lines[(*trail, "")] = line
                self.document.add((*trail, ""), f'the key "{key}" stands twice', "it once", f"it in line {first} too")
                continue
            self.document.lines[place] = line
            values[key] = self._value(value_node, place)
        return values

    def _value(self, node: yaml.Node, trail: Trail) -> Any:
        if id(node) in self.open:
            self.document.add(
                trail, "an alias stands within what it names", "what it stands for, written out", "a circle"
            )
            return None
        self.open.add(id(node))
        try:
            return self._value_of(node, trail)
        finally:
            self.open.discard(id(node))

    def _value_of(self, node: yaml.Node, trail: Trail) -> Any:
        self.values += 1
        if self.values > _MOST_VALUES or len(trail) > _DEEPEST:
            if self.values <= _MOST_VALUES + 1:
                self.values = _MOST_VALUES + 1
                self.document.add(trail, "the file grows too large or too deep", f"at most {_MOST_VALUES} values")
            return None
        if node.tag.removeprefix(_CORE_TAG) not in _PLAIN_TAGS:
            self.document.add(trail, "a tag that is not read", "plain values", node.tag.replace(_CORE_TAG, "!!"))
        elif isinstance(node, yaml.MappingNode):
            return self.mapping(node, trail)
        elif isinstance(node, yaml.SequenceNode):
            return [self._item(item, (*trail, number)) for number, item in enumerate(node.value)]
        return self._scalar(node)

    def _item(self, node: yaml.Node, trail: Trail) -> Any:
        self.document.lines[trail] = node.start_mark.line + 1
        return self._value(node, trail)

    def _scalar(self, node: yaml.Node) -> Any:
        kind = node.tag.removeprefix(_CORE_TAG)
        text = str(node.value)
        if kind == "int":
            return _number(text, int, text)
        if kind == "float":
            return _number(text, float, text)
        if kind == "bool":
            # YAML also reads yes, no, on and off as truth values; as data they are more often words.
            return {"true": True, "false": False}.get(text.lower(), text)
        return None if kind == "null" else text


def _number(text: str, kind: type[int] | type[float], otherwise: str) -> Any:
    """The number; the text where only YAML 1.1 takes it for one (`12:30`, `0777`, `1_000`)."""
    try:
        return kind(text) if text == text.strip("_").replace("_", "") and not _is_octal(text) else otherwise
    except ValueError:
        return otherwise


def _is_octal(text: str) -> bool:
    digits = text.lstrip("+-")
    return len(digits) > 1 and digits[0] == "0" and digits.isdigit()


def walk(value: Any, trail: Trail = ()) -> Iterator[tuple[Trail, Any]]:
    """Yield every value below one with its trail, itself first."""
    yield trail, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, (*trail, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from walk(inner, (*trail, number))
