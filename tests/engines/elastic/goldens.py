"""What pipelines and transforms look like, written down: `python -m tests.engines.elastic.goldens` writes it anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from enumwatch.engines.elastic.pipeline import pipeline_name, pipelines
from enumwatch.engines.elastic.pivot import document_pipeline, transforms
from enumwatch.rulebook.compiled import compiled

FOLDER = Path(__file__).with_name("golden")
_SHOWN = ("workspace_login", "m365_audit")


def golden() -> dict[str, str]:
    """The texts by file name; scripts are left out, as they are files of their own."""
    every = pipelines(compiled())
    bodies = {name: every[name] for name in map(pipeline_name, _SHOWN)} | document_pipeline() | transforms(compiled())
    return {f"{name}.json": json.dumps(_without_scripts(body), indent=1) + "\n" for name, body in bodies.items()}


def _without_scripts(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_scripts(one) for one in value]
    if not isinstance(value, dict):
        return value
    left_out = ("source",) if "lang" in value else ("outcomes",)
    return {name: _without_scripts(one) for name, one in value.items() if name not in left_out}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in golden().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
