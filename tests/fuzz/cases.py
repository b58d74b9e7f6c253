"""Cases: for each surface that takes bytes, files made for one attempt, and the command line that reads them."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.simulate.sending.runs import manifest_of, played

from enumwatch.simulate.sending.manifest import write_manifest

from .attempts import ROOT
from .material import Made, Sound
from .spoiling import GENERAL, TEXTUAL, packed, spoiled, token

BINARY = ("evtx", "parquet", "enumwatch.state")
SUMMARY = "summary.json"


class Case(NamedTuple):
    """One attempt: `readers` are what it tries, `is_scan` where the sound log lies beside what is spoiled."""

    readers: tuple[str, ...]
    arguments: list[str]
    is_scan: bool = False


class Stock(NamedTuple):
    """Everything sound that cases are made from."""

    sound: Sequence[Sound]
    made: Made


def _scan(stock: Stock, readers: Sequence[str], *more: str) -> Case:
    arguments = ["scan", "in", str(stock.made.sound_log), "--format", "ndjson", "--summary", SUMMARY, *more]
    return Case(tuple(readers), arguments, is_scan=True)


def _put(folder: Path, name: str, content: bytes) -> Path:
    (folder / "in").mkdir(exist_ok=True)
    place = folder / "in" / name
    place.write_bytes(content)
    return place


def logs(stock: Stock, folder: Path, chance: Random) -> Case:
    """Logs of any form, spoiled, some of them in archives, beside one that is sound."""
    readers = []
    for number in range(chance.choice((1, 3, 6))):
        one = chance.choice(stock.sound)
        content = spoiled(one.content, chance, GENERAL if one.reader in BINARY else TEXTUAL)
        if chance.random() < 0.05:
            content += chance.choice(stock.sound).content  # two exports in one file
        readers.append(one.reader)
        if chance.random() < 0.2:
            content = packed(content, chance)
            readers.append("archives")
        _put(folder, f"{number}-{one.name}", content)
    return _scan(stock, readers)


_NAMELESS = (
    ["contacts", "in", "--redact"],
    ["contacts", "in", "--redact", "--format", "csv", "--output", "c.csv"],
    ["contacts", "in", "--redact", "--format", "parquet", "--output", "c.parquet"],
    ["visibility", "in", "--redact"],
    ["hunt", "counted_names", "in", "--redact"],
    ["triage", "worst", "in", "--redact", "--format", "json"],
    ["scan", "in", "--redact", "--triage", "--suppressed", "--explain"],
)


def nameless(stock: Stock, folder: Path, chance: Random) -> Case:
    """Logs that are spoiled, and told without their names."""
    case = logs(stock, folder, chance)
    _put(folder, "sound.ndjson", stock.made.sound_log.read_bytes())
    return Case((*case.readers, "without names"), chance.choice(_NAMELESS))


def woven(stock: Stock, folder: Path, chance: Random) -> Case:
    """The sound log itself with lines that are none among its own: they cost themselves and nothing else."""
    lines = stock.made.sound_log.read_bytes().splitlines(keepends=True)
    bad = (
        b"\xff\xfe\n",
        b"{\n",
        b'{"time":\n',
        b"\0\0\0\n",
        b"[" * 500 + b"\n",
        b"x" * 100_000 + b"\n",
        b"5\n",
        b"\r\n",
        b"null\n",
        b"NaN\n",
    )
    for _ in range(chance.choice((1, 3, 50))):
        lines.insert(chance.randrange(1, len(lines) + 1), chance.choice(bad))  # the first bytes tell the encoding
    place = _put(folder, "woven.ndjson", b"".join(lines))
    return Case(("ndjson",), ["scan", str(place), "--format", "ndjson", "--summary", SUMMARY], is_scan=True)


def contacts(stock: Stock, folder: Path, chance: Random) -> Case:
    """Tables of contacts, as the command or another engine writes them."""
    name = chance.choice(("contacts.parquet", "gzip.parquet", "contacts.csv", "contacts.ndjson"))
    ways = GENERAL if name.endswith("parquet") else TEXTUAL
    _put(folder, name, spoiled(stock.made.files[name], chance, ways))
    return _scan(stock, ["contact tables"])


def names(stock: Stock, folder: Path, chance: Random) -> Case:
    """Files and folders whose names, kinds or rights are hostile: none may keep the run from the rest."""
    odd = (
        "\x1b[31mred",
        "\u202egnp.log",
        "a\nb.ndjson",
        "%s{0}",
        "-",
        "--output",
        " ",
        "*?[a]",
        "a=b",
        "\udcff\udcfe.csv",
        "x" * 250,
        "~",
        "'\"; id",
    )
    one = chance.choice(stock.sound)
    for name in chance.sample(odd, 4):
        _put(folder, name, spoiled(one.content, chance, (token,)))
    place = folder / "in"
    (place / "deep").mkdir()
    os.symlink("..", place / "deep" / "up")
    os.symlink("loop", place / "loop")
    os.symlink("nowhere", place / "dangling")
    os.symlink("/dev/zero", place / "zero")
    os.symlink("/dev/full", place / "full")
    os.mkfifo(place / "pipe")
    _put(folder, "locked", one.content).chmod(0)
    return _scan(stock, [one.reader, "odd names"], "in/**", "in/nul\0", "in/\udcff")


def state(stock: Stock, folder: Path, chance: Random) -> Case:
    """What earlier runs remembered, spoiled: refused in a line, or read; never lost without a word."""
    (folder / "s").write_bytes(spoiled(stock.made.files["enumwatch.state"], chance, GENERAL))
    return Case(("state",), ["scan", str(stock.made.sound_log), "--state", "s", "--format", "ndjson"])


def lookups(stock: Stock, folder: Path, chance: Random) -> Case:
    """Tables of the organisation."""
    place = folder / "mine"
    place.mkdir()
    small = [one for one in sorted((ROOT / "lookups").glob("*.csv")) if one.stat().st_size < 100_000]
    for one in chance.sample(small, 3):
        (place / one.name).write_bytes(spoiled(one.read_bytes(), chance))
    return Case(("lookups",), ["scan", str(stock.made.sound_log), "--lookups", "mine"])


_OVERLAY = b"""overlay: ours
detections:
  email_enumeration:
    version: 2
    limits: {probable_names: 30}
  "password_spray":
    version: 1
    limits:
      window: "36h"
