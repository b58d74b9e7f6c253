"""`enumwatch export`: every format from logs and from saved findings, and what it says beside."""

from __future__ import annotations

import csv
import io
import json
import sys
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.exports.material import one

from enumwatch import exports
from enumwatch.cli import main
from enumwatch.commands.export_arguments import FORMATS
from enumwatch.exports.named_location import MOST_RANGES

from .running import Run, log_file

AS_OF = ("--as-of", "2026-03-04")
BLOCKING = ("blocklist", "named-location")
OF_FINDINGS = tuple(name for name in FORMATS if name != "navigator")


@lru_cache
def scanned() -> str:
    """What `scan` writes of the log of one finding."""
    with TemporaryDirectory() as folder:
        log, out = log_file(Path(folder)), Path(folder) / "out"
        assert main(["scan", str(log), "--format", "ndjson", "--output", str(out)]) == 0
        return out.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("saved") / "findings.ndjson"
    row = one(
        ["198.51.100.7"], names_found=["anna.adler@contoso.example"], reasons=["anna.adler@contoso.example was tried"]
    )
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("name", OF_FINDINGS)
def test_every_format_is_written_from_logs_and_from_findings(name: str, run: Run, tmp_path: Path) -> None:
    log, held, out = log_file(tmp_path), tmp_path / "findings.ndjson", tmp_path / "out"
    held.write_text(scanned(), encoding="utf-8")
    dated = AS_OF if name in BLOCKING else ()
    to_file = run("export", name, log, *dated, "--output", out)
    from_findings = run("export", name, "--findings", held, *dated)
    assert (to_file.code, from_findings.code) == (0, 0), to_file.err + from_findings.err
    assert to_file.out == ""
    assert out.read_text(encoding="utf-8").strip()
    assert from_findings.out.strip()
    if name in ("names", "blocklist", "named-location"):
        assert out.read_bytes() == from_findings.out.encode()


def test_lines_said_fit_a_terminal(run: Run, saved: Path) -> None:
    for name in OF_FINDINGS:
        ran = run("export", name, "--findings", saved, *(AS_OF if name in BLOCKING else ()))
        assert max((len(line) for line in ran.err.splitlines()), default=0) <= 80, name


@pytest.mark.parametrize("name", ["ocsf", "stix", "names"])
def test_redacted_exports_name_nobody(name: str, run: Run, saved: Path) -> None:
    more = ("--with-names",) if name == "stix" else ()
    plain, redacted = (run("export", name, "--findings", saved, *more, *extra).out for extra in ((), ("--redact",)))
    assert "anna.adler" in plain
    assert "anna.adler" not in redacted
    assert "name-" in redacted


def test_own_and_allowed_addresses_are_named_beside_and_never_written(run: Run, saved: Path, tmp_path: Path) -> None:
    (tmp_path / "enumwatch_networks.csv").write_text("cidr,tenant,kind\n198.51.100.0/24,,vpn\n", encoding="utf-8")
    for name in ("ocsf", "stix", *BLOCKING):
        ran = run("export", name, "--findings", saved, "--lookups", tmp_path, *(AS_OF if name in BLOCKING else ()))
        assert ran.code == 0
        assert "198.51.100" not in ran.out
        assert "Left out: 198.51.100.7: the organisation's own (vpn)" in ran.err


def test_blocks_that_have_ended_are_left_out_and_the_day_to_ask_for_is_named(run: Run, saved: Path) -> None:
    ran = run("export", "blocklist", "--findings", saved, "--as-of", "2026-06-01")
    assert len(ran.out.splitlines()) == 1
    assert "--as-of 2026-03-02 writes the list of that day" in ran.err
    day = run("export", "blocklist", "--findings", saved, "--as-of", "2026-03-02", "--format", "csv")
    assert [row["network"] for row in csv.DictReader(io.StringIO(day.out))] == ["198.51.100.7/32"]


def test_more_networks_than_one_location_holds_need_files(run: Run, tmp_path: Path) -> None:
    many = tmp_path / "many.json"
    row = one([f"198.{part}.{number}.7" for part in range(11) for number in range(200)])
    many.write_text(json.dumps([row]), encoding="utf-8")
    ran = run("export", "named-location", "--findings", many, *AS_OF)
    assert ran.code == 2
    assert "name a file with --output" in ran.err
    out = tmp_path / "block.json"
    assert "written to 2 files" in run("export", "named-location", "--findings", many, *AS_OF, "--output", out).err
    ranges = [len(json.loads((tmp_path / name).read_text())["ipRanges"]) for name in ("block.json", "block-2.json")]
    assert ranges == [MOST_RANGES, 200]


def test_the_layer_needs_no_input_and_tells_what_was_read_where_there_is_some(run: Run, tmp_path: Path) -> None:
    every, read = (
        json.loads(run("export", "navigator").out),
        json.loads(run("export", "navigator", log_file(tmp_path)).out),
    )
    scores = [{one["techniqueID"]: one["score"] for one in layer["techniques"]} for layer in (every, read)]
    assert 0 < scores[1]["T1589.002"] < scores[0]["T1589.002"] < every["gradient"]["maxValue"]
    assert read == json.loads(run("visibility", log_file(tmp_path), "--format", "navigator").out)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("ocsf", "a.json", "--findings", "b.json"), "export from the one or the other"),
        (("ocsf", "--findings", "b.json", "--since", "2026-01-01"), "--since is for logs"),
        (("navigator", "--findings", "b.json"), "unrecognized arguments"),
        (("ocsf", "--findings", "none.json"), "cannot be read: name what"),
        (("blocklist", "--findings", "none.json", "--as-of", "soon"), "none.json cannot be read"),
        (("csv",), "invalid choice"),
    ],
)
def test_wrong_use_is_told_in_one_line(arguments: tuple[str, ...], told: str, run: Run) -> None:
    ran = run("export", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_nothing_read_writes_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.ndjson").touch()
    ran = run("export", "blocklist", tmp_path / "empty.ndjson", "--output", tmp_path / "out")
    assert ran.code == 2
    assert "Nothing could be read" in ran.err
    assert not (tmp_path / "out").exists()


def test_a_list_is_never_written_over_the_findings_it_is_made_of(run: Run, saved: Path) -> None:
    before = saved.read_text(encoding="utf-8")
    assert run("export", "ocsf", "--findings", saved, "--output", saved).code == 2
    assert saved.read_text(encoding="utf-8") == before


def test_without_its_library_stix_says_what_to_install(run: Run, saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "enumwatch.exports.stix", raising=False)
    monkeypatch.delattr(exports, "stix", raising=False)
    monkeypatch.setitem(sys.modules, "stix2", None)
    ran = run("export", "stix", "--findings", saved)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.strip().endswith("pip install 'enumwatch[exports]'")
