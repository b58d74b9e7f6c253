"""Holds output against its schema."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import jsonschema

from enumwatch.schemas import schema


@lru_cache(maxsize=3)
def _validator(name: str) -> jsonschema.Draft202012Validator:
    found = schema(name)
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found)


def problems(name: str, rows: Iterable[Any]) -> list[str]:
    """Everything in which these verdicts, contacts or summaries are not what their schema says."""
    checker = _validator(name)
    return [
        f"{number}: {'.'.join(map(str, error.path))}: {error.message[:200]}"
        for number, row in enumerate(rows)
        for error in checker.iter_errors(row)
    ]
