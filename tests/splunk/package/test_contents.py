"""What is in the package: what runs inside Splunk, and nothing else."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.core.test_other_pythons import interpreter
from tests.splunk.fetched import ROOT, fetched
from tests.splunk.unpacked import packaged, unpack

from enumwatch.splunk.package.contents import APP, contents
from enumwatch.splunk.package.imports import imports_of
from enumwatch.splunk.package.packaged import PackageError
from enumwatch.splunk.package.vendored import VENDORED

ALLOWED = re.compile(
    r"README\.md|LICENSE|app\.manifest|"
    r"app/enumwatch/rulebook\.json|app/enumwatch/([a-z0-9_]+/)*[a-z0-9_]+\.py|"
    r"bin/[a-z]+\.py|default/[a-z_]+\.conf|default/data/ui/(nav|views)/[a-z_]+\.xml|README/[a-z_]+\.conf\.spec|"
    r"lib/(splunklib|splunklib/searchcommands|idna|publicsuffixlist|confusable_homoglyphs)/\w+\.(py|json|dat)|"
    r"lib/licences/[a-z-]+\.txt|lookups/enumwatch_[a-z_]+\.csv|metadata/default\.meta|static/appIcon(Alt)?(_2x)?\.png"
)

# Parts of the product that run inside Splunk; of the last ones only these modules.
PARTS = {"core", "domains", "simulate", "tuning", "splunk"}
MODULES = re.compile(
    r"__init__|beside_logs|cells|exported|lookups|"
    r"engines/(__init__|summary_record)|report/(__init__|visible|layout)|splunk/(__init__|commands/.*)|"
    r"rulebook/(__init__|compiled|detection|condition|limit|ranges|vocabulary|duration|path|pattern|playbook|problems)"
)

# Used only where its format is asked for, which nobody can inside Splunk.
LAZY = {"duckdb"}


def texts() -> dict[str, str]:
    return {file.path: file.content.decode() for file in packaged() if not file.path.endswith(".png")}


def test_every_file_is_on_the_allow_list() -> None:
    assert [file.path for file in packaged() if not ALLOWED.fullmatch(file.path)] == []


def test_only_parts_that_run_inside_splunk_are_taken() -> None:
    modules = [path[len("app/enumwatch/") : -3] for path in texts() if path.startswith("app/") and path.endswith(".py")]
    wrong = [one for one in modules if one.partition("/")[0] not in PARTS - {"splunk"} and not MODULES.fullmatch(one)]
    assert wrong == []


def test_everything_that_a_command_needs_at_once_is_there() -> None:
    scripts = sorted((ROOT / "bin").glob("*.py"))
    others = imports_of(scripts, APP).others
    taken = {path.split("/")[1] for path in texts() if path.startswith("lib/")}
    assert {name: sorted(files) for name, files in others.items() if name not in sys.stdlib_module_names | taken} == {}


def test_no_test_no_personal_file_and_nothing_hidden_gets_in() -> None:
    parts = {part for file in packaged() for part in file.path.split("/")}
    assert [part for part in parts if part.startswith((".", "test")) or part.endswith((".pyc", ".bak"))] == []
    assert not parts & {"local", "local.meta", "__pycache__", "cli.py", "ai", "build.py", "load.py"}


@pytest.mark.parametrize("version", ["3.9", "3.13"])
def test_every_module_compiles_and_texts_are_plain(version: str, tmp_path: Path) -> None:
    app = unpack(tmp_path)
    script = "import sys; [compile(open(p, encoding='utf-8').read(), p, 'exec', 0, True) for p in sys.argv[1:]]"
    files = [str(path) for path in sorted(app.rglob("*.py"))]
    ended = subprocess.run([interpreter(version), "-I", "-S", "-W", "error", "-c", script, *files], capture_output=True)
    assert ended.returncode == 0, ended.stderr.decode()
    assert [path for path, text in texts().items() if "\r" in text and not path.startswith("lib/")] == []


def test_licences_of_all_that_is_taken_along_are_there() -> None:
    for one in VENDORED:
        assert len(texts()[f"lib/licences/{one.name}.txt"]) > 500
    assert texts()["LICENSE"] == (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_versions_of_what_is_taken_along_are_the_locked_ones() -> None:
    pinned = dict(re.findall(r"^([a-z-]+)==(\S+)", (ROOT / ".ci" / "splunk-app.lock").read_text(), re.MULTILINE))
    assert {one.name: one.version for one in VENDORED} == pinned
    everywhere = dict(re.findall(r"^([a-z-]+)==(\S+)", (ROOT / ".ci" / "requirements.lock").read_text(), re.MULTILINE))
    assert {name: pinned[name] for name in pinned if name != "splunk-sdk"} == {
        name: everywhere[name] for name in pinned if name != "splunk-sdk"
    }


def test_the_sdk_is_whole_but_for_the_part_that_is_left_out() -> None:
    """Every module of the SDK that a shipped one of it imports is shipped."""
    shipped = {path for path in texts() if path.startswith("lib/splunklib/")}
    for path in shipped:
        for node in ast.walk(ast.parse(texts()[path])):
            name = node.module if isinstance(node, ast.ImportFrom) and not node.level else None
            if name and name.startswith("splunklib"):
                place = "lib/" + name.replace(".", "/")
                assert {f"{place}.py", f"{place}/__init__.py"} & shipped, (path, name)


def test_a_checkout_with_a_hole_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"^app.manifest, LICENSE, .* cannot be found: install enumwatch again, or"):
        contents(fetched("vendored"), tmp_path)
