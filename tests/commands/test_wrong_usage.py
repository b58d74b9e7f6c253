"""Wrong usage, broken rules and lookups, outputs that cannot be written: said before anything is read, exit code 2."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from enumwatch.engines.local import scan as engine

from .running import Run, command, environment, in_own_process, log_file, says


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes a test fail that reads a log."""

    def refused(*_: Any, **__: Any) -> Any:
        raise AssertionError("a log was read before the arguments were checked")

    monkeypatch.setattr(engine, "intake", refused)


WRONG = {
    "unknown source": (["--source", "nope"], "there is no source 'nope': choose from"),
    "unknown detection": (["--detection", "nope"], "there is no detection 'nope': choose from"),
    "since is no time": (["--since", "yesterday"], "--since 'yesterday' is no time: write it like"),
    "until is no time": (["--until", "2026-13-45"], "--until '2026-13-45' is no time: write it like"),
    "since after until": (["--since", "2026-03-03", "--until", "2026-03-02"], "is not before --until 2026-03-02: give"),
    "no threads": (["--threads", "0"], "--threads needs a number from 1 up: leave it out"),
    "lookups are no folder": (["--lookups", "/nowhere"], "/nowhere is no folder: give --lookups a folder"),
    "rules are no folder": (["--rules", "/nowhere"], "repair the rules in /nowhere and run again"),
}


