"""Lean: the client of Elasticsearch without the packages for tables, which it loads wherever they are installed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

# Together an eighth of the memory of a runner, which sends plain values and never a table.
_FOR_TABLES = ("pyarrow", "pandas", "numpy")


@contextmanager
def without_tables() -> Iterator[None]:
    """What is imported within finds no package for tables, unless it was there before."""
    modules = cast("dict[str, Any]", sys.modules)
    hidden = [name for name in _FOR_TABLES if name not in modules]
    modules.update(dict.fromkeys(hidden))
    try:
        yield
    finally:
        for name in hidden:
            if modules.get(name, name) is None:
                del modules[name]
