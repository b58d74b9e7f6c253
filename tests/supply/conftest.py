from __future__ import annotations

from tests.commands.running import run

__all__ = ["run"]
