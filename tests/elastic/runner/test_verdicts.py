"""Documents of findings: written when they say something else, and with what containing it would break here."""

from __future__ import annotations

import json
from typing import Any

from elasticsearch import Elasticsearch
from tests.core.making import context, sensitive
from tests.core.triage.making import finding

from enumwatch.core.context import Context
from enumwatch.core.triage import triage
from enumwatch.elastic.documents import digest_of
from enumwatch.elastic.names import VERDICTS
from enumwatch.elastic.runner.verdicts import Verdicts

NOW = "2026-03-20T12:00:00Z"
ROBOT = "robot@contoso.example"


def test_a_finding_is_written_again_when_its_cautions_change(empty_cluster: Elasticsearch) -> None:
    one = finding(names_found=[ROBOT])
    text = json.dumps(one, separators=(",", ":"))

    def settled(known: Context) -> tuple[int, dict[str, Any]]:
        written = Verdicts(empty_cluster, known).settle({"ew-1": text}, NOW).written
        return written, dict(empty_cluster.get(index=VERDICTS, id="ew-1")["_source"]["enumwatch"])

    nothing_listed, listed = context(), context(sensitive_accounts=[sensitive(ROBOT, "service")])
    written, own = settled(nothing_listed)
    assert (written, own.get("cautions"), own["digest"]) == (1, None, digest_of(text))
    assert settled(nothing_listed)[0] == 0
    written, own = settled(listed)
    assert written == 1
    assert own["cautions"] == triage(one, listed)["cautions"]
    assert ROBOT in own["cautions"][0]
    assert own["finding"] == text
    assert settled(listed)[0] == 0
    assert settled(nothing_listed)[1].get("cautions") is None