@pytest.mark.usefixtures("unread")
@pytest.mark.parametrize("name", WRONG)
def test_wrong_usage_says_what_to_do_before_reading(name: str, run: Run, tmp_path: Path) -> None:
    arguments, message = WRONG[name]
    ran = run("scan", log_file(tmp_path), *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert says(ran.err, message)


@pytest.mark.parametrize(
    "arguments", [["bogus"], ["scan", "--format", "xml", "a"], ["scan", "--threads", "x", "a"], []]
)
def test_what_argparse_refuses_ends_with_2_and_shows_the_usage(arguments: list[str], run: Run) -> None:
    ran = run(*arguments)
    assert ran.code == 2
    assert "usage: enumwatch" in ran.err


def test_an_unknown_option_shows_the_usage_of_its_command_and_the_nearest(run: Run, tmp_path: Path) -> None:
    ran = run("scan", log_file(tmp_path), "--explian")
    assert (ran.code, ran.out) == (2, "")
    assert "usage: enumwatch scan" in ran.err
    assert ran.err.endswith("unrecognized arguments: --explian (did you mean --explain?)\n")


def test_paths_may_stand_between_and_behind_options(run: Run, tmp_path: Path) -> None:
    one, two = log_file(tmp_path, "one.ndjson"), tmp_path / "two.ndjson"
    two.write_text(one.read_text() + "\n")
    ran = run("scan", one, "--format", "csv", two)
    assert ran.code == 0
    assert says(ran.err, "Read 2 files:")
    assert says(run("rules", "list", "more").err, "unrecognized arguments: more")


def test_contacts_say_nothing_of_findings(run: Run, tmp_path: Path) -> None:
    ran = run("contacts", log_file(tmp_path))
    assert ran.code == 0
    assert "contacts.\n" in ran.err
    assert "finding" not in ran.err


@pytest.mark.usefixtures("unread")
def test_every_fault_of_the_lookups_is_shown_at_once(run: Run, tmp_path: Path) -> None:
    lookups = tmp_path / "lookups"
    lookups.mkdir()
    head = "type,value,tenant,detections,reason,owner,starts,expires\n"
    rows = "ip,1.2.3.999,,*,r,o,2026-01-01,2027-01-01\nip,192.0.2.1,,*,,,,\n\x1b[31mx,y,,*,r,o,2026-01-01,2027-01-01\n"
    (lookups / "enumwatch_allowlist.csv").write_text(head + rows)
    (lookups / "enumwatch_networks.csv").write_text("cidr,tenant,kind\n10.0.0.0/99,,corporate\n")
    ran = run("scan", log_file(tmp_path), "--lookups", lookups)
    assert (ran.code, ran.out) == (2, "")
    for place in ("allowlist.csv:2", "allowlist.csv:3", "allowlist.csv:4", "networks.csv:2"):
        assert says(ran.err, place), place
    assert ran.err.rstrip().endswith("problems: repair the lookups and run again")
    assert "\x1b" not in ran.err


@pytest.mark.usefixtures("unread")
def test_every_fault_of_the_rules_is_shown_at_once(run: Run, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    (rules / "detections").mkdir(parents=True)
    (rules / "detections" / "one.yml").write_text("id: one\n  bad: [\n")
    (rules / "detections" / "two.yml").write_text("id: other\n")
    ran = run("scan", log_file(tmp_path), "--rules", rules)
    assert ran.code == 2
    assert says(ran.err, "one.yml:2")
    assert says(ran.err, "two.yml:1")
    assert ran.err.rstrip().endswith(f"repair the rules in {rules} and run again")
    assert run("rules", "check", rules).code == 2


@pytest.mark.usefixtures("unread")
@pytest.mark.parametrize(
    ("command", "option"), [("scan", "--output"), ("scan", "--summary"), ("scan", "--report"), ("contacts", "--output")]
)
def test_an_output_that_cannot_be_written_is_said_before_reading(
    command: str, option: str, run: Run, tmp_path: Path
) -> None:
    log = log_file(tmp_path)
    for place, message in (
        (tmp_path / "missing" / "x", "is in no folder that exists: make"),
        (tmp_path, "is a folder: name a file in it"),
        (log, "is a log to be read: choose another file"),
    ):
        ran = run(command, log, option, place)
        assert (ran.code, ran.out) == (2, "")
        assert says(ran.err, message)


@pytest.mark.parametrize("command", ["scan", "contacts"])
def test_a_device_is_written_to_and_never_replaced(command: str, run: Run, tmp_path: Path) -> None:
    device = tmp_path / "device"
    os.mkfifo(device)
    reader = os.open(device, os.O_RDONLY | os.O_NONBLOCK)
    assert run(command, log_file(tmp_path), "--output", device, "--format", "ndjson").code == 0
    assert os.read(reader, 20).startswith(b"{")
    os.close(reader)
    assert stat.S_ISFIFO(device.stat().st_mode)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("command", ["scan", "contacts"])
def test_a_full_disk_is_said_in_one_line(command: str, run: Run, tmp_path: Path) -> None:
    ran = run(command, log_file(tmp_path), "--output", "/dev/full")
    assert ran.code == 2
    assert ran.err.rstrip().splitlines()[-1].startswith("enumwatch: /dev/full cannot be written (No space left")
    with open("/dev/full", "w") as full:
        ran = in_own_process([command, log_file(tmp_path)], stdout_to=full)
    assert ran.code == 2
    assert "No space left" in ran.err.rstrip().splitlines()[-1]


@pytest.mark.parametrize("arguments", [["scan", "--format", "ndjson"], ["contacts"], ["scan", "--format", "html"]])
def test_a_reader_that_goes_away_is_no_fault(arguments: list[str], tmp_path: Path) -> None:
    with subprocess.Popen(
        command([*arguments, log_file(tmp_path)]), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        err = process.stderr.read().decode()
        assert process.wait(60) == 0
    assert "Traceback" not in err
    assert "Exception ignored" not in err


def test_the_report_is_written_although_the_reader_went_away(tmp_path: Path) -> None:
    files = [tmp_path / "report.html", tmp_path / "summary.json"]
    arguments = ["scan", log_file(tmp_path), "--report", files[0], "--summary", files[1]]
    with subprocess.Popen(command(arguments), stdout=subprocess.PIPE, env=environment()) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(60) == 0
    assert all(file.stat().st_size for file in files)


def test_closed_streams_are_no_fault(tmp_path: Path) -> None:
    shell = 'exec "$@" <&- >&- 2>&-'
    done = subprocess.run(
        ["sh", "-c", shell, "sh", *command(["scan", log_file(tmp_path)])], env=environment(), timeout=60
    )
    assert done.returncode == 0


@pytest.mark.parametrize(
    "raised",
    [KeyboardInterrupt(), RuntimeError("Query interrupted"), ValueError("INTERRUPT Error: Interrupted!")],
    ids=["python", "duckdb", "duckdb otherwise"],
)
def test_interrupted_run_says_so_and_leaves_nothing(
    raised: BaseException, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any, **__: Any) -> Any:
        raise raised

    monkeypatch.setattr(engine, "decide", interrupted)
    ran = run("scan", log_file(tmp_path), "--output", tmp_path / "out.ndjson", "--format", "ndjson")
    assert (ran.code, ran.out) == (130, "")
    assert ran.err == "enumwatch: interrupted; run it again for a result\n"
    assert not list(tmp_path.glob("out*"))


@pytest.mark.skipif(sys.platform == "win32", reason="signals of another kind")
def test_interrupt_from_outside_ends_in_one_line_and_cleans_up(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    process = subprocess.Popen(
        command(["scan", "-"]),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**environment(), "TMPDIR": str(scratch)},
        # Tests that run in the background were started deaf to it, and so would be what they start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )  # fmt: skip
    for _ in range(200):  # it waits for standard input once its scratch folder is there
        if list(scratch.iterdir()):
            break
        time.sleep(0.05)
    time.sleep(0.3)
    for _ in range(10):  # Python may lose one that comes while a library is loading; a person presses again
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=6)
            break
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, b""), err.decode()
    assert err.decode().splitlines() == ["enumwatch: interrupted; run it again for a result"]
    assert list(scratch.iterdir()) == []


def test_simulate_says_what_to_do(run: Run, tmp_path: Path) -> None:
    for arguments, message in (
        (["nope", "--source", "iis", "--out", tmp_path], "does not exist; choose one of"),
        (["office", "--source", "nope", "--out", tmp_path], "choose --source"),
        (["office", "--source", "iis"], "simulate needs --out DIR: name a folder"),
        (["office", "--out", tmp_path], "simulate needs --source ID: choose from"),
        (["office", "--source", "iis", "--out", log_file(tmp_path)], "choose another --out"),
        (["office", "--source", "iis", "--out", tmp_path, "--days", "-1"], "give a number above 0"),
        (["office", "--source", "iis", "--out", tmp_path, "--start", "x"], "--start 'x' is no time: write it like"),
    ):
        ran = run("simulate", *arguments)
        assert ran.code == 2
        assert says(ran.err, message), message
