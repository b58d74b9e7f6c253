"""Our pipeline is called by the @custom pipelines of a cluster's owner, and nothing of theirs changes."""

from __future__ import annotations

import re
from pathlib import Path

from enumwatch.engines.elastic.attach import attached, custom_pipelines, detached, is_attached, other_indices
from enumwatch.engines.elastic.contacts import logs
from enumwatch.engines.elastic.pipeline import pipelines
from enumwatch.rulebook.compiled import compiled

OURS = "enumwatch-contact-okta-system"
THEIRS = {
    "description": "ours since 2019",
    "processors": [{"set": {"field": "labels.site", "value": "north"}}, {"pipeline": {"name": "more"}}],
    "on_failure": [{"set": {"field": "labels.failed", "value": True}}],
    "_meta": {"owner": "us"},
}


def test_every_integration_has_its_custom_pipeline() -> None:
    custom, others = custom_pipelines(compiled()), other_indices(compiled())
    assert custom["logs-okta.system@custom"] == OURS
    assert custom["logs-system.security@custom"] == others["winlogbeat-*"]
    patterns = {pattern for log in logs(compiled()).values() for pattern in log.indices}
    assert len(custom) + len(others) == len(patterns)
    assert {*custom.values(), *others.values()} == set(pipelines(compiled()))


def test_docs_name_every_call() -> None:
    text = (Path(__file__).parents[3] / "docs" / "elastic-contacts.md").read_text("utf-8")
    rows = re.findall(r"^\| (`logs-.*`) \| `([\w-]+)` \|$", text, re.MULTILINE)
    assert {name: call for names, call in rows for name in re.findall(r"`([^`]+)`", names)} == custom_pipelines(
        compiled()
    )


def test_what_the_owner_wrote_stays_and_is_all_that_is_left() -> None:
    before = repr(THEIRS)
    body = attached(THEIRS, OURS)
    assert body["processors"][:-1] == THEIRS["processors"]
    assert is_attached(body, OURS)
    assert not is_attached(THEIRS, OURS)
    assert {name: body[name] for name in THEIRS if name != "processors"} == {
        name: THEIRS[name] for name in THEIRS if name != "processors"
    }
    assert detached(body, OURS) == THEIRS
    assert repr(THEIRS) == before


def test_attaching_twice_is_attaching_once() -> None:
    body = attached(THEIRS, OURS)
    assert attached(body, OURS) == body


def test_a_call_that_the_owner_wrote_is_enough() -> None:
    own = {"processors": [{"pipeline": {"name": OURS, "if": "ctx.site == 'north'"}}]}
    assert attached(own, OURS) == own


def test_a_pipeline_that_only_we_used_is_left_over_by_nobody() -> None:
    body = attached(None, OURS)
    assert [one["pipeline"]["name"] for one in body["processors"]] == [OURS]
    assert detached(body, OURS) is None