"""


def rules(stock: Stock, folder: Path, chance: Random) -> Case:
    """Overlays, and rules of one's own."""
    place = folder / "own"
    place.mkdir()
    (place / "tuned.yml").write_bytes(spoiled(_OVERLAY, chance))
    kind = chance.choice(("detections", "sources", "playbooks"))
    (place / kind).mkdir()
    wanted = chance.choice(sorted((ROOT / "app" / "enumwatch" / kind).glob("*.yml")) or [ROOT / "pyproject.toml"])
    (place / kind / wanted.name).write_bytes(spoiled(wanted.read_bytes(), chance))
    if chance.random() < 0.3:
        return Case(("rules",), ["scan", str(stock.made.sound_log), "--rules", "own"])
    return Case(("rules",), ["rules", "check", "own"])


def saved(stock: Stock, folder: Path, chance: Random) -> Case:
    """Findings that scan or a SIEM wrote, handed to what reads them."""
    name = chance.choice(("findings.ndjson", "findings.json", "findings.csv"))
    content = stock.made.files[name]
    if chance.random() < 0.4 and name.endswith("ndjson"):
        wrapper = chance.choice(("result", "_source", "enumwatch", "_raw", "finding"))
        rows = [json.loads(line) for line in content.splitlines()]
        inside = [json.dumps(row) if wrapper in ("_raw", "finding") else row for row in rows]
        told = [{"finding_id": row["finding_id"], wrapper: one} for row, one in zip(rows, inside, strict=True)]
        content = "\n".join(map(json.dumps, told)).encode()
    (folder / "f").write_bytes(spoiled(content, chance))
    form = chance.choice(("ocsf", "stix", "blocklist", "names", "named-location"))
    if chance.random() < 0.2:
        for one in ("truth.json", "labels.ndjson"):
            (folder / one).write_bytes(stock.made.files[one])
        return Case(("saved findings",), ["simulate", "--verify", "f", "--labels", "."])
    return Case(("saved findings",), ["export", form, "--findings", "f"])


