"""Row by row: what the commands share that add columns to every row and keep all rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .speech import CommandError, PlainSpeech


class BadRowError(Exception):
    """A row that cannot be answered; the message ends in what to do."""


class RowByRow(PlainSpeech):
    """Put before StreamingCommand; `adds` names the columns that every row has afterwards, empty where there is no answer."""

    adds: tuple[str, ...] = ()
    _refused = 0
    _example = ""

    def rows(self, records: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """The rows of a chunk with their new columns; a row that cannot be answered keeps its own columns."""
        for record in records:
            answer: dict[str, Any] = {}
            try:
                answer = self.answer(record)
            except BadRowError as problem:
                self._refuse(str(problem))
            except CommandError:
                raise
            except (ValueError, KeyError, TypeError, AttributeError, LookupError, RecursionError) as problem:
                self._refuse(f"it could not be read ({type(problem).__name__}): look at its columns")
            for name in self.adds:
                record[name] = answer.get(name, "")
            yield record
        if self._finished and self._refused:
            rows = "1 row" if self._refused == 1 else f"{self._refused} rows"
            self.write_warning(f"{self.name} has no answer for {rows}; of one, {self._example}")

    def answer(self, record: dict[str, Any]) -> dict[str, Any]:
        """The new columns of one row; raises BadRowError."""
        raise NotImplementedError

    def _refuse(self, problem: str) -> None:
        self._refused += 1
        self._example = min(problem, self._example or problem)
