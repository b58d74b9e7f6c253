"""A log given under two names counts once, and is named."""

from __future__ import annotations

from pathlib import Path

from .running import Run, says
from .test_bad_input import summary_of


def write_iis(path: Path) -> None:
    """A log whose records carry no id, so nothing but their bytes tells a copy."""
    rows = [f"2026-03-02 09:00:0{n} 10.0.0.1 GET /owa - 443 - 192.0.2.7 curl - 401 0 0 5" for n in range(2)]
    fields = "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer)"
    head = f"#Software: Microsoft Internet Information Services 10.0\n#Fields: {fields} sc-status sc-substatus"
    path.write_text("\n".join([f"{head} sc-win32-status time-taken", *rows, ""]))


def test_a_copy_under_another_name_counts_once_and_is_named(run: Run, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    for name in ("u_ex260302.log", "copy.log"):
        write_iis(logs / name)
    (logs / "link.log").symlink_to(logs / "copy.log")
    summary, code, err = summary_of(run, tmp_path, "--strict", logs)
    assert code == 0, "it was read in full"
    assert (summary["records"], summary["events"]) == (2, 2)
    assert [Path(file["duplicate_of"] or "").name for file in summary["files"]] == ["", "copy.log", "copy.log"]
    assert says(err, "Read 1 file: 2 records")
    assert says(err, f"{logs / 'u_ex260302.log'}: it is a copy, byte for byte, of {logs / 'copy.log'}, which was read")
    assert "Could not be read in full" not in err
