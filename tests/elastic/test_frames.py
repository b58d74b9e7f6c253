"""Frames for analysts on a real node: filters, counts and rows are those of the records that were put in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timezone

import pytest
from elasticsearch import Elasticsearch
from tests.nodes.elastic import VERSION

from enumwatch.core.times import to_iso
from enumwatch.core.verdict import VERDICTS, is_at_least
from enumwatch.elastic.documents import WITHDRAWN
from enumwatch.elastic.faults import ClusterError
from enumwatch.elastic.names import VERDICTS as VERDICT_INDEX

from .analyst_cluster import HOSTILE, Story, empty, fill

eland = pytest.importorskip("eland", reason="eland is not there for this Python")
frames = pytest.importorskip("enumwatch.elastic.frames")

# What eland does with the client is its own affair.
pytestmark = pytest.mark.filterwarnings("ignore:Received 'size' via:DeprecationWarning")


@pytest.fixture(scope="module")
def told(bare_cluster: Elasticsearch) -> Iterator[Story]:
    """What is in the node."""
    # The node does not answer GET /, where eland would read the version.
    bare_cluster._eland_es_version = tuple(map(int, VERSION.split(".")))  # type: ignore[attr-defined]
    yield fill(bare_cluster)
    empty(bare_cluster)


def test_counts_are_those_of_the_contacts(bare_cluster: Elasticsearch, told: Story) -> None:
    names: dict[str, set[str]] = defaultdict(set)
    for one in told.contacts:
        if one.outcome == "not_found":
            names[one.src_ip].add(one.target)
    frame = frames.contact_frame(bare_cluster, outcome="not_found")
    counted = frame.groupby("enumwatch.contact.src_ip").nunique()["enumwatch.contact.target"]
    assert counted.to_dict() == {address: len(found) for address, found in names.items()}


def test_filters_leave_what_they_say(bare_cluster: Elasticsearch, told: Story) -> None:
    one = next(contact for contact in told.contacts if contact.kind == "sign_in" and contact.src_ip)
    for filters in ({"kind": one.kind}, {"tenant": one.tenant}, {"source": one.source}, {"target": one.target}):
        (name, value), *_ = filters.items()
        same = [other for other in told.contacts if getattr(other, name) == value]
        assert len(frames.contact_frame(bare_cluster, **filters)) == len(same)
    same = [other for other in told.contacts if other.src_ip == one.src_ip]
    assert len(frames.contact_frame(bare_cluster, address=one.src_ip)) == len(same)
    assert len(frames.contact_frame(bare_cluster, address=f"{one.src_ip}/32")) == len(same)


def test_times_bound_a_frame(bare_cluster: Elasticsearch, told: Story) -> None:
    times = sorted(contact.first for contact in told.contacts)
    middle = times[len(times) // 2] // 1000 * 1000  # a date of the cluster has milliseconds
    later = [contact for contact in told.contacts if contact.first >= middle]
    moment = datetime.fromtimestamp(middle / 1_000_000, timezone.utc)
    assert len(frames.contact_frame(bare_cluster, since=to_iso(middle))) == len(later)
    assert len(frames.contact_frame(bare_cluster, since=moment)) == len(later)
    assert len(frames.contact_frame(bare_cluster, until=moment.replace(tzinfo=None))) == len(told.contacts) - len(later)
    assert len(frames.contact_frame(bare_cluster, since="now-1d")) == 0


def test_findings_come_back_by_how_bad_they_are(bare_cluster: Elasticsearch, told: Story) -> None:
    assert told.findings
    for name in VERDICTS:
        bad = {one.finding_id for one in told.findings if is_at_least(one.verdict, name)}
        rows = frames.rows_of(frames.verdict_frame(bare_cluster, at_least=name)) if bad else None
        assert (set(rows["event.id"]) if rows is not None else set()) == bad
    worst = min(told.findings, key=lambda one: VERDICTS.index(one.verdict))
    assert len(frames.verdict_frame(bare_cluster, detection=worst.detection, tenant=worst.tenant)) >= 1


def test_withdrawn_findings_are_left_out_unless_asked_for(bare_cluster: Elasticsearch, told: Story) -> None:
    ident = told.findings[0].finding_id
    own = {"enumwatch": {WITHDRAWN: "2026-03-05T00:00:00Z"}}
    bare_cluster.update(index=VERDICT_INDEX, id=ident, doc=own, refresh=True)
    try:
        assert len(frames.verdict_frame(bare_cluster)) == len(told.findings) - 1
        assert len(frames.verdict_frame(bare_cluster, withdrawn=True)) == len(told.findings)
    finally:
        bare_cluster.update(index=VERDICT_INDEX, id=ident, doc={"enumwatch": {WITHDRAWN: None}}, refresh=True)


def test_hostile_names_are_text_in_a_table(bare_cluster: Elasticsearch, told: Story) -> None:
    rows = frames.rows_of(frames.contact_frame(bare_cluster, target=HOSTILE))
    assert len(rows) == 1
    assert "\u202e" not in rows["target"][0]
    assert "\\u202e" in rows["target"][0]
    page = rows.to_html()
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_wrong_filters_and_too_many_rows_are_told(bare_cluster: Elasticsearch, told: Story) -> None:
    with pytest.raises(ClusterError, match="is no verdict: use one of"):
        frames.verdict_frame(bare_cluster, at_least="Bad")
    with pytest.raises(ClusterError, match="filter further"):
        frames.rows_of(frames.contact_frame(bare_cluster), most=3)
    with pytest.raises(ClusterError, match="enumwatch elastic setup"):
        len(frames.contact_frame(bare_cluster, index="enumwatch-nothing"))
