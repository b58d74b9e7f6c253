"""The playbook of one finding in the terminal: what is answered, whether to escalate, and what to do in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from enumwatch.report.layout import wrapped
from enumwatch.report.visible import visible, visible_tree

PARTS = (("containment", "Contain"), ("l1", "First line"), ("tier2", "Second line"))
_KEY_CELLS = 5
LONGEST_STEP = 2_000  # characters; several names and what an automatic step came to
_BELOW = " " * _KEY_CELLS
_LONGEST = 20_000  # characters; a query names up to fifty values


def playbook(triage: Mapping[str, Any], width: int = 80, language: str | None = None) -> str:
    """Returns the answers, conditions and steps of a triage; no line of these is wider than `width` cells.

    With a `language` its queries follow as they are, to be copied.
    """
    shown = visible_tree({name: value for name, value in triage.items() if name != "queries"}, LONGEST_STEP)
    met = [(key, one["because"]) for key, one in shown["conditions"].items() if one["met"]]
    lines = [f"Playbook {shown['playbook']}: {'escalate' if shown['escalate'] else 'no need to escalate'}"]
    for key, because in met:
        lines += _line(key, because, width)
    unmet = [key for key, one in shown["conditions"].items() if not one["met"]]
    lines += wrapped(f"Not met: {', '.join(unmet)}", width, "  ", "  ") if unmet else []
    lines += ["", "Answers"]
    for key, one in shown["answers"].items():
        lines += _answer(key, one, width)
    parts = PARTS if shown["escalate"] else PARTS[1:]
    for part, title in parts:
        lines += _numbered(title, shown["steps"][part], width)
    if shown.get("guide"):
        lines += ["", *wrapped(shown["guide"], width)]
    if language is not None:
        for one in triage["queries"].values():
            lines += ["", *wrapped(visible(one["about"]), width), ""]
            lines += [visible(line, _LONGEST) for line in one[language].splitlines()]
    return "\n".join(lines)


def _answer(key: str, one: Mapping[str, Any], width: int) -> list[str]:
    """The question, its answer below it, and how to get what an open one lacks."""
    lines = _line(key, one["question"], width)
    lines += wrapped(f"{one['answer']}: {one['because']}", width, _BELOW, _BELOW)
    told = {text.partition(":")[0] for text in one["connect"]}
    missing = [*one["connect"], *(name for name in one["missing"] if name not in told)]
    for text in missing:
        lines += wrapped(text, width, f"{_BELOW}missing ", f"{_BELOW}  ")
    return lines


def _line(key: str, text: str, width: int) -> list[str]:
    return wrapped(text, width, f"  {key:<{_KEY_CELLS - 2}}", " " * _KEY_CELLS)


def _numbered(title: str, steps: Sequence[str], width: int) -> list[str]:
    lines = ["", title] if steps else []
    for number, step in enumerate(steps, start=1):
        lines += wrapped(step, width, f"{number:>3}. ", " " * _KEY_CELLS)
    return lines
