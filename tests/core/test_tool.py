from __future__ import annotations

import time

import pytest

from enumwatch.core.lookup_rows import LookupProblems
from enumwatch.core.tool import KnownTools, ToolMatch, is_recognised


def row(tool: str, match_type: str, pattern: str, **cells: str) -> dict[str, str]:
    usual = {"kind": "tool", "minimum": "1", "risk": "low", "confidence": "high", "pair_with": "any"}
    return {"tool": tool, "match_type": match_type, "pattern": pattern, **usual, **cells}


TOOLS = KnownTools.from_rows(
    [
        row("exactly", "user_agent_exact", "ruler"),
        row("begins", "user_agent_prefix", "fasthttp|azurehound/"),
        row("holds", "user_agent_contains", "SkyDriveSync 19.192"),
        row("ends", "user_agent_suffix", "16.0.12026; Pro"),
        row("shaped", "user_agent_regex", r"^(curl|Wget)/\d"),
        row("menu", "user_agent_set", "Chrome/91.|Firefox/90.0|Version/14.1", minimum="2"),
        row("one id", "app_id", "AAAA-1"),
        row("ids", "app_id_set", "aaaa-1|aaaa-2|aaaa-3", minimum="2", confidence="medium", risk="medium"),
        row("twice", "user_agent_contains", "twice", confidence="low"),
        row("twice", "user_agent_exact", "twice as sure", confidence="high", risk="very_low"),
        row("Entra Connect", "app_id", "cccc-1", kind="benign", risk="none"),
        row("PKeyAuth", "user_agent_contains", "PKeyAuth", kind="benign", risk="none"),
        row("pacing", "sequence", "weekdays only"),
    ]
)


@pytest.mark.parametrize(
    ("agent", "tool"),
    [
        ("Ruler", "exactly"),
        ("ruler 2", None),
        ("AzureHound/2.1", "begins"),
        ("my fasthttp", None),
        ("x SkyDriveSync 19.192.0926 y", "holds"),
        ("Office (Microsoft Outlook 16.0.12026; Pro", "ends"),
        ("Office (Microsoft Outlook 16.0.12026; Pro)", None),
        ("curl/8.1", "shaped"),
        ("libcurl/8.1", None),
        ("Chrome/91.0", None),
        ("weekdays only", None),
        ("", None),
    ],
)
def test_an_agent_is_compared_the_way_its_row_says(agent: str, tool: str | None) -> None:
    assert [match.tool for match in TOOLS.matches([agent])] == ([tool] if tool else [])


def test_a_set_needs_its_minimum_of_different_members() -> None:
    assert TOOLS.matches(["a Chrome/91.0", "b Chrome/91.0"]) == []
    assert [match.tool for match in TOOLS.matches(["a Chrome/91.0", "Firefox/90.0"])] == ["menu"]
    assert TOOLS.matches([], ["aaaa-2", "aaaa-2", "zzzz"]) == []
    assert TOOLS.matches([], ["AAAA-2", "aaaa-3"]) == [ToolMatch("ids", "app_ids", "medium", "medium", "any")]
    assert [match.tool for match in TOOLS.matches([], ["aaaa-1"])] == ["one id"]


def test_a_tool_is_named_once_with_its_best_confidence() -> None:
    assert TOOLS.matches(["twice as sure"]) == [ToolMatch("twice", "user_agent", "high", "very_low", "any")]


def test_harmless_senders_are_kept_apart() -> None:
    agents, ids = ["Mozilla PKeyAuth/1.0"], ["CCCC-1"]
    assert TOOLS.matches(agents, ids) == []
    assert [match.tool for match in TOOLS.benign(agents, ids)] == ["PKeyAuth", "Entra Connect"]


def test_a_hostile_agent_costs_little() -> None:
    tools = KnownTools.from_rows([row("greedy", "user_agent_regex", "a.*b.*c.*d")])
    started = time.perf_counter()
    assert tools.matches(["a" * 1_000_000, "ab" * 500_000]) == []
    assert time.perf_counter() - started < 5


def test_every_bad_row_is_named() -> None:
    rows = [
        row("a", "user_agent_regex", "("),
        row("", "user_agent_exact", ""),
        row("c", "agent", "x", risk="tiny", confidence="sure", kind="other"),
        row("d", "app_id_set", "x|y", minimum="3"),
        row("e", "user_agent_set", "x||y", minimum="two"),
    ]
    with pytest.raises(LookupProblems) as caught:
        KnownTools.from_rows(rows)
    found = [str(problem).partition(";")[0].partition(": ")[2] for problem in caught.value.problems]
    assert found[0].startswith("pattern is no regular expression")
    assert found[1:] == [
        *("tool is empty", "pattern is empty"),
        *("unknown kind", "unknown match_type", "unknown risk", "unknown confidence"),
        *("bad minimum", "bad minimum", "empty member in pattern"),
    ]


@pytest.mark.parametrize(
    ("matches", "is_sure"),
    [
        ([("a", "user_agent", "very_low")], True),
        ([("a", "user_agent", "low")], False),
        ([("a", "user_agent", "medium"), ("b", "user_agent", "low")], False),
        ([("a", "app_ids", "low")], True),
        ([("a", "app_ids", "medium")], False),
        ([("a", "app_ids", "high"), ("b", "user_agent", "medium")], False),
        ([("a", "app_ids", "high"), ("a", "user_agent", "medium")], True),
        ([("a", "app_ids", "high"), ("a (Python)", "user_agent", "medium")], True),
        ([], False),
    ],
)
def test_an_agent_alone_recognises_only_what_nobody_else_has(
    matches: list[tuple[str, str, str]], is_sure: bool
) -> None:
    found = [ToolMatch(tool, match, "high", risk, "") for tool, match, risk in matches]
    assert is_recognised(found) is is_sure
