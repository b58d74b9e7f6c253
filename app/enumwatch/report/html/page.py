"""The whole page: records made safe, cards built, templates filled."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import Any

from jinja2 import DictLoader, Environment

from enumwatch.report.html.card import FULL, SHORT, Card, card
from enumwatch.report.html.overview import overview
from enumwatch.report.html.sight import sight
from enumwatch.report.phrases import count, moment
from enumwatch.report.playbook import LONGEST_STEP
from enumwatch.report.ranking import Summary, Verdict, is_suppressed, worst_first
from enumwatch.report.run_text import problem_text
from enumwatch.report.visible import TEXT_LIMIT, visible, visible_tree

FULL_CARDS = 50
"""Findings shown with chart and measures; the others are shortened, so that a report of 500 still opens on a phone."""

CARDS = 500
"""Findings shown at all; a page of thousands no longer opens, and no person reads it."""

_SHORT_TEXT = 120

FILES_SHOWN = 200
PROBLEMS_SHOWN = 20


def render(
    verdicts: Iterable[Verdict],
    summary: Summary,
    *,
    generated_by: str,
    visibility: Mapping[str, Any] | None = None,
    lost: Mapping[str, str] | None = None,
) -> str:
    """Returns the report as one HTML document: no script, no outside request, nothing of the log as markup.

    `verdicts` and `summary` are the JSON forms; order does not matter. `generated_by` is printed in the footer.
    `visibility` is the report on what the logs show, and `lost` what is lost with each field that is empty there.
    The same records give the same text.
    """
    ordered = worst_first(verdicts)
    active = [verdict for verdict in ordered if not is_suppressed(verdict)]
    suppressed = [verdict for verdict in ordered if is_suppressed(verdict)]
    shown = visible_tree(summary)
    stylesheet = _resource("report.css")
    page: str = (
        _environment()
        .get_template("page.html.j2")
        .render(
            stylesheet=stylesheet,
            policy=_policy(stylesheet),
            overview=overview(visible_tree(active), shown),
            cards=_cards(active, "finding", FULL_CARDS),
            suppressed_cards=_cards(suppressed, "suppressed", max(0, FULL_CARDS - len(active))),
            full_cards=FULL_CARDS,
            left_out=max(0, len(active) - CARDS),
            summary=shown,
            sight=sight(visibility, lost or {}) if visibility else None,
            files_shown=FILES_SHOWN,
            problems_shown=PROBLEMS_SHOWN,
            generated_by=visible(generated_by),
        )
    )
    return page


def _cards(verdicts: Sequence[Verdict], prefix: str, full: int) -> list[Card]:
    cards = []
    for number, verdict in enumerate(verdicts[:CARDS], 1):
        limits, text_limit = (FULL, TEXT_LIMIT) if number <= full else (SHORT, _SHORT_TEXT)
        shown = {
            key: visible_tree(value, LONGEST_STEP if key == "triage" else text_limit) for key, value in verdict.items()
        }
        cards.append(card(shown, f"{prefix}-{number}", limits))
    return cards


def _policy(stylesheet: str) -> str:
    digest = base64.b64encode(hashlib.sha256(stylesheet.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    names = ("page.html.j2", "finding.html.j2", "run.html.j2", "sight.html.j2", "parts.html.j2")
    environment = Environment(
        loader=DictLoader({name: _resource(f"templates/{name}") for name in names}),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = _number
    environment.filters["problem"] = problem_text
    environment.filters["moment"] = moment
    environment.filters["counted"] = count
    return environment


def _number(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else "-" if value is None else str(value)


def _resource(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
