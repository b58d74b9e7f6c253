"""Whole commands against what a real node answered: the same everywhere, without a node, Java or a network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest
from elasticsearch import Elasticsearch
from tests.elastic.running import Operator
from tests.engines.elastic.comparing import local_contacts
from tests.engines.elastic.indexing import put, template
from tests.nodes.secured import PASSWORD, running_secured

from enumwatch.core.decide import decide
from enumwatch.lookups import COLUMNS, load_lookups
from enumwatch.rulebook.compiled import compiled
from enumwatch.simulate import simulate

from .cassettes import IS_RECORDING, NOWHERE, cassette

DAY = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
READER = "reader"
OUTCOME = (
    "entra,50034,,UserAccountNotFound,not_found,no,not_tested,unknown_user,SigninLogs,,,docs,documented,2026-01-01"
)
ROLES = {READER: {"cluster": ["monitor"], "indices": [{"names": ["enumwatch-verdicts"], "privileges": ["read"]}]}}


class _OnThatDay(datetime):
    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
        return DAY


@pytest.fixture
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A folder of tables, and the day on which they are pushed."""
    monkeypatch.setattr("enumwatch.commands.elastic.lookups.datetime", _OnThatDay)
    (tmp_path / "enumwatch_domains.csv").write_text("domain,tenant,kind\ncontoso.example,,own\n")
    # A short one, because a table that is not there yet would come as it is shipped.
    (tmp_path / "enumwatch_outcomes.csv").write_text(f"{','.join(COLUMNS['outcomes'])}\n{OUTCOME}\n")
    return str(tmp_path)


def test_setup_of_a_fresh_cluster_and_again_and_status(operator: Operator) -> None:
    with cassette("setup"):
        first = operator.says("setup", "--yes")
        again = operator.says("setup", "--yes")
        status = operator.says("status")
    assert first.code == again.code == status.code == 0, first.err
    assert "Elasticsearch 9.2.4" in first.err
    assert "made: index enumwatch-verdicts" in first.err
    assert "nothing to do: everything is as it should be" in again.err
    assert "last run: none" in status.out


def test_status_of_a_cluster_without_anything(operator: Operator) -> None:
    with cassette("status-of-nothing"):
        said = operator.says("status")
    assert said.code == 1
    assert "enumwatch-verdicts           not there" in said.out


def test_lookup_tables_are_pushed_and_changed(operator: Operator, tables: str) -> None:
    with cassette("lookups"):
        assert operator.says("setup", "--yes").code == 0
        first = operator.says("lookups", "push", tables, "--yes")
        again = operator.says("lookups", "push", tables, "--yes")
        Path(tables, "enumwatch_domains.csv").write_text("domain,tenant,kind\nfabrikam.example,,own\n")
        changed = operator.says("lookups", "push", tables, "--yes")
    assert (first.code, again.code, changed.code) == (0, 0, 0), first.err
    assert "enumwatch-lookup-domains is now enumwatch-lookup-domains-2026.03.02-" in first.err
    assert "nothing to write" in again.err
    assert "- contoso.example,,own" in changed.out
    assert "stays for a way back" in changed.err


def test_doctor_of_a_cluster_that_is_set_up(operator: Operator) -> None:
    with cassette("doctor"):
        assert operator.says("setup", "--yes").code == 0
        said = operator.says("doctor")
    assert said.code == 1
    # The clock of the day on which it was recorded is another.
    broken = [line for line in said.out.splitlines() if line.startswith("broken") and "clock" not in line]
    assert [line.split(":")[1] for line in broken] == [" logs"]


def test_a_run_finds_what_the_core_finds_and_the_next_has_nothing_to_do(
    operator: Operator, node: Elasticsearch | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = simulate("fast_enumeration", "entra_signin", seed=5, out=tmp_path, users=20, form="ecs")
    found = decide(local_contacts(made.files)[0], load_lookups().context(compiled(), [], [])).findings
    monkeypatch.setattr("enumwatch.elastic.runner.lease.uuid.uuid4", lambda: UUID(int=7))
    documents = [orjson.loads(line) for file in made.files for line in file.read_bytes().splitlines()]
    with logs_in(node, documents), cassette("run"):
        assert operator.says("setup", "--yes").code == 0
        first = operator.says("run", "--once", "--since", "2026-03-01")
        again = operator.says("run", "--once", "--since", "2026-03-01")
    assert (first.code, again.code) == (0, 0), first.err
    assert f"wrote {len(found)} verdicts" in first.err
    assert "wrote 0 verdicts" in again.err
    assert found


@contextmanager
def logs_in(node: Elasticsearch | None, documents: list[Any]) -> Iterator[None]:
    """The node with these logs; nothing where nothing is recorded."""
    if node is None:
        yield
        return
    template(node)
    put(node, "logs-azure.signinlogs-recorded", documents)
    try:
        yield
    finally:
        node.indices.delete(index="logs-azure.signinlogs-recorded")
        node.indices.delete_index_template(name="logs-for-tests")


def test_a_cluster_that_is_read_only(operator: Operator, node: Elasticsearch | None) -> None:
    if node is not None:
        node.cluster.put_settings(persistent={"cluster.blocks.read_only": True})
    with cassette("read-only"):
        said = operator.says("setup", "--yes")
    assert said.code == 2
    assert "read-only" in said.err.splitlines()[-1]


def test_an_index_that_is_not_there(operator: Operator, tables: str) -> None:
    with cassette("nothing-set-up"):
        said = operator.says("lookups", "push", tables, "--yes")
    assert said.code == 2
    assert said.err.rstrip().endswith("run enumwatch elastic setup, then push again")


def test_a_key_that_may_not(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tables: str) -> None:
    monkeypatch.setenv("ENUMWATCH_ELASTIC_USER", READER)
    monkeypatch.setenv("ENUMWATCH_ELASTIC_PASSWORD", PASSWORD)
    if IS_RECORDING:
        with running_secured(ROLES) as address:
            said = pushed(Operator(address, monkeypatch, capsys), tables)
    else:
        said = pushed(Operator(NOWHERE, monkeypatch, capsys), tables)
    assert said.code == 2
    last = said.err.splitlines()[-1]
    assert "privilege" in last
    assert PASSWORD not in said.err


def pushed(operator: Operator, tables: str) -> Any:
    """What a push says, recorded or replayed."""
    with cassette("permission"):
        return operator.says("lookups", "push", tables, "--yes")
