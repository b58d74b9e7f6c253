"""enumtriage: answers, escalation and steps of the playbook, added to rows of findings."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from ...core.context import Context
from ...core.triage import triage
from ...lookups import Lookups
from .around import CONTACT, READING, Around
from .columns import ROW_TYPE, text_of
from .knowledge import context_of, lookups, rulebook
from .row_by_row import BadRowError, RowByRow


class TriageRows(RowByRow):
    """Put before StreamingCommand; rows that are no findings pass through."""

    _has_answered = False
    about = "write it behind | enumverdict as | enumtriage"
    adds = (
        *("triage_answers", "escalate", "conditions_met", "next_steps", "tier2_steps", "containment_steps"),
        *("cautions", "triage"),
    )

    def answer(self, record: dict[str, Any]) -> dict[str, Any]:
        """The triage of one finding; nothing for any other row."""
        sort = text_of(record.get(ROW_TYPE))
        if sort in (CONTACT, READING):
            if self._has_answered:
                raise BadRowError("it came after the finding it may belong to: append the findings last")
            self._around.take(sort, record)
            return {}
        if sort not in ("", "finding"):
            return {}
        text = text_of(record.get("finding"))
        if not text:
            if sort:
                raise BadRowError("its column finding is empty: pass on every column of enumverdict")
            return {}
        finding = self._read(text)
        self._has_answered = True
        found = triage(finding, self._context, self._around.known(finding, self._context))
        steps = found["steps"]
        return {
            "triage_answers": [f"{key}: {one['answer']}: {one['because']}" for key, one in found["answers"].items()],
            "escalate": "true" if found["escalate"] else "false",
            "conditions_met": [f"{key}: {one['because']}" for key, one in found["conditions"].items() if one["met"]],
            "next_steps": steps["l1"],
            "tier2_steps": steps["tier2"],
            "containment_steps": steps["containment"],
            "cautions": found["cautions"],
            "triage": json.dumps(found, separators=(",", ":")),
        }

    @cached_property
    def _around(self) -> Around:
        return Around(self._context.rulebook, self._tables.outcomes)

    @cached_property
    def _tables(self) -> Lookups:
        return lookups()

    def _read(self, text: str) -> dict[str, Any]:
        try:
            finding = json.loads(text)
        except (ValueError, RecursionError):
            finding = None
        if not isinstance(finding, dict) or finding.get("detection") not in self._context.rulebook["detections"]:
            raise BadRowError("its column finding is no finding of this app: pass it on as enumverdict wrote it")
        return finding

    @cached_property
    def _context(self) -> Context:
        return context_of(rulebook(), self._tables)
