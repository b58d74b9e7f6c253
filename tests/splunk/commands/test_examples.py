"""The help of the commands is true: every example runs, every option is there, every command is described."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from tests.splunk.conf_reader import read_conf
from tests.splunk.fetched import ROOT
from tests.splunk.harness import Row, converse, split

from enumwatch.splunk.content.commands import COMMANDS, stanzas
from enumwatch.splunk.reference import declared

ALL_EXAMPLES = [(command.name, search) for command in COMMANDS for _, search in command.examples]
# A search that is nothing but one of our macros asks for what only Splunk keeps; the views' tests run those.
EXAMPLES = [(name, search) for name, search in ALL_EXAMPLES if "|" in search]
NAMES = {command.name for command in COMMANDS}


def sign_ins() -> list[Row]:
    """A roll call among sign-ins, under the names of the common information model and those of our own macros."""
    return [
        {
            "_time": str(1_700_000_000 + 7 * number),
            "sourcetype": "azure:monitor:aad",
            "log_source": "entra_signin",
            "kind": "sign_in",
            "src": "203.0.113.9",
            "user": f"n{number}@mailinator.com",
            "user_agent": "python-requests/2.31",
            "app": "Office",
            "action": "failure",
            "signature_id": "50034",
            "result": "INVALID_CREDENTIALS",
        }
        for number in range(60)
    ]


@pytest.mark.parametrize(("command", "search"), EXAMPLES)
def test_every_example_runs(command: str, search: str, python: str, app: Path) -> None:
    """Our commands in it are run, one on the rows of the one before; what else is in it is Splunk's."""
    rows, ran = sign_ins(), []
    for part in (one.strip() for one in search.split("|")):
        name, *arguments = shlex.split(part) if part and not part.startswith("`") else [""]
        if name in NAMES:
            ended = converse(python, app, name, split(rows, [7, 0]), arguments)
            assert (ended.exit_code, ended.messages, ended.stderr) == (0, [], ""), part
            rows = list(ended.rows)
            assert rows != [], part
            ran.append(name)
    assert command in ran


def test_every_command_is_described_with_all_its_options() -> None:
    told = {command.name: set(re.findall(r"\((\w+)=<\w+>\)\?", command.syntax)) for command in COMMANDS}
    assert told == {one.name: set(one.options) for one in declared()}
    assert all(command.syntax.split()[0] == command.name for command in COMMANDS)


def test_the_class_of_a_script_is_named_after_its_command() -> None:
    """The SDK reads the name of a command from its class, and Splunk from the stanza."""
    for command in COMMANDS:
        script = Path(__file__).parents[3] / "bin" / f"{command.name}.py"
        (name,) = re.findall(r"^class (\w+)Command\(", script.read_text(encoding="utf-8"), re.MULTILINE)
        assert name.lower() == command.name


def test_related_commands_exist() -> None:
    for stanza in stanzas():
        if stanza.file == "searchbnf":
            assert set(stanza.keys["related"].split(", ")) <= NAMES


def test_an_example_that_is_one_macro_calls_its_command() -> None:
    macros = read_conf((ROOT / "default" / "macros.conf").read_text(encoding="utf-8"))
    alone = [one for one in ALL_EXAMPLES if one not in EXAMPLES]
    assert alone
    for command, search in alone:
        (name,) = re.findall(r"^`(\w+)\(", search)
        assert f"| {command}" in macros[f"{name}(1)"]["definition"]
