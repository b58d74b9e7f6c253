from __future__ import annotations

from pathlib import Path

from enumwatch.engines.local.intake import Batch, intake

from .reading import batch_of, records, scratch, skipped_of

FIELDS = "#Fields: date time s-ip cs-method cs-uri-stem cs-username c-ip cs(User-Agent) sc-status\n"
LINE = "2026-03-02 09:00:00 192.0.2.1 POST /EWS/a+b.asmx CONTOSO\\ann 203.0.113.9 Outlook/16.0+(Pro) 401\n"
DEFAULT = "2026-03-02 09:00:00 192.0.2.1 GET /owa/ q=1 443 - 203.0.113.9 Mozilla/5.0 - 401 1 2148074254 15\n"


def test_lines_are_keyed_by_the_fields_line(tmp_path: Path) -> None:
    found = batch_of(tmp_path, ("#Software: Microsoft\n" + FIELDS + LINE).encode())
    assert found.container == "iis"
    assert records(found) == [
        {
            "date": "2026-03-02",
            "time": "09:00:00",
            "s-ip": "192.0.2.1",
            "cs-method": "POST",
            "cs-uri-stem": "/EWS/a+b.asmx",
            "cs-username": "CONTOSO\\ann",
            "c-ip": "203.0.113.9",
            "cs(User-Agent)": "Outlook/16.0 (Pro)",
            "sc-status": "401",
        }
    ]


def test_a_dash_is_an_absent_value(tmp_path: Path) -> None:
    (record,) = records(batch_of(tmp_path, (FIELDS + LINE.replace("CONTOSO\\ann", "-")).encode()))
    assert "cs-username" not in record


def test_fields_may_change_within_a_file(tmp_path: Path) -> None:
    content = (
        FIELDS + LINE + "#Fields: date time c-ip sc-status X-Forwarded-For\n2026-03-02 09:00:01 ::1 200 192.0.2.7\n"
    )
    assert records(batch_of(tmp_path, content.encode()))[1] == {
        "date": "2026-03-02",
        "time": "09:00:01",
        "c-ip": "::1",
        "sc-status": "200",
        "X-Forwarded-For": "192.0.2.7",
    }


def test_two_spaces_are_an_empty_value_or_a_separator_whichever_fits(tmp_path: Path) -> None:
    empty = LINE.replace("CONTOSO\\ann", "")
    doubled = LINE.replace(" CONTOSO", "  CONTOSO")
    first, second = records(batch_of(tmp_path, (FIELDS + empty + doubled).encode()))
    assert "cs-username" not in first
    assert (first["c-ip"], second["c-ip"]) == ("203.0.113.9", "203.0.113.9")
    assert second["cs-username"] == "CONTOSO\\ann"


def test_the_day_comes_from_the_date_line_and_rolls_over_at_midnight(tmp_path: Path) -> None:
    content = "#Date: 2026-12-31 00:00:00\n#Fields: time cs-method sc-status\n"
    content += "23:59:58 GET 200\n23:59:57 GET 200\n00:00:01 GET 200\n#Date: 2027-03-01 08:00:00\n08:00:00 GET 401\n"
    found = records(batch_of(tmp_path, content.encode()))
    assert [record["date"] for record in found] == ["2026-12-31", "2026-12-31", "2027-01-01", "2027-03-01"]


def test_lines_without_any_date_are_kept_and_reported(tmp_path: Path) -> None:
    found = batch_of(tmp_path, b"#Fields: time cs-method sc-status\n23:59:58 GET 200\n")
    assert records(found) == [{"time": "23:59:58", "cs-method": "GET", "sc-status": "200"}]
    assert "no #Date line" in found.problems[0].what


def test_a_line_that_does_not_fit_is_named(tmp_path: Path) -> None:
    found = batch_of(tmp_path, (FIELDS + LINE + "2026-03-02 09:00:00 cut\n" + LINE + "\0\0\0\0\n").encode())
    assert (found.records, found.unreadable) == (2, 1)
    assert found.problems[0].sentence() == "line 3: the line has 3 columns; expected 9 as in #Fields"


def test_without_fields_line_the_default_order_is_assumed_only_where_it_fits(tmp_path: Path) -> None:
    found = batch_of(tmp_path, (DEFAULT * 3 + LINE).encode())
    assert records(found)[0]["sc-win32-status"] == "2148074254"
    assert (found.records, found.unreadable) == (3, 1)
    assert "order of columns was assumed" in found.problems[0].what
    assert "#Fields line" in skipped_of(tmp_path, (LINE * 3).encode()).reason


OTHER_LAYOUTS = (
    r"2026-03-02 09:00:00 EX01 10.0.0.1 POST /EWS/Exchange.asmx a=b 443 CONTOSO\anna 203.0.113.9 Outlook/16.0+(x) - "
    "200 0 0 52 198.51.100.7 59050\n"
    "2026-03-02 09:00:01 W3SVC1 EX01 fe80::1%3 POST /owa/ - 443 - 203.0.113.9 curl/8 - c=1 contoso.example 401 1 5 9\n"
)


def test_without_fields_line_the_columns_of_a_request_are_told_by_what_they_hold(tmp_path: Path) -> None:
    found = batch_of(tmp_path, OTHER_LAYOUTS.encode())
    wanted = ("s-ip", "cs-method", "cs-uri-stem", "s-port", "cs-username", "c-ip", "cs(User-Agent)", "sc-status")
    assert [tuple(record.get(name, "") for name in wanted) for record in records(found)] == [
        ("10.0.0.1", "POST", "/EWS/Exchange.asmx", "443", "CONTOSO\\anna", "203.0.113.9", "Outlook/16.0 (x)", "200"),
        ("fe80::1%3", "POST", "/owa/", "443", "", "203.0.113.9", "curl/8", "401"),
    ]


def test_a_utf16_log_is_read(tmp_path: Path) -> None:
    assert batch_of(tmp_path, (FIELDS + LINE).encode("utf-16")).records == 1


def test_hostile_lines_take_no_more_time_than_others(tmp_path: Path) -> None:
    tokens = ["2026-03-02", "09:00:00", ":" * 3_000_000, *DEFAULT.split()[3:]]
    found = batch_of(tmp_path, (DEFAULT * 3 + " ".join(tokens) + "\n").encode())
    assert (found.records, found.unreadable) == (3, 1)


def test_a_folder_of_logs_gives_one_batch_per_file(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    for name in ("u_ex2.log", "u_ex1.log"):
        (logs / name).write_text(FIELDS + LINE * int(name[4]))
    found = [result for result in intake([str(logs)], scratch(tmp_path)) if isinstance(result, Batch)]
    assert [batch.path for batch in found] == [str(logs / "u_ex1.log"), str(logs / "u_ex2.log")]
