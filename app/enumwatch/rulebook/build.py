"""Builds what is generated from the rules: `python -m enumwatch.rulebook.build [--check | --lock]`.

Without an option it writes rulebook.json and the schemas for editors; `--lock` also brings rulebook.lock up to date;
`--check` writes nothing and ends with 1, naming the file, where one of them is not what the rules say.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from .. import __version__
from .compiled import COMPILED_FILE
from .compiling import compile, to_text
from .load import Rulebook, load
from .lock import LOCK_FILE, forbidden, lock_text, read_lock, stale, updated
from .problems import RuleProblems
from .schemas import SCHEMA_FOLDER, schemas

Out = Callable[[str], None]


def build(out: Out, rulebook: Rulebook, json_file: Path = COMPILED_FILE, schema_folder: Path = SCHEMA_FOLDER) -> None:
    """Write the compiled rulebook and the schemas."""
    for name, text in schemas().items():
        (schema_folder / name).write_text(text, encoding="utf-8", newline="\n")
    json_file.write_text(to_text(compile(rulebook)), encoding="utf-8", newline="\n")
    out(f"wrote {json_file.name}")


def update_lock(out: Out, rulebook: Rulebook, lock_file: Path = LOCK_FILE, release: str = __version__) -> None:
    """Write the lock; raises RuleProblems for changes that need a new version or a new id."""
    lock = read_lock(lock_file)
    problems = forbidden(lock, rulebook, release)
    if problems:
        raise RuleProblems(problems)
    lock_file.write_text(lock_text(updated(lock, rulebook, release)), encoding="utf-8", newline="\n")
    out(f"wrote {lock_file.name}")


def check(
    out: Out,
    rulebook: Rulebook,
    json_file: Path = COMPILED_FILE,
    lock_file: Path = LOCK_FILE,
    release: str = __version__,
    schema_folder: Path = SCHEMA_FOLDER,
) -> int:
    """Return 0 where every generated file is what the rules say, else 1 after naming those that are not."""
    wanted = {json_file: to_text(compile(rulebook))}
    wanted.update((schema_folder / name, text) for name, text in schemas().items())
    is_fresh = True
    for path, text in wanted.items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            out(f"{path.name} is stale: run python -m enumwatch.rulebook.build")
            is_fresh = False
    problems = stale(read_lock(lock_file), rulebook, release)
    for problem in problems:
        out(str(problem))
    return 0 if is_fresh and not problems else 1


def main(arguments: Sequence[str] | None = None, out: Out = print) -> int:
    """Run the command line; returns 0, 1 for a stale file, 2 for broken rules."""
    parser = argparse.ArgumentParser(prog="python -m enumwatch.rulebook.build", description="Compile the rulebook.")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--check", action="store_true", help="write nothing, end with 1 where a file is stale")
    choice.add_argument("--lock", action="store_true", help="also bring the lock file up to date")
    options = parser.parse_args(arguments)
    try:
        rulebook = load()
        if options.check:
            return check(out, rulebook)
        if options.lock:
            update_lock(out, rulebook)
        build(out, rulebook)
    except RuleProblems as error:
        for problem in error.problems:
            out(str(problem))
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
