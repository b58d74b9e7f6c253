"""Asking Splunk itself: a management port on the loopback interface that speaks as Splunk's export of searches does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from tests.simulate.sending.runs import manifest_of, played

from enumwatch.elastic.secret import Secret
from enumwatch.simulate import SimulateError
from enumwatch.simulate.verifying.in_splunk import result_of, searches, seen_in_splunk
from enumwatch.simulate.verifying.seen import Arrival
from enumwatch.simulate.verifying.splunk_rest import Management, SplunkError

TOKEN = "eyJraWQiOiJzcGx1bmsuc2VjcmV0"
PATH = "/servicesNS/nobody/enumwatch/search/v2/jobs/export"
MANIFEST, _ = played(manifest_of(), (("fast_enumeration", "entra_signin"), ("fast_enumeration", "okta_system")))
KEYS = [{"enumwatch_scenario": one.scenario, "enumwatch_source": one.source} for one in MANIFEST.parts]
ANSWERS: dict[str, list[dict[str, str]]] = {
    "events": [{**KEYS[0], "enumwatch_count": "30"}, {**KEYS[1], "enumwatch_count": "10"}],
    "read": [{**KEYS[0], "enumwatch_count": "30"}],
    "runs": [{"detection": "email_enumeration", "enumwatch_ended": "1795345000"}],
    "findings": [],
}


class Port:
    """What it says, and what it was asked."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[str] = []
        self.instead: tuple[int, str] | None = None

    def answer(self, path: str, headers: Any, body: bytes) -> tuple[int, str]:
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, json.dumps({"messages": [{"type": "WARN", "text": "call not properly authenticated"}]})
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if path != PATH or form["output_mode"] != "json" or not form["search"].startswith(("search ", "|")):
            return 404, ""
        self.asked.append(form["search"])
        if self.instead:
            return self.instead
        (name,) = (name for name in ANSWERS if f'enumwatch_result="{name}"' in form["search"])
        rows = [*ANSWERS[name], {"enumwatch_rows": str(len(ANSWERS[name])), "enumwatch_result": name}]
        return 200, "".join(
            json.dumps({"preview": False, "offset": place, "result": row}) + "\n" for place, row in enumerate(rows)
        )


@pytest.fixture
def port() -> Iterator[Port]:
    made = Port()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, text = made.answer(self.path, self.headers, body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


def asking(port: Port, token: str = TOKEN) -> Management:
    return Management.of_environment({"ENUMWATCH_SPLUNK_URL": port.url, "ENUMWATCH_SPLUNK_TOKEN": token})


def test_every_search_is_asked_and_read(port: Port) -> None:
    management = asking(port)
    results = [result_of(list(management.rows(text)), name) for name, text in searches(MANIFEST).items()]
    seen = seen_in_splunk(results, MANIFEST)
    assert len(port.asked) == 4
    assert list(seen.arrivals.values()) == [Arrival(30, 30), Arrival(10, 0)]
    assert (seen.has_findings, seen.findings) == (True, [])
    assert seen.began("email_enumeration") == 1_795_345_000_000_000
    assert seen.began("password_guessing") == 0


@pytest.mark.parametrize(
    ("instead", "message"),
    [
        ((200, "<html>"), "does not answer as Splunk does: mend ENUMWATCH_SPLUNK_URL"),
        (
            (200, json.dumps({"messages": [{"type": "FATAL", "text": "no macro"}]})),
            r"a search failed in Splunk \(no macro\)",
        ),
        ((400, json.dumps({"messages": [{"text": "bad"}]})), "status 400, bad.*whether the app enumwatch is installed"),
        ((403, ""), "give the role the capability search"),
        ((404, ""), "its port is 8089"),
        ((302, ""), "status 302"),
    ],
)
def test_what_goes_wrong_is_one_line(port: Port, instead: tuple[int, str], message: str) -> None:
    port.instead = instead
    with pytest.raises(SplunkError, match=message):
        list(asking(port).rows("| makeresults"))


def test_the_token_is_needed_and_never_shown(port: Port) -> None:
    with pytest.raises(SplunkError, match=r"status 401, call not properly authenticated.*: the token was refused"):
        list(asking(port, "wrong").rows("| makeresults"))
    with pytest.raises(SplunkError, match="no token is given: make one in Splunk"):
        asking(port, "")
    port.instead = (400, json.dumps({"messages": [{"text": f"no {TOKEN}"}]}))
    with pytest.raises(SplunkError) as refused:
        list(asking(port).rows("x"))
    assert TOKEN not in str(refused.value)
    for url in ("http://splunk.example:8089", "https://me:x@splunk.example", "splunk"):
        with pytest.raises(SplunkError, match="ENUMWATCH_SPLUNK_"):
            Management.of_environment({"ENUMWATCH_SPLUNK_URL": url, "ENUMWATCH_SPLUNK_TOKEN": TOKEN})
    with pytest.raises(SplunkError, match="name a PEM file"):
        Management(port.url, Secret(TOKEN), "/nowhere")


def test_results_that_are_none_are_refused() -> None:
    with pytest.raises(SimulateError, match="is no result of a search"):
        result_of([{"a": "1"}], "x")
    with pytest.raises(SimulateError, match="holds 0 of 3 rows"):
        result_of([{"enumwatch_result": "events", "enumwatch_rows": "3"}], "x")
    with pytest.raises(SimulateError, match="is no number"):
        result_of([{"enumwatch_result": "events", "enumwatch_rows": "many"}], "x")
    with pytest.raises(SimulateError, match="holds no whole verdict"):
        seen_in_splunk([("findings", [{"finding_id": "ew-1"}])], MANIFEST)
