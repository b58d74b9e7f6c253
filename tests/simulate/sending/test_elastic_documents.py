"""Documents for Elasticsearch: marked, in the data stream of tests that the readers of their log find, each with its own id."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest

from enumwatch.core.times import to_iso
from enumwatch.rulebook.compiled import compiled
from enumwatch.simulate import SimulateError
from enumwatch.simulate.sending.elastic_documents import actions, form_of, place_of, places
from enumwatch.simulate.sending.manifest import ELASTIC
from enumwatch.simulate.sending.marks import LABEL, NAMESPACE, RUN, SCENARIO, SOURCE

from .runs import END, IN_ELASTIC, manifest_of, played
from .runs import RUN as NAME


@pytest.mark.parametrize(("scenario", "source"), IN_ELASTIC)
def test_documents_are_marked_and_where_their_log_is_read(scenario: str, source: str) -> None:
    manifest, (play,) = played(manifest_of(ELASTIC), ((scenario, source),))
    (part,) = manifest.parts
    assert any(fnmatchcase(part.place, one) for one in compiled()["sources"][source]["elastic"]["indices"])
    written = list(actions(manifest, play, part, {}))
    assert len({what["create"]["_id"] for what, _ in written}) == part.events
    for what, document in written:
        assert what["create"].items() >= {"_index": part.place, "pipeline": "_none"}.items()
        assert document is not None
        marks = document["labels"]
        assert marks == {RUN: NAME, SCENARIO: scenario, SOURCE: source, LABEL: marks[LABEL]}
        assert document["@timestamp"] <= to_iso(END)
        assert document.get("data_stream", {"namespace": NAMESPACE})["namespace"] == NAMESPACE
    # The simulation's own records stay what they are.
    assert "labels" not in next(iter(play.labelled())).record


def test_they_go_through_the_pipeline_of_enumwatch_where_there_is_one() -> None:
    manifest, (play,) = played(manifest_of(ELASTIC), IN_ELASTIC[:1])
    made = actions(manifest, play, manifest.parts[0], {IN_ELASTIC[0][1]: "enumwatch-contact-x"})
    assert {what["create"]["pipeline"] for what, _ in made} == {"enumwatch-contact-x"}


def test_every_log_that_an_integration_reads_has_a_place() -> None:
    assert set(places()) == {source for _, source in IN_ELASTIC}
    assert all(place == place_of(source) and place.endswith(f"-{NAMESPACE}") for source, place in places().items())
    with pytest.raises(SimulateError, match="no integration of Elastic reads message_trace: choose --source"):
        form_of("message_trace")