def answers(stock: Stock, folder: Path, chance: Random) -> Case:
    """What `simulate` wrote beside its logs, and the manifest of what was sent."""
    place = folder / "run"
    place.mkdir()
    manifest, _ = played(
        manifest_of(chance.choice(("elastic", "splunk")), events=5), (("fast_enumeration", "entra_signin"),)
    )
    write_manifest(place, manifest)
    for name in ("truth.json", "labels.ndjson"):
        (place / name).write_bytes(stock.made.files[name])
    shutil.copytree(stock.made.sound_log.parent, place / stock.made.sound_log.parent.name)
    wanted = place / chance.choice(("run.json", "run.json", "truth.json", "labels.ndjson"))
    wanted.write_bytes(spoiled(wanted.read_bytes(), chance))
    (folder / "f").write_bytes(stock.made.files["findings.ndjson"])
    arguments = chance.choice(
        (
            ["verify", "run", "--verdicts", "f"],
            ["simulate", "--verify", "f", "--labels", "run"],
            ["verify", "run"],
            ["verify", "run", "--searches"],
        )
    )
    return Case(("manifests and labels",), arguments)


_RESULTS = (
    b'{"preview":false,"result":{"source_id":"entra_signin","events":"12","first":"1772000000","last":"1772000900"}}\n',
    b'{"results":[{"source_id":"iis","events":"0"},{"source_id":"okta_system","events":"7","late_seconds":"30"}]}',
    b'"source_id","events","first","last"\n"entra_signin","12","1772000000","1772000900"\n',
    b'"enumwatch_scenario","enumwatch_source","enumwatch_count","enumwatch_result","enumwatch_rows"\n"a","b","3","",""\n"","","","events","1"\n',
)  # fmt: skip


def exports_of_splunk(stock: Stock, folder: Path, chance: Random) -> Case:
    """What an admin exported: listings of conf files, and results of searches."""
    del stock
    conf = (ROOT / "default" / chance.choice(("macros.conf", "savedsearches.conf"))).read_bytes()
    (folder / "a").write_bytes(spoiled(conf, chance))
    (folder / "b").write_bytes(spoiled(chance.choice(_RESULTS), chance))
    first = chance.choice((["splunk", "doctor", "a", "b"], ["visibility", "--splunk-export", "b"]))
    return Case(("splunk exports",), first)


_SETTINGS = b"""[elastic]
url = "https://127.0.0.1:9"
api_key = "c2VjcmV0OnNlY3JldA=="
ca = "ca.pem"
timeout_seconds = 2
allow_http = false
"""


def settings(stock: Stock, folder: Path, chance: Random) -> Case:
    """The file that names the cluster."""
    del stock
    (folder / "c.toml").write_bytes(spoiled(_SETTINGS, chance))
    (folder / "c.toml").chmod(0o600)
    (folder / "ca.pem").write_bytes(chance.choice((b"", b"-----BEGIN CERTIFICATE-----\nMIIB\n", chance.randbytes(200))))
    return Case(("settings",), ["elastic", "status", "--config", "c.toml"])


SURFACES: dict[str, tuple[Callable[[Stock, Path, Random], Case], int]] = {
    "logs": (logs, 12),
    "nameless": (nameless, 3),
    "woven": (woven, 2),
    "contacts": (contacts, 2),
    "names": (names, 1),
    "state": (state, 2),
    "lookups": (lookups, 2),
    "rules": (rules, 2),
    "saved": (saved, 4),
    "answers": (answers, 2),
    "exports": (exports_of_splunk, 2),
    "settings": (settings, 1),
}
