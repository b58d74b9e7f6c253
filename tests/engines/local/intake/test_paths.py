from __future__ import annotations

import io
import os
import threading
from pathlib import Path

import pytest

from enumwatch.engines.local.intake import Batch, Skipped, discover, intake

from .reading import records, scratch


def files(*paths: Path | str) -> list[str]:
    return [found.file for found in discover([str(path) for path in paths]) if found.problem is None]


def faults(*paths: Path | str) -> list[str]:
    return [found.problem.what for found in discover([str(path) for path in paths]) if found.problem is not None]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("b/2.json", "b/1.json", "a/x/deep.log", "c.csv", ".DS_Store", "a/._c.csv", "a/Thumbs.db"):
        file = tmp_path / "tree" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    return tmp_path / "tree"


def test_a_folder_is_read_recursively_in_name_order_without_litter(tree: Path) -> None:
    assert files(tree) == [str(tree / name) for name in ("a/x/deep.log", "b/1.json", "b/2.json", "c.csv")]


def test_what_simulate_writes_beside_logs_and_lookup_tables_are_passed_over(tree: Path) -> None:
    for name in ("labels.ndjson", "truth.json", "run.json", "lookups/enumwatch_domains.csv", "a/truth.json"):
        (tree / name).parent.mkdir(exist_ok=True)
        (tree / name).write_text(name)
    found = [str(tree / name) for name in ("a/truth.json", "a/x/deep.log", "b/1.json", "b/2.json", "c.csv")]
    assert files(tree) == found
    (tree / "truth.json").unlink()  # labels without truth are not those of a simulation
    assert files(tree) == [*found, str(tree / "labels.ndjson"), str(tree / "run.json")]
    assert files(tree / "lookups" / "enumwatch_domains.csv") != []


def test_globs_match_at_one_level_and_at_any_with_two_stars(tree: Path) -> None:
    assert files(f"{tree}/*.csv") == [str(tree / "c.csv")]
    assert files(f"{tree}/**/*.json") == [str(tree / "b/1.json"), str(tree / "b/2.json")]
    assert files(f"{tree}/**/deep.*") == [str(tree / "a/x/deep.log")]
    assert files(f"{tree}/[ab]/?.json") == [str(tree / "b/1.json"), str(tree / "b/2.json")]


def test_two_stars_at_the_end_match_all_files_below(tree: Path) -> None:
    assert sorted(files(f"{tree}/**")) == sorted(files(tree))


def test_a_file_whose_name_looks_like_a_glob_is_taken_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "a[1].json").write_text("x")
    (tmp_path / "a1.json").write_text("y")
    assert files(tmp_path / "a[1].json") == [str(tmp_path / "a[1].json")]


def test_a_relative_glob_is_expanded_from_the_working_folder(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)
    assert files("b/*.json") == ["b/1.json", "b/2.json"]


def test_a_path_named_twice_is_read_once_without_a_word(tree: Path) -> None:
    assert files(tree / "c.csv", tree, f"{tree}/*.csv").count(str(tree / "c.csv")) == 1
    assert faults(tree / "c.csv", tree / "c.csv") == []


def test_a_second_name_of_the_same_file_is_reported_as_repeated(tree: Path) -> None:
    os.link(tree / "c.csv", tree / "d.csv")
    assert files(tree).count(str(tree / "d.csv")) == 0
    assert faults(tree) == [f"it is the same file as {tree / 'c.csv'}, which was read already"]


def test_a_copy_under_another_name_is_reported_as_repeated(tree: Path) -> None:
    (tree / "d.csv").write_bytes((tree / "c.csv").read_bytes())
    assert files(tree).count(str(tree / "d.csv")) == 0
    assert faults(tree) == [f"it is a copy, byte for byte, of {tree / 'c.csv'}, which was read already"]


def test_files_of_one_size_that_differ_late_are_both_read(tmp_path: Path) -> None:
    for name, last in (("a.log", "a"), ("b.log", "b"), ("c.log", "a")):
        (tmp_path / name).write_text("x" * 3_000_000 + last)
    assert files(tmp_path) == [str(tmp_path / "a.log"), str(tmp_path / "b.log")]


def test_empty_files_are_no_copies_of_each_other(tmp_path: Path) -> None:
    for name in ("a.log", "b.log"):
        (tmp_path / name).touch()
    assert len(files(tmp_path)) == 2


