"""An admin's tables: checked, what they change is shown, written where the app reads them."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, timezone
from pathlib import Path

import pytest

from enumwatch.cli import main
from enumwatch.lookups import COLUMNS, GENERATED, load_lookups, shipped_lookups
from enumwatch.splunk.lookups import placing
from enumwatch.splunk.lookups.changes import change_of, rows_of, told

HEADER = "type,value,tenant,detections,reason,owner,starts,expires\n"
SCANNER = "ip,192.0.2.1,,,scanner,Anna,,2030-01-01\n"
NOW = datetime(2026, 6, 1, tzinfo=timezone.utc)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "enumwatch_allowlist.csv").write_text("# ours\n" + HEADER + SCANNER)
    return folder


@pytest.fixture
def app(tmp_path: Path) -> Path:
    folder = tmp_path / "enumwatch"
    (folder / "default").mkdir(parents=True)
    (folder / "default" / "app.conf").write_text("")
    (folder / "lookups").mkdir()
    (folder / "lookups" / "enumwatch_allowlist.csv").write_text(HEADER + "ip,192.0.2.9,,,old,Bea,,2030-01-01\n")
    return folder


def ran(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["splunk", "lookups", *map(str, arguments)])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_tables_are_written_where_the_app_reads_them(own: Path, app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(capsys, own, "--app", app) == (
        0,
        "enumwatch_allowlist.csv: 1 row, 1 added, 1 removed\n"
        "  + ip,192.0.2.1,,,scanner,Anna,,2030-01-01\n"
        "  - ip,192.0.2.9,,,old,Bea,,2030-01-01\n",
        f"1 table written to {app / 'lookups'}: searches read them from now on\n",
    )
    assert (app / "lookups" / "enumwatch_allowlist.csv").read_text() == HEADER + SCANNER
    assert len(load_lookups(app / "lookups").allowlist) == 1
    assert [path.name for path in (app / "lookups").iterdir()] == ["enumwatch_allowlist.csv"]
    assert ran(capsys, own, "--app", app)[1] == "enumwatch_allowlist.csv: 1 row, nothing changes\n"


def test_a_dry_run_writes_nothing(own: Path, app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (app / "lookups" / "enumwatch_allowlist.csv").read_text()
    code, out, err = ran(capsys, own, "--app", app, "--dry-run")
    assert (code, err) == (0, "")
    assert "1 added, 1 removed" in out
    assert (app / "lookups" / "enumwatch_allowlist.csv").read_text() == before


def test_without_a_place_the_shipped_tables_are_compared(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ran(capsys, own)
    assert (code, out.splitlines()[0]) == (0, "enumwatch_allowlist.csv: 1 row, 1 added, 0 removed")
    assert err == "nothing was written: name the installed app with --app, or a zip or folder with --output\n"


def test_a_zip_is_unpacked_where_apps_are(own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "tables.zip"
    assert ran(capsys, own, "--output", target)[2] == f"1 table written to {target}\n"
    with zipfile.ZipFile(io.BytesIO(target.read_bytes())) as archive:
        assert archive.namelist() == ["enumwatch/lookups/enumwatch_allowlist.csv"]
        assert archive.read(archive.namelist()[0]).decode() == HEADER + SCANNER
    first = target.read_bytes()
    ran(capsys, own, "--output", target)
    assert target.read_bytes() == first


def test_a_folder_will_do(own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "place"
    place.mkdir()
    assert ran(capsys, own, "--output", place)[0] == 0
    assert (place / "enumwatch_allowlist.csv").read_text() == HEADER + SCANNER


def test_everything_wrong_is_named_and_nothing_is_written(
    own: Path, app: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (own / "enumwatch_allowlist.csv").write_text(HEADER + "ip,192.0.2.999,,,scanner,Anna,,2030-01-01\n")
    (own / "enumwatch_domain.csv").write_text("domain\n")
    code, out, err = ran(capsys, own, "--app", app)
    assert (code, out) == (2, "")
    assert "enumwatch_domain.csv: unknown lookup table" in err
    assert err.endswith("enumwatch: nothing was written: repair the lookup tables and run again\n")
    assert "192.0.2.9," in (app / "lookups" / "enumwatch_allowlist.csv").read_text()


def test_a_line_break_in_a_cell_is_refused(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (own / "enumwatch_allowlist.csv").write_text(HEADER + SCANNER.replace("scanner", '"two\nlines"'))
    code, _, err = ran(capsys, own)
    file = (own / "enumwatch_allowlist.csv").as_posix()
    assert code == 2
    assert err.splitlines()[0] == f"{file}:2: a cell holds a line break; expected one line a row, found reason"


def test_an_entry_that_holds_no_longer_is_named(own: Path) -> None:
    (own / "enumwatch_allowlist.csv").write_text(HEADER + SCANNER.replace("2030-01-01", "2026-05-01"))
    assert placing.own_tables(own, None, NOW).expired == [
        "enumwatch_allowlist.csv:2: expired on 2026-05-01, covers nothing after it: ip 192.0.2.1"
    ]


WRONG = {
    "no folder": (["{tmp}/none"], "{tmp}/none is no folder: name a folder with some of enumwatch_outcomes.csv"),
    "no table": (["{tmp}"], "{tmp} holds no lookup table: name a folder with some of enumwatch_outcomes.csv"),
    "no app": (
        ["{own}", "--app", "{tmp}"],
        "{tmp} is not the installed app: name the folder $SPLUNK_HOME/etc/apps/enumwatch\n",
    ),
    "no place": (
        ["{own}", "--output", "{tmp}/none"],
        "--output '{tmp}/none' is no folder and does not end in .zip: make it or choose another\n",
    ),
    "no place for a zip": (
        ["{own}", "--output", "{tmp}/none/x.zip"],
        "{tmp}/none/x.zip cannot be written (No such file or directory): choose another place for it\n",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_usage_says_what_to_do(name: str, own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given, message = WRONG[name]
    code, _, err = ran(capsys, *(one.format(tmp=tmp_path, own=own) for one in given))
    assert code == 2
    assert err.startswith("enumwatch: " + message.format(tmp=tmp_path))
    assert err.count("\n") == 1


def test_the_shipped_tables_change_nothing() -> None:
    own = placing.own_tables(shipped_lookups(), None, NOW)
    assert {change.file for change in own.changes} == {f"enumwatch_{name}.csv" for name in (*COLUMNS, *GENERATED)}
    assert [
        (change.file, change.added, change.removed) for change in own.changes if change.added or change.removed
    ] == []


def test_what_searches_look_answers_up_in_follows_from_the_outcomes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own, place = tmp_path / "own", tmp_path / "place"
    own.mkdir()
    place.mkdir()
    text = (shipped_lookups() / "enumwatch_outcomes.csv").read_text(encoding="utf-8")
    new = "entra,424242,,made_up,not_found,no,not_tested,unknown_user,entra_signin,,,ours,documented,2026-11-01\n"
    (own / "enumwatch_outcomes.csv").write_text(text + new, encoding="utf-8")
    code, out, err = ran(capsys, own, "--output", place)
    assert (code, err) == (0, f"2 tables written to {place}\n")
    assert "  + entra,424242,-,not_found\n" in out
    assert "entra,424242,-,not_found\n" in (place / "enumwatch_outcome_keys.csv").read_text(encoding="utf-8")


def test_rows_that_are_there_twice_count_twice_and_columns_may_move() -> None:
    columns = ("a", "b")
    old = rows_of("\ufeffb,a,c\n2,1,x\n4,3,x\n", columns)
    assert old == [("1", "2"), ("3", "4")]
    change = change_of("t.csv", columns, [{"a": "1", "b": "2"}, {"a": "1", "b": "2"}], old)
    assert (change.added, change.removed, change.text) == ([("1", "2")], [("3", "4")], "a,b\n1,2\n1,2\n")
    assert rows_of("", columns) == []
    assert rows_of("a\n1\n", columns) == [("1", "")]


def test_a_long_change_is_cut() -> None:
    change = change_of("t.csv", ("a",), [{"a": str(number)} for number in range(25)], [])
    lines = list(told(change))
    assert len(lines) == 22
    assert lines[-1] == "  + and 5 more"
