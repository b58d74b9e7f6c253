"""Secrets never stand on a command line, where every user of a machine can read them, nor in anything that is told."""

from __future__ import annotations

import json
import logging
import re
import threading
import traceback
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.commands.running import Run

from enumwatch.cli import command_line
from enumwatch.elastic.connection import client_of, connection_from
from enumwatch.elastic.faults import ClusterError, told_as_faults
from enumwatch.reference import leaves
from enumwatch.simulate.verifying.splunk_rest import Management, SplunkError

_SECRET = re.compile(r"token|password|passwd|secret|api-?key|credential", re.IGNORECASE)
# An option about a secret may name where it is kept, and nothing else.
_PLACE = re.compile(r"-(file|env|variable)$")


def test_no_option_takes_a_secret() -> None:
    told = [
        f"{name} {option}"
        for name, command in leaves(command_line(), "enumwatch")
        for action in command._actions
        for option in action.option_strings or [action.dest]
        if _SECRET.search(option) and not _PLACE.search(option) and action.nargs != 0
    ]
    assert told == []
    assert _SECRET.search("--hec-token")
    assert not _PLACE.search("--hec-token")


SECRET = "planted-secret-0123456789"
_SPELLINGS = (SECRET, b64encode(SECRET.encode()).decode(), b64encode(f"anna:{SECRET}".encode()).decode())


_ASKED: list[str] = []


class _Echo(BaseHTTPRequestHandler):
    """Refuses everything, and says which credentials came."""

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        _ASKED.append(self.path)
        said = {"type": "security_exception", "reason": f"no: {self.headers['Authorization']}"}
        text = json.dumps({"error": {**said, "root_cause": [said]}, "status": 401}).encode()
        self.send_response(500 if "collector" in self.path else 401, f"no {SECRET}")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = do_HEAD = _answer  # noqa: N815 - names of the library

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def echo() -> Iterator[str]:
    _ASKED.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Echo) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def shown(text: str) -> list[str]:
    return [line for line in text.splitlines() if any(one in line for one in _SPELLINGS)]


LOGINS = {
    "key": ({"ENUMWATCH_ELASTIC_API_KEY": SECRET}, ("elastic", "status")),
    "password": ({"ENUMWATCH_ELASTIC_USER": "anna", "ENUMWATCH_ELASTIC_PASSWORD": SECRET}, ("elastic", "status")),
    "token": (
        {"ENUMWATCH_HEC_TOKEN": SECRET},
        (
            "simulate",
            "fast_enumeration",
            "--source",
            "entra_signin",
            "--events",
            "20",
            "--to",
            "URL",
            "--out",
            "OUT",
            "--yes",
        ),
    ),
}


@pytest.mark.parametrize("login", LOGINS)
def test_no_word_and_no_log_line_shows_a_secret(
    login: str,
    echo: str,
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    environment, arguments = LOGINS[login]
    given = {"XDG_CONFIG_HOME": str(tmp_path), "ENUMWATCH_ELASTIC_URL": echo, "ENUMWATCH_TRACEBACK": "1", **environment}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with caplog.at_level(logging.DEBUG):
        ran = run(*({"URL": echo, "OUT": str(tmp_path / "run")}.get(word, word) for word in arguments))
    assert ran.code == 2
    assert _ASKED, ran.err
    assert shown(ran.out + ran.err) == []
    assert shown("\n".join(record.getMessage() for record in caplog.records)) == []


def test_no_traceback_of_splunks_answer_shows_a_secret(echo: str) -> None:
    management = Management.of_environment({"ENUMWATCH_SPLUNK_URL": echo, "ENUMWATCH_SPLUNK_TOKEN": SECRET}, None)
    with pytest.raises(SplunkError) as refused:
        list(management.rows("| makeresults"))
    assert shown("".join(traceback.format_exception(refused.value))) == []
    assert shown(repr(management)) == []


# What each command of the cluster needs beside the cluster.
CLUSTER = {
    "setup": ("--yes",),
    "deploy": ("--yes",),
    "status": (),
    "run": (),
    "triage": ("worst",),
    "backfill": ("--since", "2026-03-01"),
    "lookups push": ("LOOKUPS", "--yes"),
    "doctor": ("--live",),
    "remove": ("--yes",),
}


def key_file(folder: Path, text: str) -> Path:
    file = folder / "enumwatch.toml"
    file.write_text(f"[elastic]\n{text}", encoding="utf-8")
    file.chmod(0o600)
    return file


def test_every_command_of_the_cluster_is_watched() -> None:
    known = {name.partition(" elastic ")[2] for name, _ in leaves(command_line(), "enumwatch")}
    assert known - {""} == set(CLUSTER)


@pytest.mark.parametrize("leaf", CLUSTER)
def test_no_command_of_the_cluster_shows_the_key_of_its_file(
    leaf: str,
    echo: str,
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("ENUMWATCH_TRACEBACK", "1")
    file = key_file(tmp_path, f'url = "{echo}"\nkibana_url = "{echo}"\napi_key = "{SECRET}"\n')
    (tmp_path / "lookups").mkdir()
    (tmp_path / "lookups" / "enumwatch_domains.csv").write_text("domain,kind,tenant\ncontoso.example,own,\n")
    words = [str(tmp_path / "lookups") if one == "LOOKUPS" else one for one in CLUSTER[leaf]]
    with caplog.at_level(logging.DEBUG):
        ran = run("elastic", *leaf.split(), *words, "--config", file)
    assert ran.code == 2
    assert _ASKED, ran.err
    assert shown(ran.out + ran.err) == []
    assert shown("\n".join(record.getMessage() for record in caplog.records)) == []


BROKEN = {
    "a text without an end": f'api_key = "{SECRET}\nurl = 1',
    "a name without quotes": f"api_key = {SECRET}",
    "of another type": f'api_key = ["{SECRET}"]\nurl = "http://localhost:9"',
    "in the address": f'url = "https://anna:{SECRET}@localhost:9"',
    "behind the address": f'url = "https://localhost:9/?key={SECRET}"',
}


@pytest.mark.parametrize("broken", BROKEN)
def test_no_complaint_about_its_file_shows_the_key(broken: str, run: Run, tmp_path: Path) -> None:
    ran = run("elastic", "status", "--config", key_file(tmp_path, BROKEN[broken]))
    assert ran.code == 2
    assert shown(ran.out + ran.err) == []


def test_no_traceback_of_the_cluster_shows_the_key(echo: str, tmp_path: Path) -> None:
    connection = connection_from({}, key_file(tmp_path, f'url = "{echo}"\napi_key = "{SECRET}"\n'), may_ask=False)
    assert shown(repr(connection) + str(connection)) == []
    with pytest.raises(ClusterError) as refused, told_as_faults():
        client_of(connection).info()
    assert shown("".join(traceback.format_exception(refused.value))) == []
