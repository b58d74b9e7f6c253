"""Every conf file of the package is parsed strictly by ksconf, and says what Splunk needs of commands."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.splunk.conf_reader import read_conf
from tests.splunk.fetched import ROOT
from tests.splunk.unpacked import packaged, unpack

pytest.importorskip("ksconf", reason="ksconf is a development requirement")


def checked(files: list[Path]) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("ksconf")
    return subprocess.run([str(program), "check", *map(str, files)], capture_output=True, text=True)


def test_every_conf_file_is_parsed_strictly(tmp_path: Path) -> None:
    app = unpack(tmp_path)
    files = [*sorted((app / "default").glob("*.conf")), app / "metadata" / "default.meta"]
    ended = checked(files)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert len(files) > 8


@pytest.mark.parametrize("text", ["[a]\nx = 1\n[a]\ny = 2\n", "[a\nx = 1\n", "[a]\nno key\n"])
def test_a_faulty_conf_file_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "macros.conf"
    file.write_text(text)
    assert checked([file]).returncode != 0


def test_every_command_is_declared_as_its_script_is_named() -> None:
    commands = next(file.content.decode() for file in packaged() if file.path == "default/commands.conf")
    stanzas = read_conf(commands)
    assert sorted(stanzas) == sorted(path.stem for path in (ROOT / "bin").glob("*.py"))
    for name, keys in stanzas.items():
        assert keys["filename"] == f"{name}.py"
        assert keys["chunked"] == "true"
        assert keys["python.version"] == "python3"
        assert {one.strip() for one in keys["python.required"].split(",")} == {"3.9", "3.13"}
