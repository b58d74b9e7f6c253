"""Spelling: a search in the words that the SPL engine of the tests reads, with the same meaning."""

from __future__ import annotations

import re

INDEX = "main"

# A field name with marks in it stands between single quotes in eval; the engine reads plain names only, so it gets both
# the field and the name of it spelled otherwise.
_MARK = re.compile(r"[^A-Za-z0-9_]")
_SPELLED = re.compile(r"_x([0-9a-f]{2,6})_")
# Calls inside each other: the engine refuses 32.
_DEEPEST = 24
_PARTS = re.compile(r'"(?:\\.|[^"\\])*"|\'([^\']+)\'|[^"\']+', re.DOTALL)


def safe_name(name: str) -> str:
    """A field name in the spelling that the engine reads."""
    return _MARK.sub(lambda mark: f"_x{ord(mark[0]):02x}_", name)


def real_name(name: str) -> str:
    """The field name that was spelled for the engine."""
    return _SPELLED.sub(lambda mark: chr(int(mark[1], 16)), name)


def readable(search: str) -> str:
    """A search in the words that the engine reads, with the same meaning."""
    spelled = "".join(
        safe_name(part[1]) if part[1] else _without_lone_backslash(part[0]) for part in _PARTS.finditer(search)
    )
    # There is one index in the tests, and the engine wants it named.
    return _with_replace_for_urldecode(spelled.replace("index=* ", f"index={INDEX} "))


def _without_lone_backslash(part: str) -> str:
    """A text that is one backslash ends in an escaped quote for a reader that does not count; its first letter does not."""
    return '(substr("\\\\_",1,1))' if part == '"\\\\"' else part


def _with_replace_for_urldecode(search: str) -> str:
    """`eval x=urldecode(y)` as rows of replace(): right for the printable signs of ASCII but the backslash.

    Splunk's Search Reference, text functions: urldecode "replaces URL escaped characters with the original characters".
    """
    return re.sub(r"\beval (\w+)=urldecode\((\w+)\)", lambda call: _decoded(call[1], call[2]), search)


def _decoded(made: str, field: str) -> str:
    # The percent sign goes last: what it makes is not decoded again.
    codes = [*range(0x20, 0x25), *range(0x26, 0x5C), *range(0x5D, 0x7F), 0x25]
    steps, text = [], field
    for number, code in enumerate(codes, start=1):
        sign = '\\"' if code == 0x22 else chr(code)
        text = f'replace({text},"(?i)%{code:02x}","{sign}")'
        if number % _DEEPEST == 0 or number == len(codes):
            steps.append(f"eval {made}={text}")
            text = made
    return " | ".join(steps)


# The engine refuses searches of more than 1,024 words or 16,384 bytes, after it has put some of its own into them.
_MOST_WORDS, _MOST_BYTES, _MOST_COMMANDS = 400, 8_000, 6
_WORD = re.compile(r'"(?:\\.|[^"\\])*"|\w+|[^\w\s]', re.DOTALL)


def commands(search: str) -> list[str]:
    """The commands of a pipeline; the first is its search."""
    return _cut(search, "|")


# The engine groups by 16 fields at most, and by many of them slowly.
_MOST_GROUPS, JOINED = 4, "joined_"


def groups(command: str) -> list[str]:
    """The fields of a `stats ... BY` that groups by many; none for any other command."""
    _, _, names = command.partition(" BY ")
    fields = re.split(r"[\s,]+", names.strip())
    return fields if command.startswith("stats ") and len(fields) > _MOST_GROUPS else []


def by_one_field(command: str) -> str:
    """The same `stats`, by one field in which the fields it groups by are joined."""
    return f"{command.partition(' BY ')[0]} BY {JOINED}"


def parted(pipeline: list[str]) -> list[str]:
    """The same commands, an eval of many fields as several ones: eval works from left to right."""
    found = []
    for command in pipeline:
        assignments = _cut(command[5:], ",") if command.startswith("eval ") else []
        if len(assignments) <= 1:
            found.append(command)
        found += ["eval " + ", ".join(part) for part in _packed(assignments)] if len(assignments) > 1 else []
    return found


def _packed(assignments: list[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for assignment in assignments:
        if parts[-1] and _is_too_long([*parts[-1], assignment], _MOST_WORDS // 2):
            parts.append([])
        parts[-1].append(assignment)
    return parts


def how_many(pipeline: list[str]) -> int:
    """Of how many commands, from the first on, the engine is not sure to say that they are too complex; one at least."""
    many = 1
    while (
        many < min(len(pipeline), _MOST_COMMANDS)
        and not pipeline[many].startswith("stats ")
        and not _is_too_long(pipeline[: many + 1], _MOST_WORDS)
    ):
        many += 1
    return many


def _is_too_long(texts: list[str], words: int) -> bool:
    text = " | ".join(texts)
    return len(_WORD.findall(text)) > words or len(text.encode()) > _MOST_BYTES


_MADE = re.compile(r"(?:^eval |, )(\w+)\s*=|output=(\w+)|\?<(\w+)>|\bAS\s+(\w+)")


def carried(names: set[str], done: list[str], ahead: list[str]) -> list[str]:
    """The fields that commands ahead may read: of the events before, and made by the commands done."""
    made = {name for command in done for found in _MADE.findall(command) for name in found if name}
    made.update(name for command in done if command.startswith("fillnull ") for name in re.findall(r"\w+", command))
    words = set(re.findall(r"\w+", " ".join(ahead)))
    return ["_time", *sorted((names | made) & words - {"_time", "index"})]


def _cut(text: str, mark: str) -> list[str]:
    """A text cut at a mark that stands neither in quotes nor in brackets."""
    parts, depth = [""], 0
    for word in re.findall(r'"(?:\\.|[^"\\])*"|.', text, re.DOTALL):
        depth += {"(": 1, ")": -1}.get(word, 0)
        if word == mark and depth == 0:
            parts.append("")
        else:
            parts[-1] += word
    return [part.strip() for part in parts]
