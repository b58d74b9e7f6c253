from __future__ import annotations

import pytest

from enumwatch.core.intelligence import Intelligence
from enumwatch.core.lookup_rows import LookupProblems
from enumwatch.core.times import from_iso


def report(kind: str, value: str, seen: str = "2026-03-01", confidence: str = "high") -> dict[str, str]:
    return {"type": kind, "value": value, "source": "feed", "confidence": confidence, "seen": seen}


FEED = Intelligence.from_rows(
    [
        report("ip", "203.0.113.9"),
        report("cidr", "203.0.113.0/24", "2026-02-20"),
        report("asn", "AS64500"),
        report("user_agent", "Fasthttp"),
        report("domain", "evil.example"),
        report("address", "A.B+x@gmail.com"),
    ],
    [{"address": "Anna@contoso.example", "source": "web page", "seen": "2025-01-01"}],
)


@pytest.mark.parametrize(
    ("kind", "value", "number"),
    [
        ("ip", "203.0.113.9", 2),
        ("ip", "203.0.113.10", 1),
        ("ip", "198.51.100.1", 0),
        ("asn", "64500", 1),
        ("user_agent", "fasthttp", 1),
        ("domain", "EVIL.example", 1),
        ("address", "ab@gmail.com", 1),
        ("address", "cd@gmail.com", 0),
    ],
)
def test_a_value_is_found_in_the_feed(kind: str, value: str, number: int) -> None:
    assert len(FEED.reports_on(kind, value, from_iso("2026-03-02"))) == number


def test_old_reports_and_reports_of_the_future_do_not_count() -> None:
    assert [r.type for r in FEED.reports_on("ip", "203.0.113.9", from_iso("2026-02-25"))] == ["cidr"]
    assert [r.type for r in FEED.reports_on("ip", "203.0.113.9", from_iso("2026-03-31"))] == ["ip"]
    assert FEED.reports_on("ip", "203.0.113.9", from_iso("2026-04-01")) == []


def test_exposed_names_are_found_in_any_spelling() -> None:
    assert FEED.exposure_of("ANNA@contoso.example") == "web page"
    assert FEED.exposure_of("ben@contoso.example") == ""
    assert FEED.exposed == {"anna@contoso.example"}
    assert FEED.has_reports
    assert not Intelligence().has_reports


def test_bad_lines_of_a_feed_are_all_named() -> None:
    rows = [
        report("ip", "somewhere"),
        report("hash", "x"),
        report("cidr", "203.0.113.9/24"),
        report("asn", "64500", seen="yesterday"),
        report("asn", "64500", confidence="sure"),
    ]
    with pytest.raises(LookupProblems) as caught:
        Intelligence.from_rows(rows, [{"address": "", "source": "", "seen": ""}])
    assert [str(problem).partition(";")[0] for problem in caught.value.problems] == [
        "enumwatch_threat_intel.csv:2: bad value",
        "enumwatch_threat_intel.csv:3: unknown type",
        "enumwatch_threat_intel.csv:4: value is no network",
        "enumwatch_threat_intel.csv:5: bad date in seen",
        "enumwatch_threat_intel.csv:6: unknown confidence",
        "enumwatch_exposed_addresses.csv:2: address is empty",
    ]
