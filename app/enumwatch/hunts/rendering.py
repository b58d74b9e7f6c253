"""Rendering: the text of a hunt in each language."""

from __future__ import annotations

from collections.abc import Mapping

from .hunt import Hunt
from .in_esql import EsqlWriter
from .in_kql import KqlWriter
from .in_spl import SplWriter
from .in_sql import SqlWriter
from .writing import Writer

_WRITERS: Mapping[str, type[Writer]] = {"spl": SplWriter, "esql": EsqlWriter, "kql": KqlWriter, "sql": SqlWriter}


def text_of(hunt: Hunt, language: str) -> str:
    """The query of a hunt in one of LANGUAGES; raises KeyError for another."""
    return hunt.written[language].rstrip() if language in hunt.written else _WRITERS[language](hunt).text()


def texts_of(hunt: Hunt) -> dict[str, str]:
    """The query of a hunt by language."""
    return {language: text_of(hunt, language) for language in _WRITERS}
