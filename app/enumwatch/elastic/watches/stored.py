"""Stored scripts: the Painless that watches run, each kept in the cluster under an id of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..names import PREFIX

_FOLDER = Path(__file__).with_name("painless")


def script_id(name: str) -> str:
    """The id under which the cluster keeps a script, by the name of its file."""
    return f"{PREFIX}{name}"


def scripts() -> dict[str, dict[str, Any]]:
    """Every stored script: id to the body of the request that stores it, in order of the ids."""
    return {
        script_id(path.stem): {"script": {"lang": "painless", "source": path.read_text(encoding="utf-8")}}
        for path in sorted(_FOLDER.glob("*.painless"))
    }


def script(name: str, **params: Any) -> dict[str, Any]:
    """A reference to a stored script with its parameters, as a search or a watch names it."""
    found: dict[str, Any] = {"id": script_id(name)}
    return {**found, "params": params} if params else found
