"""Show: a rule as a person reads it, 80 columns wide."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from .detection import Detection
from .limit import spelled
from .load import Rule, Rulebook, load
from .playbook import Playbook, PlaybookStep
from .problems import printable
from .source import Source
from .vocabulary import TECHNIQUES

WIDTH = 80


def show(id: str, rulebook: Rulebook | None = None) -> str:
    """Return the rule of an id (source, detection or playbook) as text; raises KeyError where there is none."""
    book = rulebook or load()
    rules: list[Rule] = [group[id] for group in (book.detections, book.sources, book.playbooks) if id in group]
    if not rules:
        raise KeyError(id)
    return "\n\n".join("\n".join(map(printable, _lines(rule))) for rule in rules) + "\n"


def listing(rulebook: Rulebook | None = None) -> str:
    """Return every rule on a line of its own, grouped: id, version, what is special about it, title."""
    book = rulebook or load()
    blocks = []
    for name, group in (("Detections", book.detections), ("Sources", book.sources), ("Playbooks", book.playbooks)):
        rows = [(rule.id, _marks(rule), rule.title) for rule in group.values()]
        if rows:
            blocks.append("\n".join([name, *map(printable, _columns(rows))]))
    return "\n\n".join(blocks) + "\n"


def _columns(rows: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    for name, marks, title in rows:
        head = f"  {name:<{first}}  {marks:<{second}}  "
        yield from textwrap.wrap(title, WIDTH, initial_indent=head, subsequent_indent=" " * len(head))


def _marks(rule: Rule) -> str:
    if not isinstance(rule, Detection):
        return f"v{rule.version}"
    return (
        f"v{rule.version} {rule.status}" + ("" if rule.is_enabled else ", off") + (", tuned" if rule.tuned_by else "")
    )


def _lines(rule: Rule) -> Iterator[str]:
    yield from _wrap(f"{rule.id}: {rule.title}")
    yield "=" * min(WIDTH, len(f"{rule.id}: {rule.title}"))
    if isinstance(rule, Detection):
        yield from _detection(rule)
    elif isinstance(rule, Source):
        yield from _source(rule)
    else:
        yield from _playbook(rule)


def _detection(rule: Detection) -> Iterator[str]:
    yield from _wrap(f"Version {rule.version}, {rule.status}, {'on' if rule.is_enabled else 'off unless asked for'}")
    yield from _facts(
        ("Techniques", ", ".join(f"{name} ({TECHNIQUES[name]})" for name in rule.techniques)),
        ("Playbook", rule.playbook),
        ("Reads", ", ".join(rule.kinds) + (f" of {', '.join(rule.sources)}" if rule.sources else "")),
        ("Codes", ", ".join(rule.codes)),
        ("Tuned by", rule.tuned_by),
    )
    yield ""
    yield from _wrap(rule.filled(rule.description))
    yield from _section("Limits", _limit_lines(rule))
    yield from _section("Known gaps", _bullets(map(rule.filled, rule.known_gaps)))
    harmless = (f"{item.name}: {rule.filled(item.treatment)}" for item in rule.false_positives)
    yield from _section("False positives", _bullets(harmless))
    yield from _section("References", _bullets(rule.references))
    yield from _section("Cases", _bullets(f"{case.name}: {case.expect['verdict']}" for case in rule.cases))
    yield from _section("Changes", _bullets(rule.changes))


def _limit_lines(rule: Detection) -> Iterator[str]:
    for limit in rule.limits.values():
        shipped = f", tuned (shipped: {spelled(limit.shipped)})" if limit.shipped else ""
        yield from _wrap(f"{limit.name} = {spelled(limit)}{shipped}", "  ")
        yield from _wrap(rule.filled(limit.means) + (f" ({limit.origin})" if limit.origin else ""), "      ")


def _source(rule: Source) -> Iterator[str]:
    yield f"Version {rule.version}"
    yield from _facts(
        ("Provider", rule.provider),
        ("Gives", ", ".join(rule.kinds)),
        ("As source", ", ".join(sorted(rule.emits))),
        ("Names", rule.visibility.names),
        ("Misses", rule.visibility.misses),
        ("Accounts", "named by mail address" if rule.visibility.accounts == "mail" else "named in any way"),
        ("Addresses", "of a header" if rule.visibility.addresses == "header" else "of the connection"),
    )
    yield ""
    yield from _wrap(rule.visibility.note)
    yield from _section("Shapes", _bullets(f"{shape.id}: {shape.title}" for shape in rule.shapes))
    yield from _section("Known gaps", _bullets(rule.known_gaps))
    yield from _section("How to connect it", _wrap(rule.connect) if rule.connect else ())
    yield from _section("References", _bullets(rule.references))


def _playbook(rule: Playbook) -> Iterator[str]:
    yield f"Version {rule.version}"
    yield from _section("Log sources", _bullets(f"{log.source}: {log.look_for}" for log in rule.log_sources))
    yield from _section("Indicators", _bullets(rule.indicators))
    questions = (
        f"{key} ({question.computed}, needs {', '.join(question.needs)}): {question.question}"
        for key, question in rule.questions.items()
    )
    yield from _section("Questions", _bullets(questions))
    yield from _section("Escalate when", _bullets(f"{key}: {rule.filled(text)}" for key, text in rule.escalate.items()))
    for title, steps in (("First line", rule.l1), ("Second line", rule.tier2), ("Containment", rule.containment)):
        yield from _section(title, _bullets(rule.filled(_step(step)) for step in steps))
    if rule.handover is not None:
        actions = (f"{name.replace('_', ' ')}: {rule.filled(text)}" for name, text in rule.handover.names.items())
        yield from _section("Actions on names", _bullets(actions))
        yield from _section("Decoys", _bullets(rule.handover.decoys))


def _step(step: PlaybookStep) -> str:
    return f"{step.step} [{step.kind}{', if ' + ' or '.join(step.when) if step.when else ''}]"


def _facts(*facts: tuple[str, str]) -> Iterator[str]:
    for name, value in facts:
        if value:
            yield from textwrap.wrap(value, WIDTH, initial_indent=f"{name + ':':<12}", subsequent_indent=" " * 12)


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    content = list(lines)
    if content:
        yield ""
        yield title
        yield from content


def _bullets(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from textwrap.wrap(text, WIDTH, initial_indent="  - ", subsequent_indent="    ")


def _wrap(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)
