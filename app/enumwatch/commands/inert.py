"""Inert: JSON that can be printed on a terminal, whatever the logs hold, and still says exactly what they say."""

from __future__ import annotations

import json
import re
from typing import Any

# Upper controls (terminals obey them like escapes), marks that turn the direction of text or are not seen,
# and half surrogates, which no file can hold. Lower controls are escaped by JSON itself.
_ACTING = re.compile(
    "[\x7f-\x9f\xad\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff0-\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)


def inert_json(value: Any, indent: int | None = None) -> str:
    """JSON text of a value; characters that could act or hide are written as their escapes."""
    return _ACTING.sub(_escape, json.dumps(value, ensure_ascii=False, indent=indent))


def _escape(found: re.Match[str]) -> str:
    return json.dumps(found.group())[1:-1]
