"""The matrix is whole: every side of every detection and every class of look-alike is played where a log can hold it."""

from __future__ import annotations

from enumwatch.report.layout import cell_width
from enumwatch.rulebook.compiled import compiled
from enumwatch.simulate import SHAPES, matrix, scenarios
from enumwatch.simulate.coverage import WIDTH, sign

# What the detections tell apart. An attack that is told otherwise is another aspect and belongs here.
ASPECTS = {
    "email_enumeration": {
        *("fast", "slow", "distributed", "rotating agents", "shared address", "existing names", "success chain"),
        *("autodiscover", "Kerberos"),
    },
    "password_spray": {"spray"},
    "password_guessing": {"guessing"},
    "identity_gathering": {"harvest", "probing", "off-hours", "paging"},
    "account_creation": {
        *("burst", "disposable", "look-alike", "machine-made", "short life", "bulk upload", "sending"),
    },
}
# Sources of a kind of event that a detection reads and whose attacks are played elsewhere, with the reason.
NOT_PLAYED = {
    ("identity_gathering", "m365_audit"): "absent names are hidden there, so forms of a name cannot be told",
    ("identity_gathering", "workspace_login"): "absent names leave nothing there",
    ("identity_gathering", "iis"): "it asks for mail addresses, and answers nothing about them",
    ("identity_gathering", "exchange_httpproxy"): "it asks for mail addresses, and answers nothing about them",
    **{(rule, log): "one request names an address and none is answered" for log in ("iis", "exchange_httpproxy")
       for rule in ("password_spray", "password_guessing")},
}  # fmt: skip


def test_every_aspect_of_every_detection_is_played() -> None:
    played: dict[str, set[str]] = {}
    for one in scenarios():
        if one.kind == "attack":
            assert one.aspect, one.id
            played.setdefault(one.detection or "", set()).add(one.aspect)
    assert played == ASPECTS


def test_every_detection_is_played_in_every_source_that_holds_what_it_reads() -> None:
    rules = compiled()["detections"]
    played = {(one.detection, source) for one in scenarios() if one.kind == "attack" for source in one.sources}
    missing = {
        (name, source)
        for name in ASPECTS
        for source, shape in SHAPES.items()
        if shape.kinds & set(rules[name]["kinds"]) and (name, source) not in played
    }
    assert missing == NOT_PLAYED.keys()


def test_every_source_plays_something_harmless() -> None:
    harmless = {source for one in scenarios() if one.kind == "benign" for source in one.sources}
    # People at work are in every log; a look-alike of mail alone is not known yet.
    assert set(SHAPES) - harmless == {"message_trace"}


def test_the_matrix_shows_every_scenario_with_a_sign_for_every_source_in_80_columns() -> None:
    lines = list(matrix())
    assert max(map(cell_width, lines)) <= WIDTH
    for one in scenarios():
        (row,) = [line for line in lines if line.split()[:1] == [one.id] and not line.rstrip().endswith(":")]
        assert row.split()[1 : 1 + len(SHAPES)] == [sign(one, source) for source in SHAPES]


def test_signs_say_what_comes_of_it() -> None:
    by_id = {one.id: one for one in scenarios()}
    assert sign(by_id["fast_enumeration"], "entra_signin") == "+"
    assert sign(by_id["account_burst"], "message_trace") == "o"
    assert sign(by_id["fast_enumeration"], "iis") == "."
    assert sign(by_id["penetration_test"], "iis") == "!"
    assert sign(by_id["office"], "iis") == "-"
    assert sign(by_id["expiry_wave"], "windows_security") == "-"


def test_every_reason_is_of_a_source_of_its_scenario_and_is_printed() -> None:
    text = "\n".join(matrix())
    for one in scenarios():
        for source, reason in one.unseen.items():
            assert source in one.sources
            assert f"{one.id} in {source}:\n    {reason}" in text
