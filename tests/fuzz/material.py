"""Material: sound files of every form, from the simulation always and from real systems where samples are at hand."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import duckdb

from enumwatch.simulate import SHAPES, simulate

from .attempts import ROOT, Attempts

SAMPLES = Path(os.environ.get("ENUMWATCH_SHARED", ROOT.parent / "shared")) / "samples"
# Larger samples only make cases slow; their first lines are as good.
_LARGEST_BYTES = 300_000
# Of each log one play that is short and leads to something.
_PLAYS = {
    "entra_signin": "fast_enumeration",
    "entra_audit": "account_burst",
    "graph_activity": "directory_harvest",
    "m365_audit": "fast_enumeration",
    "okta_system": "password_guessing",
    "workspace_login": "password_spray",
    "workspace_admin": "account_bulk_upload",
    "iis": "autodiscover_enumeration",
    "exchange_httpproxy": "autodiscover_enumeration",
    "windows_security": "kerberos_enumeration",
    "message_trace": "account_burst",
}
_EVENTS = 60
SOUND_SEED = 4242  # of the log that lies beside the spoiled ones; no other organisation is made from it


class Sound(NamedTuple):
    """A sound file: how its reader is called in the report, and what is in it."""

    reader: str
    name: str
    content: bytes


def _reader_of(name: str) -> str:
    suffix = Path(name).suffix.lstrip(".")
    return {"jsonl": "ndjson", "txt": "splunk text", "log": "w3c"}.get(suffix, suffix)


@lru_cache(maxsize=1)
def simulated_files(folder: Path) -> tuple[Sound, ...]:
    """Every log in every form that the simulation writes."""
    found: list[Sound] = []
    for seed, (source, scenario) in enumerate(_PLAYS.items(), start=1):
        for form in SHAPES[source].forms:
            place = folder / form
            file = simulate(scenario, source, seed=seed, out=place, users=20, events=_EVENTS, form=form).files[0]
            reader = "windows xml" if file.suffix == ".xml" else _reader_of(file.name)
            found.append(Sound(reader, f"{source}-{form}{file.suffix}", file.read_bytes()))
    return tuple(found)


@lru_cache(maxsize=1)
def real_files() -> tuple[Sound, ...]:
    """What real systems wrote; empty where there are no samples."""
    found = []
    for file in sorted(SAMPLES.rglob("*")):
        if file.is_file() and file.name != "README.md":
            content = file.read_bytes()
            is_lines = file.suffix in (".ndjson", ".jsonl", ".csv", ".log")
            if len(content) > _LARGEST_BYTES and is_lines:
                content = content[: content.rindex(b"\n", 0, _LARGEST_BYTES) + 1]
            found.append(Sound(_reader_of(file.name), f"sample-{file.name}", content))
    return tuple(found)


class Made(NamedTuple):
    """What the product wrote of its own material, by what each is: readers of those files are fuzzed with it."""

    folder: Path
    sound_log: Path
    files: Mapping[str, bytes]


def made(folder: Path, attempts: Attempts) -> Made:
    """Contact tables, findings, a state, an overlay and an answer key of a log that is sound."""
    log = simulate("enumeration_then_success", "entra_signin", seed=SOUND_SEED, out=folder / "sound", users=20).files[0]
    # Contacts of the same log would be counted to its own.
    other = simulate("password_spray", "entra_signin", seed=SOUND_SEED + 1, out=folder / "other", users=20).files[0]
    wanted = {
        "contacts.parquet": ["contacts", str(other), "--format", "parquet", "--output", "contacts.parquet"],
        "contacts.csv": ["contacts", str(other), "--format", "csv", "--output", "contacts.csv"],
        "contacts.ndjson": ["contacts", str(other), "--output", "contacts.ndjson"],
        "findings.ndjson": ["scan", str(log), "--format", "ndjson", "--output", "findings.ndjson", "--triage"],
        "findings.json": ["scan", str(log), "--format", "json", "--output", "findings.json"],
        "findings.csv": ["scan", str(log), "--format", "csv", "--output", "findings.csv"],
        "enumwatch.state": ["scan", str(log), "--state", "enumwatch.state"],
    }
    files: dict[str, bytes] = {}
    for name, arguments in wanted.items():
        ended = attempts.run(folder, arguments)
        assert ended.code == 0, ended
        files[name] = (folder / name).read_bytes()
    duckdb.execute(
        f"COPY (SELECT * FROM '{folder / 'contacts.parquet'}') TO '{folder / 'gzip.parquet'}' (COMPRESSION gzip)"
    )
    files["gzip.parquet"] = (folder / "gzip.parquet").read_bytes()
    for name in ("truth.json", "labels.ndjson"):
        files[name] = (folder / "sound" / name).read_bytes()
    return Made(folder, log, files)
