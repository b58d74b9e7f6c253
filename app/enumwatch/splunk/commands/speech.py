"""Speech: what every command says to the analyst, whatever happens: one plain sentence that ends in what to do.

The mixin stands before a class of the SDK. It imports nothing of it, so that this package can be read without it.
"""

from __future__ import annotations

import csv
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterable
from json import dumps
from typing import Any, NoReturn

_SDK_OPTIONS = frozenset({"logging_configuration", "logging_level", "phase", "record", "show_configuration"})
_HEADER = re.compile(rb"chunked\s+1\.0\s*,\s*(\d+)\s*,\s*(\d+)\s*\n")
_LONGEST_SHOWN = 100  # characters of something a log or an analyst wrote
_LONGEST_CELL = 2**31 - 1
_MOST_PROBLEMS = 20


class CommandError(Exception):
    """Why a command cannot go on; each sentence is for the analyst and ends in what to do."""

    def __init__(self, *sentences: str) -> None:
        self.sentences = sentences[:_MOST_PROBLEMS]
        super().__init__(" ".join(sentences))


class SearchCancelled(BaseException):
    """Splunk closed the pipe in the middle of a message: nobody waits for an answer."""


def shown(text: object) -> str:
    """Text of a log or an analyst as it may stand in a message: one line, quoted, cut, nothing invisible in it."""
    cut = str(text)
    return dumps(cut if len(cut) <= _LONGEST_SHOWN else cut[:_LONGEST_SHOWN] + "...")


_Base: Any = object


class PlainSpeech(_Base):  # type: ignore[misc]
    """Put before a command class of the SDK; `about` says in one clause how the command is used."""

    about = ""
    takes_fields = False

    # -- messages: the SDK formats every text, and a log may hold braces

    def write_debug(self, message: str, *args: object) -> None:
        """Says something to who looks for a fault."""
        super().write_debug(_inert(message, args))

    def write_info(self, message: str, *args: object) -> None:
        """Says something by the way."""
        super().write_info(_inert(message, args))

    def write_warning(self, message: str, *args: object) -> None:
        """Says that the result is not all it could be."""
        super().write_warning(_inert(message, args))

    def write_error(self, message: str, *args: object) -> None:
        """Says why there is no result."""
        super().write_error(_inert(message, args))

    def write_fatal(self, message: str, *args: object) -> None:
        """Says why there is no result."""
        super().write_fatal(_inert(message, args))

    def stop(self, sentences: Iterable[str]) -> NoReturn:
        """Says these sentences and ends the command."""
        for sentence in sentences:
            self.write_error(sentence)
        sys.exit(1)

    # -- the conversation with splunkd

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Does everything; a search that was cancelled ends it quietly."""
        csv.field_size_limit(_LONGEST_CELL)
        try:
            super().process(*args, **kwargs)
        except (BrokenPipeError, SearchCancelled):
            # Python would complain once more when it closes stdout, which nobody reads any longer.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)

    @staticmethod
    def _read_chunk(istream: Any) -> Any:
        """The next message: metadata and body; None at the end. A message that breaks off is a cancelled search."""
        header = istream.readline()
        if not header:
            return None
        found = _HEADER.match(header)
        if found is None:
            if not header.endswith(b"\n"):
                raise SearchCancelled
            raise CommandError("What Splunk sent is no message of the search command protocol: check chunked = true")
        head_length, body_length = (int(length) for length in found.groups())
        head, body = istream.read(head_length), istream.read(body_length)
        if len(head) < head_length or len(body) < body_length:
            raise SearchCancelled
        text = body.decode("utf-8", "replace")
        if "\0" in text:
            # The CSV reader of Python 3.9 stops at this character.
            text = text.replace("\0", "\ufffd")
        return _decoder()(head.decode("utf-8", "replace")), text

    def _protocol_v2_option_parser(self, arg: str) -> list[str]:
        name, sign, value = arg.partition("=")
        if not sign:
            if self.takes_fields:
                return [arg]
            self.stop([f"{self.name} does not know what {shown(arg)} is for: {self.about}"])
        known = self.own_options()
        if name not in known:
            choice = f"choose from {', '.join(known)}" if known else "leave it out"
            self.stop([f"{self.name} has no option {shown(name)}: {choice}"])
        return [name, value]

    def own_options(self) -> list[str]:
        """Names of the options that this command declares."""
        return sorted(name for name in self.options if name not in _SDK_OPTIONS)

    def prepare(self) -> None:
        """Checks the options; a reporting command asks for no first phase on the indexers, because there is none."""
        try:
            self.check()
        except CommandError as error:
            self.stop(error.sentences)

    def check(self) -> None:
        """Reads the options; raises CommandError."""

    def _report_unexpected_error(self) -> None:
        error = sys.exc_info()[1]
        if isinstance(error, (BrokenPipeError, SearchCancelled)):
            raise error
        if isinstance(error, CommandError):
            for sentence in error.sentences:
                self.write_error(sentence)
            return
        if isinstance(error, csv.Error):
            self.write_error(
                f"What Splunk sent is no table ({error}): run the search again, and put table before {self.name}"
            )
            return
        # The traceback goes to search.log; paths of the server are nothing for the page of a search.
        sys.stderr.write(traceback.format_exc())
        self.write_error(
            f"{self.name} stopped at something it was not made for ({type(error).__name__}): search.log of this job says "
            "where; please report it with that text"
        )


def _inert(message: str, args: Iterable[object]) -> str:
    text = message.format(*args) if args else message
    return text.replace("{", "{{").replace("}", "}}")


def _decoder() -> Callable[[str], Any]:
    from splunklib.searchcommands.internals import MetadataDecoder

    decode: Callable[[str], Any] = MetadataDecoder().decode
    return decode
