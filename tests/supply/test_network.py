"""No command calls anybody unless it is asked to: the interpreter's calls are watched, and the system's where strace is there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.commands.running import log_text
from tests.supply.watched import CAUGHT

from enumwatch.cli import command_line
from enumwatch.reference import leaves

TOP = Path(__file__).resolve().parents[2]
# What a user asks to speak to a cluster; `simulate` and `verify` speak where they are told to. The rest works unplugged.
ASKED = {"elastic"}
LOCAL: dict[str, Sequence[str]] = {
    "scan": ["scan", "{log}", "--report", "{out}/report.html", "--state", "{out}/state", "--format", "json"],
    "triage": ["triage", "worst", "{log}", "--query", "spl"],
    "allow": [
        *("allow", "worst", "{log}", "--reason", "a test of our own", "--owner", "soc@contoso.example"),
        *("--expires", "2027-01-01", "--lookups", "{out}"),
    ],
    "contacts": ["contacts", "{log}", "--format", "parquet", "--output", "{out}/contacts.parquet"],
    "tune": ["tune", "{log}"],
    "rules check": ["rules", "check"],
    "rules list": ["rules", "list"],
    "rules show": ["rules", "show", "email_enumeration"],
    "simulate": ["simulate", "fast_enumeration", "--source", "okta_system", "--out", "{out}/simulated"],
    "verify": ["verify", "{out}", "--verdicts", "{log}"],
    "rules guide": ["rules", "guide", "email_enumeration"],
    "hunt": ["hunt", "low_and_slow", "{log}"],
    "visibility": ["visibility", "{log}"],
    **{
        f"export {form}": ["export", form, "{log}", "--output", "{out}/exported"]
        for form in ("ocsf", "stix", "navigator", "blocklist", "names", "named-location", "decoys")
    },
    "splunk package": ["splunk", "package", "--vendored", "{out}", "--output", "{out}"],
    "splunk lookups": ["splunk", "lookups", "{out}"],
    "splunk doctor": ["splunk", "doctor", "{log}"],
}


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("network") / "entra.ndjson"
    file.write_text(log_text(), encoding="utf-8")
    return file


def run(arguments: Sequence[str], before: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    command = [*before, sys.executable, "-m", "tests.supply.watched", *arguments]
    environment = {**os.environ, "PYTHONPATH": f"{TOP / 'app'}{os.pathsep}{TOP}"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=TOP, timeout=120, check=False)


def test_every_command_is_watched_or_asked_to_call() -> None:
    names = {name.removeprefix("enumwatch ") for name, _ in leaves(command_line(), "enumwatch")}
    assert {name for name in names if name.split()[0] not in ASKED} == set(LOCAL)


@pytest.mark.parametrize("name", LOCAL)
def test_a_command_calls_nobody(name: str, log: Path, tmp_path: Path) -> None:
    ran = run([one.format(log=log, out=tmp_path) for one in LOCAL[name]])
    assert ran.returncode in (0, 2), ran.stderr  # 2: some need more than this test gives, and say so
    assert "Traceback" not in ran.stderr


CALLING = """
import socket, sys
from tests.supply.watched import refuse
sys.addaudithook(refuse)
socket.create_connection(("127.0.0.1", 9), 1)
"""


def test_the_watch_sees_a_call() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", CALLING], capture_output=True, text=True, cwd=TOP, timeout=60, check=False
    )
    assert ran.returncode == CAUGHT
    assert "reached for the network" in ran.stderr


def test_neither_does_what_is_not_python(log: Path, tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: apt-get install strace to see what compiled libraries do")
    calls = tmp_path / "calls"
    ran = run(
        ["scan", str(log), "--report", str(tmp_path / "r.html")],
        ["strace", "-f", "-qq", "-e", "trace=connect,sendto", "-o", str(calls)],
    )
    if ran.returncode != 0 and "ptrace" in ran.stderr:
        pytest.skip("this machine does not let strace look at a process")
    assert ran.returncode == 0, ran.stderr
    assert not re.findall(r".*AF_INET.*", calls.read_text(errors="replace"))