def test_a_missing_path_and_a_glob_without_match_are_named_and_the_rest_goes_on(tree: Path) -> None:
    assert faults(tree / "gone", f"{tree}/*.zip", tree / "c.csv") == [
        "there is no such file",
        "no file matches this pattern",
    ]
    assert files(tree / "gone", tree / "c.csv") == [str(tree / "c.csv")]


def test_links_in_a_circle_end_and_are_named(tree: Path) -> None:
    (tree / "a" / "up").symlink_to(tree, target_is_directory=True)
    (tree / "self").symlink_to("self")
    found = faults(tree)
    assert f"it is the same folder as {tree}, which was read already" in found
    assert any(what.startswith("it cannot be opened") for what in found)
    assert len(files(f"{tree}/**/*.json")) == 2


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    assert faults(tmp_path) == ["the folder holds no files"]


@pytest.mark.parametrize("path", ["a\0b", "", "x" * 5000])
def test_an_impossible_path_is_a_problem(path: str) -> None:
    assert len(faults(path)) == 1


def test_a_deep_tree_does_not_exhaust_the_stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    depth = 1200
    for _ in range(depth):
        os.mkdir("d")
        os.chdir("d")
    Path("leaf.log").write_text("x")
    found = files(tmp_path)
    Path("leaf.log").unlink()
    for _ in range(depth):  # shutil.rmtree, which pytest uses, recurses
        os.chdir("..")
        os.rmdir("d")
    assert found == [str(tmp_path.joinpath(*["d"] * depth, "leaf.log"))]


def test_a_folder_without_permission_is_named(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = os.listdir

    def refuse(path: str) -> list[str]:
        if str(path).endswith("/b"):
            raise PermissionError(13, "Permission denied", path)
        return listed(path)

    monkeypatch.setattr(os, "listdir", refuse)
    assert faults(tree) == ["permission to read it is missing"]
    assert str(tree / "c.csv") in files(tree)


def test_a_pipe_in_a_folder_is_not_waited_for(tree: Path) -> None:
    os.mkfifo(tree / "pipe")
    assert faults(tree) == ["it is a device, socket or pipe"]


def test_a_pipe_that_is_named_is_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b'{"a":1}\n{"a":2}\n',))
    writer.start()
    (found,) = intake([str(pipe)], scratch(tmp_path))
    writer.join()
    assert isinstance(found, Batch)
    assert records(found) == [{"a": 1}, {"a": 2}]


def test_a_dash_reads_standard_input(tmp_path: Path) -> None:
    (found,) = intake(["-"], scratch(tmp_path), stdin=io.BytesIO(b'[{"a":1}]'))
    assert isinstance(found, Batch)
    assert (found.path, records(found)) == ("-", [{"a": 1}])


def test_a_file_that_vanishes_after_it_was_found_is_named(tmp_path: Path) -> None:
    for name in ("a.ndjson", "b.ndjson"):
        (tmp_path / name).write_text('{"a":1}\n')
    results = intake([str(tmp_path / "a.ndjson"), str(tmp_path / "b.ndjson")], scratch(tmp_path))
    assert isinstance(next(results), Batch)
    found_before = discover([str(tmp_path / "b.ndjson")])
    assert next(found_before).problem is None
    (tmp_path / "b.ndjson").unlink()
    (lost,) = results
    assert isinstance(lost, Skipped)
    assert "no such file" in lost.reason


def test_a_file_name_that_is_not_utf8_is_shown_escaped_and_read(tmp_path: Path) -> None:
    name = os.fsdecode(os.fsencode(tmp_path) + b"/log\xff.ndjson")
    Path(name).write_text('{"a":1}\n')
    (found,) = intake([name], scratch(tmp_path))
    assert isinstance(found, Batch)
    assert found.path.endswith(r"log\xff.ndjson")
    assert records(found) == [{"a": 1}]


@pytest.mark.parametrize("name", ["a*.ndjson", "q[1].ndjson", "tenant=x/y=2026/PT1H.json", "2026-03-02T09:00.json"])
def test_names_that_duckdb_would_read_a_meaning_into_get_a_plain_one(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('{"a":1}\n')
    (found,) = intake([str(file)], scratch(tmp_path))
    assert isinstance(found, Batch)
    assert found.path == str(file)
    assert not set("*[]=:") & set(found.file)
    assert records(found) == [{"a": 1}]
