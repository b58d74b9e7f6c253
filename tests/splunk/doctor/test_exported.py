"""Listings of btool and exported results are read; what cannot be read is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from enumwatch.cli import main
from enumwatch.splunk.doctor.exported import ExportError, read_export

BTOOL = """\
[enumwatch_index]
definition = index=summary
iseval = 0
[enumwatch_rank]
definition = eval rank=1\\
| where sourcetype="x" OR a=b
disabled =
"""
DEBUG = """\
/opt/splunk/etc/apps/enumwatch/default/macros.conf [enumwatch_index]
/opt/splunk/etc/apps/enumwatch/local/macros.conf   definition = index=other
C:\\Splunk\\etc\\system\\default\\macros.conf        iseval = 0
"""


def written(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "export.txt"
    path.write_bytes(text.encode(encoding))
    return path


def test_listings_of_btool_are_read(tmp_path: Path) -> None:
    rank = {"definition": 'eval rank=1\n| where sourcetype="x" OR a=b', "disabled": ""}
    expected = {"enumwatch_index": {"definition": "index=summary", "iseval": "0"}, "enumwatch_rank": rank}
    assert read_export(written(tmp_path, BTOOL)) == (expected, [])
    assert read_export(written(tmp_path, BTOOL.replace("\\\n", "\n"))) == (expected, [])
    assert read_export(written(tmp_path, BTOOL.replace("\n", "\r\n"), "utf-16")) == (expected, [])
    stanzas = read_export(written(tmp_path, DEBUG)).stanzas
    assert stanzas == {"enumwatch_index": {"definition": "index=other", "iseval": "0"}}


@pytest.mark.parametrize(
    "text",
    [
        'a,"b"\r\n1,"x\r\ny"\r\n',
        '{"preview":false,"result":{"a":"1","b":"x\\r\\ny"}}\n',
        '{"results":[{"a":1,"b":"x\\r\\ny"}]}',
        '[{"a":"1","b":"x\\r\\ny"}]',
    ],
)
def test_exported_results_are_read(text: str, tmp_path: Path) -> None:
    assert read_export(written(tmp_path, text)) == ({}, [{"a": "1", "b": "x\r\ny"}])


UNREADABLE = {
    "empty": (" \n", "{path} is empty: export it again, the search or btool found nothing"),
    "broken JSON": (
        '{"a":',
        "{path} is no JSON (Expecting value: line 1 column 6 (char 5)): export the search again as CSV or JSON",
    ),
    "no rows": ('[{"a": 1}, 5]', "{path} holds no rows of a search: export the search again as CSV or JSON"),
    "broken CSV": ('a,b\n1,"x', "{path} is no CSV (unexpected end of data): export the search again as CSV or JSON"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_unreadable_file_is_named(name: str, tmp_path: Path) -> None:
    text, message = UNREADABLE[name]
    path = written(tmp_path, text)
    with pytest.raises(ExportError) as caught:
        read_export(path)
    assert str(caught.value) == message.format(path=path)


def test_json_that_is_nested_too_deep_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="is no JSON"):
        read_export(written(tmp_path, '{"a":' * 100_000))


def test_a_file_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["splunk", "doctor", str(tmp_path / "none")]) == 2
    message = f"enumwatch: {tmp_path / 'none'} cannot be read (No such file or directory): name a file\n"
    assert capsys.readouterr().err == message


def test_a_file_of_something_else_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, "a,b\n1,2\n")
    assert main(["splunk", "doctor", str(path)]) == 2
    message = f"enumwatch: {path} holds nothing of enumwatch: see `Doctor` in docs/splunk.md for the files to export\n"
    assert capsys.readouterr().err == message
