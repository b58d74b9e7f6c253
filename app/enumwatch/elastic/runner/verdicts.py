"""Verdicts: makes the documents of findings say what was decided, and writes only those that say something else."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from elasticsearch import Elasticsearch

from ...core.context import Context
from ...core.triage import cautions_of
from ..documents import DIGEST, MODULE, WITHDRAWN, digest_of, verdict_document
from ..faults import ClusterError
from ..names import VERDICTS
from .bulk import Action, create_action, index_action, write

_IDS_OF_ONE_REQUEST = 500
_ROUNDS = 5


@dataclass
class Settled:
    """How many documents were written and withdrawn, and the findings whose documents were refused, with why."""

    written: int = 0
    withdrawn: int = 0
    refused: dict[str, ClusterError] = field(default_factory=dict)


class Verdicts:
    """The verdicts index."""

    def __init__(self, client: Elasticsearch, context: Context, pause: Callable[[float], object] = time.sleep) -> None:
        self._client = client
        self._context = context
        self._pause = pause

    def settle(self, expected: Mapping[str, str | None], now: str) -> Settled:
        """Writes the findings, by id; one without a word is withdrawn. Raises ClusterError where others keep writing."""
        settled = Settled()
        left = sorted(expected)
        for _ in range(_ROUNDS):
            conflicts: list[str] = []
            for begin in range(0, len(left), _IDS_OF_ONE_REQUEST):
                conflicts += self._settle(
                    {one: expected[one] for one in left[begin : begin + _IDS_OF_ONE_REQUEST]}, now, settled
                )
            if not conflicts:
                return settled
            left = conflicts
        raise ClusterError(
            "somebody else keeps changing the same verdicts: run one runner", kind="conflict", is_passing=True
        )

    def _settle(self, expected: Mapping[str, str | None], now: str, settled: Settled) -> Sequence[str]:
        includes = [f"{MODULE}.{DIGEST}", f"{MODULE}.{WITHDRAWN}"]
        answer = self._client.mget(index=VERDICTS, ids=list(expected), source_includes=includes)
        actions = [
            action for one in answer["docs"] if (action := self._action(one, expected[one["_id"]], now)) is not None
        ]
        if not actions:
            return ()
        done = write(self._client, actions, self._pause)
        failed = {*done.conflicts, *done.refused}
        settled.refused.update(done.refused)
        for name, kinds in (("withdrawn", ("update",)), ("written", ("index", "create"))):
            made = [one for what, _ in actions for kind, one in what.items() if kind in kinds]
            setattr(settled, name, getattr(settled, name) + sum(1 for one in made if one["_id"] not in failed))
        return done.conflicts

    def _action(self, found: Mapping[str, Any], finding: str | None, now: str) -> Action | None:
        unique = found["_id"]
        own = found.get("_source", {}).get(MODULE, {})
        cautions = [] if finding is None else cautions_of(json.loads(finding), self._context)
        if not found.get("found"):
            return None if finding is None else create_action(VERDICTS, unique, self._document(finding, cautions))
        unchanged = {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
        if finding is None:
            if own.get(WITHDRAWN):
                return None
            change = {"doc": {MODULE: {WITHDRAWN: now}}}
            return {"update": {"_index": VERDICTS, "_id": unique, **unchanged}}, change
        if own.get(DIGEST) == digest_of(finding, cautions) and not own.get(WITHDRAWN):
            return None
        return index_action(VERDICTS, unique, self._document(finding, cautions), **unchanged)

    def _document(self, finding: str, cautions: Sequence[str]) -> dict[str, Any]:
        return verdict_document(finding, self._context.rulebook, cautions)
