"""Plays: the small simulated logs on which searches are run, and the records of what came out.

A record belongs to the text of its search and to its input, both by their hash. `python -m tests.splunk.plays` makes the
records anew, where the SPL engine is, and refuses where the contacts are not DuckDB's.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from enumwatch.core.contact import Contact
from enumwatch.engines.splunk.macros import contacts_search
from enumwatch.simulate import simulate

from .contact_rows import by_duckdb, by_splunk, expanded
from .engine import Engine, why_not
from .indexed import FORMS, indexed

RECORDS = Path(__file__).with_name("records")
PLAYS = (
    ("fast_enumeration", "entra_signin"),
    ("enumeration_then_success", "entra_signin"),
    ("account_short_life", "entra_audit"),
    ("directory_harvest", "graph_activity"),
    ("enumeration_then_success", "m365_audit"),
    ("account_short_life", "m365_audit"),
    ("enumeration_then_success", "okta_system"),
    ("account_short_life", "okta_system"),
    ("password_spray", "workspace_login"),
    ("account_bulk_upload", "workspace_admin"),
    ("autodiscover_enumeration", "iis"),
    ("outlook_autodiscover", "exchange_httpproxy"),
    ("enumeration_then_success", "windows_security"),
    ("account_short_life", "windows_security"),
    ("account_burst", "message_trace"),
)
Record = dict[str, object]


@contextmanager
def played(scenario: str, source: str) -> Iterator[Path]:
    """The file of a play, as the add-on of its log reads it."""
    with TemporaryDirectory() as folder:
        (file,) = simulate(scenario, source, seed=5, out=Path(folder), users=20, form=FORMS[source]).files
        yield file


def record(source: str, file: Path, contacts: Iterable[Contact]) -> Record:
    """What is kept of a play: hashes of the search, of the input and of the contacts, and the first of them to look at."""
    rows = [list(contact) for contact in contacts]
    return {
        "search": _digest(expanded(contacts_search(source)).encode()),
        "input": _digest(file.read_bytes()),
        "contacts": _digest(json.dumps(rows).encode()),
        "rows": len(rows),
        "first": rows[0] if rows else None,
    }


def record_file(scenario: str, source: str) -> Path:
    return RECORDS / f"{source}-{scenario}.json"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def main() -> int:
    """Makes every record anew; returns 1 where one could not be made."""
    if why_not():
        print(why_not())
        return 1
    engine, code = Engine(), 0
    RECORDS.mkdir(exist_ok=True)
    for scenario, source in PLAYS:
        with played(scenario, source) as file:
            contacts = by_splunk(engine, source, indexed(source, file))
            if contacts == by_duckdb([file]):
                text = json.dumps(record(source, file, contacts), indent=1) + "\n"
                record_file(scenario, source).write_text(text, encoding="utf-8", newline="\n")
                print(f"{source} {scenario}: {len(contacts)} contacts")
            else:
                print(f"{source} {scenario}: contacts are not DuckDB's, nothing written")
                code = 1
    return code


if __name__ == "__main__":
    sys.exit(main())
