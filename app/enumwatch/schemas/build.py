"""Writes the schemas of the output: `python -m enumwatch.schemas.build [--check]`.

`--check` writes nothing and ends with 1, naming the file, where one is not what the records say.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ..core.contact import Contact
from ..core.verdict import Verdict
from ..engines.summary_record import Summary
from . import SCHEMA_FOLDER
from .meanings import MEANINGS
from .record import schema_of

Out = Callable[[str], None]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_RECORDS: Mapping[str, type] = {"verdict": Verdict, "contact": Contact, "summary": Summary}


def schemas() -> Mapping[str, str]:
    """Return the schema files by name, as text."""
    return {
        f"{name}.schema.json": json.dumps(
            {"$schema": _DIALECT, "title": f"enumwatch {name}", **schema_of(record, MEANINGS)}, indent=2
        )
        + "\n"
        for name, record in _RECORDS.items()
    }


def stale(folder: Path = SCHEMA_FOLDER) -> list[Path]:
    """Return the files that are not what the records say."""
    return [
        folder / name
        for name, text in schemas().items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]


def build(folder: Path = SCHEMA_FOLDER) -> None:
    """Write every schema."""
    for name, text in schemas().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def main(arguments: Sequence[str] | None = None, out: Out = print) -> int:
    """Run the command line; returns 0, or 1 for a stale file."""
    parser = argparse.ArgumentParser(prog="python -m enumwatch.schemas.build", description="Write the output schemas.")
    parser.add_argument("--check", action="store_true", help="write nothing, end with 1 where a file is stale")
    if not parser.parse_args(arguments).check:
        build()
        out("wrote " + ", ".join(schemas()))
        return 0
    found = stale()
    for path in found:
        out(f"{path.name} is stale: run python -m enumwatch.schemas.build")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
