"""`enumwatch elastic setup`, `status`, `deploy` and `remove` as an admin sees them."""

from __future__ import annotations

import io
import sys
from datetime import datetime, timezone
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch
from tests.commands.running import Run

from enumwatch.elastic.kibana.build import RULES_FILE
from enumwatch.elastic.names import CONTACTS, RUNS, VERDICTS

from .conftest import KEY


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_an_admin_sets_up_looks_and_takes_away(run: Run, cluster: Elasticsearch) -> None:
    before = run("elastic", "status")
    assert before.code == 1
    assert "missing: index enumwatch-contacts" in before.out
    made = run("elastic", "setup", "--yes")
    assert made.code == 0, made.err
    assert "Elasticsearch 9.2.4, licence basic at http://127.0.0.1:" in made.err
    assert "transforms          no: this cluster does not have them" in made.err
    assert made.err.index("licence basic") < made.err.index("made: component template enumwatch-settings")
    again = run("elastic", "setup", "--yes")
    assert (again.code, "nothing to do" in again.err) == (0, True)
    assert run("elastic", "status").code == 0
    gone = run("elastic", "remove", "--yes")
    assert "stays: index enumwatch-verdicts: add --with-findings to remove it" in gone.err
    assert list(cluster.indices.get(index="enumwatch-*")) == [VERDICTS]
    assert run("elastic", "remove", "--yes", "--with-findings").code == 0
    assert "nothing to remove" in run("elastic", "remove", "--yes").err
    for ran in (before, made, again, gone):
        assert KEY not in ran.out + ran.err


def test_a_dry_run_prints_every_request_and_changes_nothing(run: Run, cluster: Elasticsearch) -> None:
    ran = run("elastic", "setup", "--dry-run")
    assert ran.code == 0, ran.err
    assert "PUT /_component_template/enumwatch-contacts-mapping  (not sent)" in ran.out
    assert '"ignore_above": 1024' in ran.out
    assert "PUT /enumwatch-contacts?wait_for_active_shards=1  (not sent)" in ran.out
    assert not cluster.indices.exists(index=CONTACTS)
    assert KEY not in ran.out + ran.err
    assert "uthorization" not in ran.out + ran.err
    run("elastic", "setup", "--yes")
    ran = run("elastic", "remove", "--dry-run")
    assert "DELETE /enumwatch-contacts  (not sent)" in ran.out
    assert cluster.indices.exists(index=CONTACTS)


def test_status_tells_how_fresh_things_are(run: Run, cluster: Elasticsearch) -> None:
    run("elastic", "setup", "--yes")
    now = datetime.now(timezone.utc).isoformat()
    cluster.index(index=VERDICTS, document={"@timestamp": "2020-01-01T00:00:00Z"}, refresh=True)
    health = {"@timestamp": now, "message": "read 5 contacts", "enumwatch": {"run": {"health": "well"}}}
    cluster.index(index=RUNS, document=health, refresh=True)
    lines = run("elastic", "status").out.splitlines()
    (verdicts,) = [line for line in lines if VERDICTS in line]
    assert "1 documents, the newest of" in verdicts
    assert verdicts.endswith("days ago")
    assert lines[-1].endswith(", well, read 5 contacts")
    assert len(lines) < 40
    assert max(map(len, lines)) < 120


def test_nothing_is_changed_before_somebody_said_yes(
    run: Run, cluster: Elasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = run("elastic", "setup")
    assert (ran.code, "run again with --yes" in ran.err) == (2, True)
    monkeypatch.setattr(sys, "stdin", _Terminal("n\n"))
    ran = run("elastic", "setup")
    assert (ran.code, "nothing was changed" in ran.err) == (2, True)
    assert not cluster.indices.exists(index=CONTACTS)
    monkeypatch.setattr(sys, "stdin", _Terminal("y\n"))
    assert run("elastic", "setup").code == 0
    assert cluster.indices.exists(index=CONTACTS)


def test_deploy_sets_up_and_hands_over_the_rules(run: Run, cluster: Elasticsearch, tmp_path: Path) -> None:
    file = tmp_path / "rules.ndjson"
    ran = run("elastic", "deploy", "--yes", "--rules-file", file)
    assert ran.code == 0, ran.err
    assert file.read_text("utf-8") == RULES_FILE.read_text("utf-8")
    assert cluster.indices.exists(index=CONTACTS)
    ran = run("elastic", "deploy", "--yes")
    assert "verdicts come from the runner: keep enumwatch elastic run" in ran.err
    assert run("elastic", "deploy", "--yes", "--by", "rules").err.endswith("or name --rules-file\n")


def test_roles_are_printed_without_a_cluster(run: Run) -> None:
    ran = run("elastic", "setup", "--roles")
    assert ran.code == 0
    assert "PUT /_security/role/enumwatch-runner" in ran.out
    assert "POST /_security/api_key" in ran.out


@pytest.mark.parametrize("action", ["setup", "status", "deploy", "remove"])
def test_a_cluster_that_is_not_there_is_one_line(run: Run, action: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENUMWATCH_ELASTIC_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("ENUMWATCH_ELASTIC_API_KEY", KEY)
    ran = run("elastic", action)
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert ran.err.endswith("start it, or mend the url\n")
    assert KEY not in ran.err


def test_no_cluster_at_all_is_one_line_too(run: Run, tmp_path: Path) -> None:
    ran = run("elastic", "status")
    assert ran.code == 2
    assert "set ENUMWATCH_ELASTIC_URL or ENUMWATCH_ELASTIC_CLOUD_ID, or write url or cloud_id to" in ran.err
    config = tmp_path / "other.toml"
    config.write_text(f"[elastic]\napi_key = '{KEY}'\n", encoding="utf-8")
    config.chmod(0o644)
    ran = run("elastic", "status", "--config", config)
    assert ran.err.endswith(f"run chmod 600 {config}\n")


def test_without_the_client_it_is_said_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENUMWATCH_ELASTIC_URL", "http://127.0.0.1:9")
    monkeypatch.setitem(sys.modules, "elasticsearch", None)
    ran = run("elastic", "status")
    assert ran.err == (
        "enumwatch: the Python packages for Elasticsearch are not installed: pip install 'enumwatch[elastic]'\n"
    )


def test_a_traceback_shows_no_key(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ENUMWATCH_ELASTIC_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("ENUMWATCH_ELASTIC_API_KEY", KEY)
    monkeypatch.setenv("ENUMWATCH_TRACEBACK", "1")
    monkeypatch.setattr("enumwatch.elastic.cluster.look_at", lambda client: 1 / 0)
    with pytest.raises(ZeroDivisionError) as caught:
        run("elastic", "status")
    frames = [entry.frame.f_locals for entry in caught.traceback]
    assert not any(
        KEY in repr(one)
        for place in frames
        for name, one in place.items()
        if name in ("connection", "client", "settings")
    )


def test_watches_are_not_there_without_a_licence_for_them(run: Run, cluster: Elasticsearch) -> None:
    ran = run("elastic", "deploy", "--yes", "--by", "watches")
    assert (ran.code, ran.err.splitlines()[-1].endswith("use --by rules or --by runner")) == (2, True)
