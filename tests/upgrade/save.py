"""`python -m tests.upgrade.save`: writes what this version writes, for later ones to read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import zstandard
from tests.upgrade.formats import LATEST, formats

from enumwatch.cli import main
from enumwatch.core.contact import Contact
from enumwatch.elastic.documents import contact_document, finding_json, memory_documents, verdict_document
from enumwatch.engines.local.scan import Request, context_of, counted, scan
from enumwatch.engines.local.state import State
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled
from enumwatch.simulate import simulate

PLAYS = (
    ("fast_enumeration", "entra_signin"),
    ("agent_rotation", "entra_signin"),
    ("enumeration_then_success", "entra_signin"),
    ("directory_harvest", "graph_activity"),
    ("account_burst", "entra_audit"),
)
CUT = "2026-03-03T02:20:00Z"  # in the middle of two attacks, so that open incidents are remembered
OWN = {
    "enumwatch_allowlist.csv": "type,value,tenant,detections,reason,owner,starts,expires\n"
    "ip,198.51.100.250,,*,the scanner of the auditors,soc@contoso.example,2026-01-01,2036-01-01\n",
    "enumwatch_networks.csv": "cidr,tenant,kind\n192.0.2.0/24,,corporate\n",
    "enumwatch_sensitive_accounts.csv": "account,tenant,kind\nceo@contoso.example,,executive\n",
}


def save(folder: Path) -> None:
    """Writes logs, what each command makes of them, and the documents of a cluster into a folder, packed."""
    with TemporaryDirectory() as name:
        made = Path(name)
        for seed, (scenario, source) in enumerate(PLAYS, start=1):
            simulate(scenario, source, seed=seed, out=made / "simulated", users=20)
        logs = sorted((made / "simulated").glob("*_*/*.*"))
        _write_own(made / "lookups")
        whole = [*map(str, logs), "--lookups", str(made / "lookups")]
        for form in ("parquet", "csv", "ndjson"):
            _run("contacts", *whole, "--format", form, "--output", str(made / f"contacts.{form}"))
        for form in ("json", "ndjson", "csv"):
            _run("scan", *whole, "--format", form, "--output", str(made / f"findings.{form}"))
        _run("scan", *whole, "--until", CUT, "--state", str(made / "state.duckdb"), "--output", str(made / "first.txt"))
        _write_documents(made, [str(one) for one in logs])
        _keep(made, logs, folder)


def _run(*arguments: str) -> None:
    code = main(list(arguments))
    if code != 0:
        raise SystemExit(f"enumwatch {' '.join(arguments)} ended with {code}")


def _write_own(folder: Path) -> None:
    folder.mkdir()
    for name, text in OWN.items():
        (folder / name).write_text(text, encoding="utf-8")


def _write_documents(made: Path, logs: list[str]) -> None:
    memory = State(made / "state.duckdb").memory
    request = Request(logs, compiled(), load_lookups(made / "lookups"))
    context = context_of(request)
    verdicts = [verdict_document(finding_json(one), context.rulebook) for one in scan(request).decision.findings]
    with counted(request, lambda _: None) as (contacts, _):
        rows = sorted(map(Contact._make, contacts.everything()))
    _lines(made / "documents.contacts.ndjson", [contact_document(one) for one in rows])
    _lines(made / "documents.verdicts.ndjson", verdicts)
    _lines(made / "documents.memory.ndjson", [document for _, document in memory_documents("all", 1, memory)])
    (made / "formats.json").write_text(json.dumps(formats(memory), indent=1) + "\n", encoding="utf-8")


def _lines(file: Path, documents: list[dict[str, object]]) -> None:
    file.write_text("".join(json.dumps(one) + "\n" for one in documents), encoding="utf-8")


def _keep(made: Path, logs: list[Path], folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "logs").mkdir(parents=True)
    shutil.copytree(made / "lookups", folder / "lookups")
    shutil.copyfile(made / "formats.json", folder / "formats.json")
    packed = zstandard.ZstdCompressor(level=19)
    for file in logs:
        (folder / "logs" / f"{file.stem}.{file.parent.name}{file.suffix}.zst").write_bytes(
            packed.compress(file.read_bytes())
        )
    for pattern in ("contacts.*", "findings.*", "documents.*", "state.*"):
        for file in sorted(made.glob(pattern)):
            (folder / f"{file.name}.zst").write_bytes(packed.compress(file.read_bytes()))


if __name__ == "__main__":
    save(LATEST)
    print(f"wrote {LATEST}")
