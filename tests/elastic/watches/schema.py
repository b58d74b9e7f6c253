"""The JSON Schema of a watch, made from the types of the Elasticsearch client and kept in the user's cache.

Only `watch.ts` and this call of the generator belong to the project; what comes of them derives from the client's types.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from tests.nodes.process import cache

_SOURCE = Path(__file__).with_name("watch.ts")
_PACKAGES = ("@elastic/elasticsearch@9.4.3", "ts-json-schema-generator@2.4.0")
_WITHIN = 150  # seconds


class NoSchemaError(Exception):
    """What is missing here to make the schema."""


def schema() -> dict[str, Any]:
    """The schema of a watch's body; raises NoSchemaError where it is not there and cannot be made."""
    source = _SOURCE.read_text(encoding="utf-8")
    version = hashlib.sha256("\n".join([source, *_PACKAGES]).encode()).hexdigest()[:12]
    kept = cache() / f"watch-schema-{version}.json"
    if not kept.is_file():
        made = _mended(_generated(source))
        part = kept.with_suffix(".part")
        part.write_text(json.dumps(made), encoding="utf-8")
        part.replace(kept)
    found: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    return found


def _generated(source: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="enumwatch-schema-") as name:
        folder = Path(name)
        (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
        (folder / "watch.ts").write_text(source, encoding="utf-8")
        options = {
            "strict": True,
            "skipLibCheck": True,
            "module": "nodenext",
            "moduleResolution": "nodenext",
            "target": "es2022",
        }
        (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "files": ["watch.ts"]}), "utf-8")
        _run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", *_PACKAGES], folder)
        asked = ["--path", "watch.ts", "--type", "Watch", "--tsconfig", "tsconfig.json", "--no-type-check"]
        text = _run(["node", "node_modules/ts-json-schema-generator/bin/ts-json-schema-generator.js", *asked], folder)
    found: dict[str, Any] = json.loads(text)
    return found


def _run(command: list[str], folder: Path) -> str:
    program = shutil.which(command[0])
    if program is None:
        raise NoSchemaError(f"no {command[0]} here to make the schema of a watch with; install Node.js")
    try:
        done = subprocess.run([program, *command[1:]], cwd=folder, capture_output=True, text=True, timeout=_WITHIN)
    except subprocess.TimeoutExpired:
        raise NoSchemaError(f"{command[0]} did not make the schema of a watch within {_WITHIN} s; try again") from None
    if done.returncode:
        raise NoSchemaError(
            f"{command[0]} cannot make the schema of a watch: {(done.stderr or done.stdout).strip()[-500:]}"
        )
    return done.stdout


def _mended(made: dict[str, Any]) -> dict[str, Any]:
    """The schema with durations as the cluster takes them: the generator writes them wrongly."""
    made["definitions"]["Duration"] = {"type": ["string", "integer"]}
    return made
