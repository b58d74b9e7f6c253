"""outcome, disposable and enumtriage add columns to every row and keep all rows; enumsimulate and enumtune make rows."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.splunk.harness import Row, converse, split

from enumwatch.simulate import scenarios
from enumwatch.splunk.commands.disposable import DisposableRows
from enumwatch.splunk.commands.enumsimulate import COLUMNS
from enumwatch.splunk.commands.enumtriage import TriageRows
from enumwatch.splunk.commands.outcome import OutcomeRows

BRACES = "{0}{"


def codes() -> list[Row]:
    return [
        {"log_source": "entra_signin", "code": "50034"},
        {"sourcetype": "azure:monitor:aad", "signature_id": "50126"},
        {"sourcetype": "OktaIM2:log", "code": "user.session.start:FAILURE", "reason": "INVALID_CREDENTIALS"},
        {"log_source": "entra_signin", "code": "987654"},
        {"sourcetype": "azure:monitor:aad", "action": "success"},
        {"sourcetype": BRACES, "code": "1"},
    ]


@pytest.mark.parametrize("sizes", [[6], [1, 0, 2, 3], [1] * 6])
def test_outcome_says_what_a_code_means(sizes: list[int], python: str, app: Path) -> None:
    ended = converse(python, app, "outcome", split(codes(), sizes))
    assert (ended.exit_code, ended.stderr, ended.info["type"]) == (0, "", "stateful")
    assert [row["outcome"] for row in ended.rows] == [
        *("not_found", "exists_bad_secret", "ambiguous", "ambiguous", "success", ""),
    ]
    assert [row["account_exists"] for row in ended.rows][:2] == ["no", "yes"]
    assert [row["code"] for row in ended.rows] == [row.get("code", "") for row in codes()]
    assert all(reply.header[-5:] == list(OutcomeRows.adds) for reply in ended.replies if reply.rows)
    (said,) = ended.messages
    assert said[0] == "WARN"
    assert said[1].startswith("outcome has no answer for 1 row; of one, ")
    assert json.dumps(BRACES) in said[1]


def test_outcome_takes_the_log_and_the_column_that_it_is_told(python: str, app: Path) -> None:
    rows: list[Row] = [{"my": "50034", "code": "0"}]
    ended = converse(python, app, "outcome", split(rows, [1]), ["source=entra_signin", "code=my"])
    assert [row["outcome"] for row in ended.rows] == ["not_found"]


def addresses() -> list[Row]:
    return [
        {"user": "a@mailinator.com"},
        {"user": "b@GMAIL.com"},
        {"user": ["c@mail.contoso.example", "d@x.example"]},
        {"user": "e@c0ntoso.example"},
        {"user": "contoso.example"},
        {"user": f"no domain {BRACES}"},
    ]


def test_disposable_says_what_a_domain_is(python: str, own_app: Path) -> None:
    (own_app / "lookups" / "enumwatch_domains.csv").write_text("domain,tenant,kind\ncontoso.example,,own\n")
    ended = converse(python, own_app, "disposable", split(addresses(), [2, 0]), ["field=user"])
    assert (ended.exit_code, ended.stderr) == (0, "")
    assert [row["is_disposable"] for row in ended.rows] == ["true", *["false"] * 4, ""]
    assert [row["is_free_mail"] for row in ended.rows] == ["false", "true", *["false"] * 3, ""]
    assert [row["lookalike_of"] for row in ended.rows] == ["", "", "", "contoso.example", "", ""]
    assert [row["registrable_domain"] for row in ended.rows][2] == "contoso.example"
    assert "on the list" in ended.rows[0]["reason"]
    assert all(reply.header[-7:] == list(DisposableRows.adds) for reply in ended.replies if reply.rows)
    (said,) = ended.messages
    assert json.dumps(f"no domain {BRACES}") in said[1]


def several(value: str | list[str]) -> list[str]:
    """The values of a cell that may hold several."""
    return [value] if isinstance(value, str) else value


def findings(python: str, app: Path, *options: str) -> list[Row]:
    """What is found in a simulated roll call with a success at its end."""
    scenario = ["scenario=enumeration_then_success", "seed=3"]
    events = converse(python, app, "enumsimulate", [b""], scenario).rows
    return list(converse(python, app, "enumverdict", split(events, [500]), options).rows)


def test_triage_fills_the_steps_with_the_values_of_the_finding(python: str, app: Path) -> None:
    rows = findings(python, app, "remember=true", "summary=true")
    ended = converse(python, app, "enumtriage", split(rows, [1, 0, 5]))
    assert (ended.exit_code, ended.messages, ended.stderr) == (0, [], "")
    assert [row["row_type"] for row in ended.rows] == [row["row_type"] for row in rows]
    assert all(reply.header[-len(TriageRows.adds) :] == list(TriageRows.adds) for reply in ended.replies if reply.rows)
    finding, others = ended.rows[0], ended.rows[1:]
    assert finding["verdict"] == "Compromise Suspected"
    assert finding["escalate"] == "true"
    assert any(one.startswith("E4: ") for one in several(finding["conditions_met"]))
    (account,) = several(finding["compromised_accounts"])
    assert f"Reset passwords and revoke sessions of {account}." in finding["containment_steps"]
    assert not any("{" in step for part in ("next_steps", "tier2_steps") for step in several(finding[part]))
    whole = json.loads(str(finding["triage"]))
    assert whole["playbook"] == "T1589.002"
    assert whole["answers"]["Q2"]["answer"] == "not enough evidence"
    assert "iis" in whole["answers"]["Q2"]["missing"]
    assert {row[name] for row in others for name in TriageRows.adds} == {""}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"detection":"x"}', '{"detection":"email_enumeration"}'])
def test_a_finding_that_is_none_is_told_and_kept(text: str, python: str, app: Path) -> None:
    rows: list[Row] = [{"row_type": "finding", "finding": text, "a": "b"}]
    ended = converse(python, app, "enumtriage", split(rows, [1]))
    assert [row["a"] for row in ended.rows] == ["b"]
    assert [level for level, _ in ended.messages] == ["WARN"]
    assert ended.stderr == ""


def test_braces_in_a_finding_stay_what_they_are(python: str, app: Path) -> None:
    row = findings(python, app)[0]
    whole = json.loads(str(row["finding"]))
    whole["names_found"] = ["{actor}", BRACES]
    ended = converse(python, app, "enumtriage", split([{**row, "finding": json.dumps(whole)}], [1]))
    steps = several(ended.rows[0]["next_steps"])
    assert any(f"{{actor}}, {BRACES}" in step for step in steps)
    assert ended.messages == []


def test_simulated_events_are_the_same_again_and_labelled(python: str, app: Path) -> None:
    options = ["scenario=penetration_test", "seed=9", "users=40", "events=30", "start=2026-05-01T00:00:00Z"]
    once, again = (converse(python, app, "enumsimulate", [b"", b""], options) for _ in range(2))
    assert (once.exit_code, once.messages, once.stderr) == (0, [], "")
    assert once.info["generating"] is True
    assert once.rows == again.rows != []
    assert once.replies[0].header == list(COLUMNS)
    assert {row["label"] for row in once.rows} <= {"benign", "background"}
    assert all(json.loads(str(row["_raw"])) for row in once.rows)


def test_more_events_than_a_chunk_may_hold_come_in_several(python: str, app: Path) -> None:
    ended = converse(python, app, "enumsimulate", [b""] * 2, ["scenario=fast_enumeration", "events=60000"])
    assert (ended.exit_code, ended.messages) == (0, [])
    assert [len(reply.rows) for reply in ended.replies] == [50_000, 10_000]
    assert [reply.metadata["finished"] for reply in ended.replies] == [False, True]


def test_every_scenario_can_be_told_in_every_log_it_is_for(python: str, app: Path, tmp_path: Path) -> None:
    told = tmp_path / "told.py"
    told.write_text(
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from enumwatch.simulate import SHAPES, scenarios\n"
        "from enumwatch.simulate.population import Organisation\n"
        "from enumwatch.simulate.run import tell\n"
        "print(sum(bool(tell(one, SHAPES[source], Organisation(1, 0, 40), seed=1, start=10**15, events=40).events)\n"
        "          for one in scenarios() for source in one.sources))\n"
    )
    said = subprocess.run([python, "-I", "-S", str(told), str(app / "app")], capture_output=True, text=True)
    assert said.stderr == ""
    assert int(said.stdout) == sum(len(one.sources) for one in scenarios())


def test_tuning_shows_the_value_of_now_among_others(python: str, app: Path) -> None:
    events = converse(python, app, "enumsimulate", [b""], ["events=60"]).rows
    ended = converse(python, app, "enumtune", split(events, [20, 0]), ["detections=email_enumeration"])
    assert (ended.exit_code, ended.messages, ended.stderr) == (0, [], "")
    assert {row["detection"] for row in ended.rows} == {"email_enumeration"}
    now = {row["threshold"]: row for row in ended.rows if row["is_current"] == "true"}
    assert len(now) == 9
    assert now["address_level"]["findings"] == "1"
    assert {row["threshold"] for row in ended.rows} == now.keys()
    high = [row["findings"] for row in ended.rows if row["threshold"] == "high_names"]
    assert high == ["1", "1", "1", "0", "0"], "sixty names are enough for fifty and no more"


def test_tuning_of_nothing_says_so(python: str, app: Path) -> None:
    ended = converse(python, app, "enumtune", [b""])
    assert ended.rows == []
    assert [level for level, _ in ended.messages] == ["WARN"]


def test_lookups_may_come_and_go_with_their_app(python: str, own_app: Path) -> None:
    shutil.rmtree(own_app / "lookups")
    ended = converse(python, own_app, "disposable", split(addresses(), [2]), ["field=user"])
    assert ended.exit_code == 1
    assert all(text.endswith("mend this in the lookup and search again") for _, text in ended.messages)
    assert all(str(own_app) not in text for _, text in ended.messages)
