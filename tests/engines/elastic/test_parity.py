"""The same events give the same contacts and verdicts, whether the cluster groups them or the local engine."""

from __future__ import annotations

from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from enumwatch.core.decide import decide
from enumwatch.engines.local.scan import Request, context_of
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled
from enumwatch.simulate import SHAPES, scenarios, simulate

from .comparing import LOGS, cluster_contacts, local_contacts
from .indexing import documents_of

FORMS = {"windows_security": "winlogbeat"}
EVENTS, USERS = 60, 24


def simulated(source: str, folder: Path, events: int = EVENTS) -> list[Path]:
    """Every scenario that this log can hold, as documents of its integration."""
    form = FORMS.get(source, "ecs")
    for seed, scenario in enumerate(scenarios()):
        if source in scenario.sources:
            simulate(scenario.id, source, seed=seed, out=folder, users=USERS, form=form, events=events)
    return sorted((folder / source).iterdir())


def test_every_log_of_an_integration_can_be_simulated_as_its_documents() -> None:
    assert {source for source in LOGS if FORMS.get(source, "ecs") in SHAPES[source].forms} == LOGS.keys()


@pytest.mark.parametrize("source", sorted(LOGS))
def test_contacts_and_verdicts_equal_those_of_the_local_engine(
    source: str, cluster: Elasticsearch, tmp_path: Path
) -> None:
    files = simulated(source, tmp_path)
    expected, noise = local_contacts(files, tmp_path / "lookups")
    documents = [document for file in files for document in documents_of(file)]
    found, tally = cluster_contacts(cluster, source, documents)
    assert len(expected) > 100
    assert found == expected
    assert (tally.documents, tally.noise) == (len(documents), noise)
    context = context_of(Request([], compiled(), load_lookups(tmp_path / "lookups")))
    decision = decide(expected, context)
    assert decide(found, context) == decision
    assert decision.findings
