"""Rules that have not run, could not read rows, or whose memory is cut are named."""

from __future__ import annotations

from enumwatch.splunk.doctor.runs import check_runs


def told(**changed: object) -> list[str]:
    row = {"detection": "spray", "runs": 24, "silent": 1800, "remembered": 900, "refused": 0, "left_out": 0, **changed}
    return [str(one) for one in check_runs([{name: str(value) for name, value in row.items()}])]


def test_runs_that_went_well_are_not_named() -> None:
    assert told() == []


def test_what_went_wrong_is_named() -> None:
    assert told(silent=30000) == [
        "doubtful: runs of spray: the last one ended 8 hours ago: look at its schedule and at skipped searches "
        "(index=_internal source=*scheduler.log)"
    ]
    assert told(remembered=50000) == [
        "broken: runs of spray: memory has 50,000 rows, and the KV store gives one search 50,000: raise "
        "max_rows_per_query under [kvstore] in limits.conf, or what was known of some names is lost"
    ]
    assert told(left_out=12) == [
        "broken: runs of spray: 12 rows were too many for one run: shorten the time it looks back "
        "(dispatch.earliest_time), or enable fewer logs"
    ]
    assert told(refused=3) == [
        "doubtful: runs of spray: 3 rows could not be read: run its search by hand, the message names one of them and why"
    ]
