"""Sending to an event collector: what it takes, what it refuses, and what is said of it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from enumwatch.elastic.secret import Secret
from enumwatch.simulate.sending.hec import Collector, Hec, HecError, hec_url

from .receiver import BUSY, DISABLED, OK, TOKEN, Answer, Receiver, receiving

EVENT = {"time": 1.5, "host": "h", "source": "s", "sourcetype": "t", "event": "Grüße", "fields": {"a": "b"}}


def hec(receiver: Receiver, token: str = TOKEN, pauses: list[float] | None = None, **known: Any) -> Hec:
    waited = [] if pauses is None else pauses
    return Hec(Collector(receiver.url, Secret(token), **known), waited.append)


@pytest.mark.parametrize("is_packed", [False, True])
def test_events_arrive_as_they_are(is_packed: bool) -> None:
    with receiving() as receiver:
        speaking = hec(receiver, is_packed=is_packed)
        speaking.check()
        speaking.send([EVENT, {**EVENT, "time": 2}])
        assert speaking.wait()
    assert receiver.events == [EVENT, {**EVENT, "time": 2}]
    assert receiver.packed == int(is_packed)


REFUSED: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any], str]] = {
    "other token": (
        {},
        {"token": "0" * 36},
        EVENT,
        "status 403, code 4: Invalid token): Splunk does not know the token",
    ),
    "disabled": ({"answers": [DISABLED]}, {}, EVENT, "code 1: Token disabled): the token is disabled: enable it"),
    "index": ({}, {}, {**EVENT, "index": "hr"}, "code 7: Incorrect index at event 0): the token may not write to that"),
    "no event": (
        {},
        {},
        {"time": 1},
        "status 400, code 12: Event field is required at event 0): the request was refused",
    ),
    "lists": ({}, {}, {**EVENT, "fields": {"a": []}}, "code 15: Error in handling indexed fields at event 0)"),
    "401 of a proxy": ({"answers": [(401, {})]}, {}, EVENT, "(status 401): the token was refused: set"),
    "redirect": ({"answers": [(302, {"to": "/elsewhere"})]}, {}, EVENT, "(status 302): it points elsewhere"),
    "broken": (
        {"answers": [(500, {"text": "Internal server error", "code": 8})]},
        {},
        EVENT,
        "look at its splunkd.log",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_one_line_that_says_what_to_do(name: str) -> None:
    known, own, event, line = REFUSED[name]
    with receiving(**known) as receiver, pytest.raises(HecError) as refused:
        hec(receiver, **own).send([event])
    assert line in str(refused.value)
    assert "\n" not in str(refused.value)
    assert receiver.events == []


@pytest.mark.parametrize("busy", [BUSY, (429, {})])
def test_a_busy_collector_is_asked_again_for_a_while(busy: Answer) -> None:
    pauses: list[float] = []
    with receiving(answers=[busy, busy]) as receiver:
        hec(receiver, pauses=pauses).send([EVENT])
        assert (len(receiver.events), pauses) == (1, [0.5, 1.0])
        receiver.answers = [busy] * 6
        with pytest.raises(HecError, match=f"status {busy[0]}.*--resume"):
            hec(receiver, pauses=pauses).send([EVENT])
    assert len(receiver.events) == 1
    assert len(pauses) == 2 + 5


def test_an_unhealthy_collector_is_told_before_anything_is_sent() -> None:
    unhealthy: Answer = (503, {"text": "HEC is unhealthy, queues are full", "code": 18})
    with receiving(health=unhealthy) as receiver:
        with pytest.raises(HecError, match="too busy or not ready"):
            hec(receiver).check()
        receiver.health = (404, {})
        hec(receiver).check()


def test_acknowledgements_are_waited_for() -> None:
    pauses: list[float] = []
    with receiving(acknowledges=True, acknowledges_after=3) as receiver:
        speaking = hec(receiver, pauses=pauses)
        speaking.send([EVENT])
        assert speaking.wait()
        assert (receiver.asked, pauses) == (3, [1.0, 1.0])
        receiver.acknowledges_after = 10_000
        speaking.send([EVENT])
        assert not speaking.wait()


def test_what_it_says_never_shows_the_token() -> None:
    with receiving(answers=[(403, {"text": f"no {TOKEN}", "code": 4})]) as receiver:
        with pytest.raises(HecError) as refused:
            hec(receiver).send([EVENT])
        assert TOKEN not in str(refused.value)
        assert TOKEN not in repr(Collector(receiver.url, Secret(TOKEN)))


def test_nobody_there_and_no_collector_there() -> None:
    with receiving() as receiver:
        elsewhere = Receiver(url=f"{receiver.url}/nothing")
        with pytest.raises(HecError, match=r"404.*no event collector is there: mend --to"):
            hec(elsewhere).send([EVENT])
    with pytest.raises(HecError, match=r"cannot be reached .*: mend --to"):
        hec(receiver).send([EVENT])


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("splunk:8088", "neither `elastic` nor a URL"),
        ("ftp://splunk", "neither `elastic` nor a URL"),
        ("https://me:secret@splunk:8088", "holds a name or password: take it out, and set ENUMWATCH_HEC_TOKEN"),
        ("http://splunk:8088", "would cross the network unprotected"),
        ("https://splunk:8088/?token=x", "has something behind its path"),
        ("https://splunk:99999", "cannot be read"),
    ],
)
def test_a_url_that_may_not_be(url: str, message: str) -> None:
    with pytest.raises(HecError, match=message) as refused:
        hec_url(url)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://splunk.example:8088", "https://splunk.example:8088"),
        ("https://splunk.example:8088/services/collector/event", "https://splunk.example:8088"),
        ("http://localhost:8088/", "http://localhost:8088"),
        ("https://[2001:db8::1]:8088", "https://[2001:db8::1]:8088"),
    ],
)
def test_the_end_of_a_url_is_left_out(text: str, url: str) -> None:
    assert hec_url(text) == url


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl makes the certificate of this test, and is not installed")
    folder = tmp_path_factory.mktemp("tls")
    key, made = folder / "key.pem", folder / "cert.pem"
    asked = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    named = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(made)]
    subprocess.run([openssl, *asked, *named], check=True, capture_output=True)
    made.write_text(made.read_text() + key.read_text())
    return made


def test_a_certificate_is_checked(certificate: Path, tmp_path: Path) -> None:
    with receiving(certificate) as receiver:
        with pytest.raises(HecError, match=r"is not trusted .*: name the file of its CA with --ca"):
            hec(receiver).send([EVENT])
        hec(receiver, ca=str(certificate)).send([EVENT])
        with pytest.raises(HecError, match=r"cannot be read .*: name a PEM file with --ca"):
            hec(receiver, ca=str(tmp_path / "none"))
    assert receiver.events == [EVENT]


def test_the_receiver_refuses_what_splunk_refuses() -> None:
    """The judge itself: no header, another kind of it, nothing, broken JSON, no channel."""
    asking = Receiver(acknowledges=True)
    right = {"Authorization": f"Splunk {TOKEN}", "X-Splunk-Request-Channel": "0" * 8 + "-0000-0000-0000-" + "0" * 12}
    event = b'{"event":"x"}'

    def code(headers: dict[str, str], body: bytes) -> int:
        return int(asking.answer("POST", "/services/collector/event", headers, body)[1]["code"])

    assert code({}, event) == 2
    assert code({"Authorization": f"Bearer {TOKEN}"}, event) == 3
    assert code({"Authorization": right["Authorization"]}, event) == 10
    assert code(right, b"") == 5
    assert code(right, event + b"{") == 6
    assert asking.events == []
    assert code(right, event + event) == OK[1]["code"]
    assert len(asking.events) == 2
