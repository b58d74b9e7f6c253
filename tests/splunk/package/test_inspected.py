"""AppInspect finds nothing wrong with the package, and warns of nothing that was not looked at."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.splunk.fetched import fetched
from tests.splunk.unpacked import spl, unpack

MODES = ("test", "precert")
# How AppInspect names what an app is checked for: Splunk Cloud in its variants, apps that are not published, and
# what coming versions of AppInspect will refuse.
TAGS = (
    *("splunk_appinspect", "packaging_standards", "cloud", "private_app", "private_classic", "private_victoria"),
    *("migration_victoria", "future", "ast", "aarch64_compatibility"),
)
SEEN = ("success", "not_applicable")

# Nobody's addresses, reserved for documentation; and versions of browsers, which AppInspect takes for addresses.
NOBODYS = r"IP (192\.0\.2|198\.51\.100|203\.0\.113)\.\d+ is found|IP \d+\.0\.0\.0 is found"

# Check, beginning of the file and what the message holds: why it may stay.
WARNINGS = {
    ("check_for_python_script_existence", "", ""): "said of every app with a Python file; ours run with 3.9 and 3.13",
    ("check_collections_conf", "default/collections.conf", ""): "asks for nothing; memory and findings are kept there",
    (
        "check_for_possible_threading",
        "lib/splunklib/searchcommands/external_search_command.py",
        "subprocess",
    ): "the SDK's own file, imported with it; no command of ours starts another program",
    ("check_hostnames_and_ips", "lookups/enumwatch_known_tools.csv", NOBODYS): "version of a browser in a user agent",
    ("check_hostnames_and_ips", "app/enumwatch/simulate/", NOBODYS): "made-up log lines hold nobody's addresses",
}


def inspected(package: Path, mode: str) -> Mapping[str, Any]:
    """What AppInspect says of a package; its exit code says nothing."""
    report = package.with_suffix(f".{mode}.json")
    program = fetched("appinspect") / "bin" / "splunk-appinspect"
    command = [str(program), "inspect", str(package), "--mode", mode, "--output-file", str(report)]
    command += ["--data-format", "json", "--max-messages", "all", "--skip-trusted-libraries-update"]
    command += [part for tag in TAGS for part in ("--included-tags", tag)]
    ended = subprocess.run(command, cwd=package.parent, capture_output=True, text=True)
    if "failed to find libmagic" in ended.stderr + ended.stdout:
        pytest.skip("AppInspect needs the system's libmagic: install libmagic1 (Debian) or libmagic (Homebrew)")
    assert report.is_file(), (ended.stdout + ended.stderr)[-4000:]
    told = json.loads(report.read_text(encoding="utf-8"))
    assert len(told["reports"]) == 1
    return dict(told["reports"][0], summary=told["summary"])


def messages(report: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Result, check, file and text of everything that is not all right."""
    for group in report["groups"]:
        for check in group["checks"]:
            if check["result"] not in SEEN:
                for said in check["messages"]:
                    yield said["result"], check["name"], said.get("message_filename") or "", said["message"]


@pytest.fixture(scope="module", params=MODES)
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    package = tmp_path_factory.mktemp("inspected") / "enumwatch.spl"
    package.write_bytes(spl())
    return inspected(package, request.param)


def test_nothing_fails_now_or_later(report: Mapping[str, Any]) -> None:
    assert [said for said in messages(report) if said[0] not in ("warning", "skipped")] == []
    assert {name: report["summary"][name] for name in ("error", "failure", "future_failure", "skipped")} == {
        "error": 0,
        "failure": 0,
        "future_failure": 0,
        "skipped": 0,
    }


def test_everything_was_looked_at(report: Mapping[str, Any]) -> None:
    """A file that AppInspect cannot read makes it skip nearly all checks, and what is left looks fine."""
    assert sum(report["summary"][name] for name in ("success", "not_applicable", "warning")) > 200


def test_every_warning_has_a_reason(report: Mapping[str, Any]) -> None:
    warned = {(check, file, text) for result, check, file, text in messages(report) if result == "warning"}
    reasons = {
        said: [
            key for key in WARNINGS if key[0] == said[0] and said[1].startswith(key[1]) and re.search(key[2], said[2])
        ]
        for said in warned
    }
    assert [said for said, keys in reasons.items() if not keys] == []
    assert WARNINGS.keys() - {key for keys in reasons.values() for key in keys} == set(), "these are not warned of"


def test_a_fault_is_found(tmp_path: Path) -> None:
    """The check can fail: one command without its Python versions and a key that Splunk forbids."""
    app = unpack(tmp_path)
    (app / "default" / "app.conf").write_text("[install]\nis_configured = true\n")
    (app / "default" / "commands.conf").write_text("[faulty]\nfilename = faulty.py\nchunked = true\n")
    package = tmp_path / "faulty.tar.gz"
    subprocess.run(["tar", "-czf", str(package), "-C", str(tmp_path), "enumwatch"], check=True)
    results = {said[0] for said in messages(inspected(package, "test"))}
    assert "failure" in results
