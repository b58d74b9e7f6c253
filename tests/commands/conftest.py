from __future__ import annotations

from .running import run

__all__ = ["run"]
