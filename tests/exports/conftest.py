from __future__ import annotations

from tests.commands.running import run

from .material import context, rulebook

__all__ = ["context", "rulebook", "run"]
