"""Cells: how long a cell of CSV may be, which Python keeps for the whole process."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def cells_up_to(characters: int) -> Iterator[None]:
    """Within the context a cell may have so many characters; a longer one is a csv.Error."""
    before = csv.field_size_limit(characters)
    try:
        yield
    finally:
        csv.field_size_limit(before)
