"""enumverdict: the conversation of the command; what it does is in `verdicts`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .speech import PlainSpeech


class VerdictRows(PlainSpeech):
    """Put before ReportingCommand; the chunks are read the fast way."""

    about = "write it as | enumverdict detections=... updates=true remember=true summary=true"

    def check(self) -> None:
        """Reads the options."""
        # Splunk asks for the options of a command more than once before the search runs.
        from .verdicts import wanted

        self._wanted = wanted(self.detections, self.updates, self.remember, self.suppressed, self.summary)
        self._verdicts: Any = None

    def answer(self, records: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
        """Takes the rows of a chunk; gives the answer after the last one."""
        self.verdicts().take(records)
        return self.last_word()

    def _execute_chunk_v2(self, process: Any, chunk: Any) -> None:
        self.verdicts().take_body(chunk[1])
        self._record_writer.write_records(self.last_word())

    def verdicts(self) -> Any:
        """What was taken so far."""
        if self._verdicts is None:
            from .verdicts import Verdicts

            self._verdicts = Verdicts(self._wanted)
        return self._verdicts

    def last_word(self) -> Iterator[dict[str, Any]]:
        """The rows of the answer after the last chunk, none before."""
        if not self._finished:
            return iter(())
        found = self.verdicts()
        rows: Iterator[dict[str, Any]] = found.finish()
        self.tell(found)
        return rows

    def tell(self, found: Any) -> None:
        """Says what could not be used."""
        for text in found.warnings:
            self.write_warning(text)
        for text in found.errors:
            self.write_error(text)
