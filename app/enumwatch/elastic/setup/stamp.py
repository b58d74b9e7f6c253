"""Stamp: what everything that setup makes carries, so that it is known again: by whom it was made, and of what."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ... import __version__

KEY = "enumwatch"
_DIGITS = 12
_IN_TEXT = re.compile(r"\[enumwatch (\d[\w.]*) ([0-9a-f]+)\]")
_IN_NAME = re.compile(r"enumwatch-[a-z-]+-([0-9a-f]{12})")


@dataclass(frozen=True)
class Stamp:
    """The version of enumwatch that made a thing, and a digest of what it made."""

    version: str
    digest: str

    @property
    def is_newer(self) -> bool:
        """True where a newer enumwatch than this one made it."""
        return _numbers(self.version) > _numbers(__version__)

    def fields(self) -> dict[str, dict[str, str]]:
        """The stamp as metadata."""
        return {KEY: {"version": self.version, "digest": self.digest}}

    def in_text(self, text: str) -> str:
        """A description with the stamp, for things that have no metadata."""
        return f"{text} [enumwatch {self.version} {self.digest}]"


def stamp_of(body: Mapping[str, Any]) -> Stamp:
    """Return the stamp of what is to be made."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return Stamp(__version__, hashlib.sha256(text.encode()).hexdigest()[:_DIGITS])


def read_fields(fields: Any) -> Stamp | None:
    """Return the stamp of metadata; None where it is not enumwatch's."""
    own = fields.get(KEY) if isinstance(fields, Mapping) else None
    if not isinstance(own, Mapping) or not isinstance(own.get("version"), str):
        return None
    return Stamp(own["version"], str(own.get("digest", "")))


def read_text(text: Any) -> Stamp | None:
    """Return the stamp of a description; None where it has none."""
    found = _IN_TEXT.search(text) if isinstance(text, str) else None
    return Stamp(found[1], found[2]) if found else None


def read_name(name: str) -> Stamp | None:
    """Return the stamp of a name that ends in a digest; None where it does not."""
    found = _IN_NAME.fullmatch(name)
    return Stamp(__version__, found[1]) if found else None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))
