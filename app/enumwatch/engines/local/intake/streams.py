"""Bytes of one file as chunks: plain, unpacked from gzip or zstd, bounded, and turned into UTF-8."""

from __future__ import annotations

import codecs
import os
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import zstandard

from .records import Budget, Compression, Problems

CHUNK_BYTES = 1 << 20
_STEP_BYTES = 512
_ZSTD_CHUNK_BYTES = 128 << 10
GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_FALLBACK = "enumwatch-cp1252"
_replaced_bytes = 0


def open_chunks(file: str, compression: Compression, problems: Problems) -> Iterator[bytes]:
    """The unpacked bytes of a file. A damaged archive ends early with a notice. Raises OSError."""
    if compression == "gzip":
        return _gzip_chunks(file, problems)
    if compression == "zstd":
        return _zstd_chunks(file, problems)
    return _plain_chunks(file)


def bounded(chunks: Iterable[bytes], budget: Budget, problems: Problems) -> Iterator[bytes]:
    """The chunks until the budget of the input is spent, then a notice."""
    for chunk in chunks:
        if len(chunk) > budget.left_bytes:
            yield chunk[: budget.left_bytes]
            budget.left_bytes = 0
            problems.notice(
                None, f"it unpacks to more than {budget.limit_bytes} bytes, the rest was not read", "a smaller archive"
            )
            return
        budget.left_bytes -= len(chunk)
        yield chunk


def first_bytes(chunks: Iterator[bytes], size: int) -> bytes:
    """Up to `size` bytes from the beginning."""
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= size:
            break
    return head[:size]


def _plain_chunks(file: str) -> Iterator[bytes]:
    with open(file, "rb", buffering=0) as source:
        while chunk := source.read(CHUNK_BYTES):
            yield chunk


def _truncated(problems: Problems, name: str) -> None:
    problems.notice(None, f"the {name} archive is truncated, what is there was read", "a complete archive")


def _gzip_chunks(file: str, problems: Problems) -> Iterator[bytes]:
    with open(file, "rb", buffering=0) as source:
        pending = source.read(CHUNK_BYTES)
        while pending:
            engine = zlib.decompressobj(wbits=31)
            try:
                yield from _gzip_member(source, engine, pending)
            except zlib.error:
                problems.notice(
                    None, "the gzip archive is damaged, what precedes the damage was read", "a sound archive"
                )
                return
            if not engine.eof:
                _truncated(problems, "gzip")
                return
            pending = _next_member(source, engine.unused_data)
            if pending and not pending.startswith(GZIP_MAGIC):
                problems.notice(None, "bytes after the end of the gzip archive were ignored", "nothing after its end")
                return


def _gzip_member(source: BinaryIO, engine: zlib._Decompress, pending: bytes) -> Iterator[bytes]:
    while pending and not engine.eof:
        before = engine.copy()
        try:
            chunk = engine.decompress(pending, CHUNK_BYTES)
        except zlib.error:
            # The call that meets the damage gives nothing: go again in small steps for what precedes it.
            while step := before.decompress(pending, _STEP_BYTES):
                yield step
                pending = before.unconsumed_tail
            raise
        if chunk:
            yield chunk
        pending = engine.unconsumed_tail or (b"" if engine.eof else source.read(CHUNK_BYTES))
    if not engine.eof:
        yield engine.flush()


def _next_member(source: BinaryIO, pending: bytes) -> bytes:
    """What follows a finished member; zero padding (as tapes add) is passed over."""
    while True:
        pending = pending.lstrip(b"\0")
        if len(pending) >= len(GZIP_MAGIC):
            return pending
        more = source.read(CHUNK_BYTES)
        if not more:
            return pending
        pending += more


def _zstd_chunks(file: str, problems: Problems) -> Iterator[bytes]:
    with open(file, "rb") as source:
        reader = zstandard.ZstdDecompressor().stream_reader(source, read_across_frames=True, closefd=False)
        try:
            while chunk := reader.read(_ZSTD_CHUNK_BYTES):
                yield chunk
        except zstandard.ZstdError:
            problems.notice(None, "the zstd archive is damaged, what precedes the damage was read", "a sound archive")
            return
    if not is_complete_zstd(file):
        _truncated(problems, "zstd")


def is_complete_zstd(file: str) -> bool:
    """False when the last frame is cut off. Walks frame and block headers only (RFC 8878, section 3.1.1)."""
    size = os.path.getsize(file)
    with open(file, "rb") as source:
        while source.tell() < size:
            magic = int.from_bytes(source.read(4), "little")
            if magic >> 4 == 0x184D2A5:  # skippable frame
                source.seek(int.from_bytes(source.read(4), "little"), os.SEEK_CUR)
            elif magic == int.from_bytes(ZSTD_MAGIC, "little"):
                if not _walk_zstd_frame(source, size):
                    return False
            else:
                return source.tell() < size  # not a frame: the decoder has said so
        return source.tell() == size


def _walk_zstd_frame(source: BinaryIO, size: int) -> bool:
    descriptor = (source.read(1) or b"\0")[0]
    is_single_segment = descriptor >> 5 & 1
    dictionary_bytes = (0, 1, 2, 4)[descriptor & 3]
    content_bytes = (is_single_segment, 2, 4, 8)[descriptor >> 6]
    source.seek(1 - is_single_segment + dictionary_bytes + content_bytes, os.SEEK_CUR)
    while True:
        head = source.read(3)
        if len(head) < 3:
            return False
        block = int.from_bytes(head, "little")
        is_last, kind, length = block & 1, block >> 1 & 3, block >> 3
        source.seek(1 if kind == 1 else length, os.SEEK_CUR)
        if source.tell() > size:
            return False
        if is_last:
            source.seek(4 if descriptor >> 2 & 1 else 0, os.SEEK_CUR)
            return source.tell() <= size


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Decoding error handler: bytes that are not UTF-8 are read as Windows-1252, or Latin-1 where that has a hole."""
    global _replaced_bytes  # noqa: PLW0603 - codecs offer a handler no place of its own to count in
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    _replaced_bytes += len(wrong)
    try:
        return wrong.decode("cp1252"), error.end
    except UnicodeDecodeError:
        return wrong.decode("latin-1"), error.end


codecs.register_error(_FALLBACK, _as_windows_1252)


def as_utf8(chunks: Iterable[bytes], encoding: str, problems: Problems, *, is_cr_only: bool = False) -> Iterator[bytes]:
    """The text as valid UTF-8 without byte order mark; bytes that do not fit are replaced and counted in a notice.

    `encoding` is a name that `detect_encoding` returned. `is_cr_only`: lines end in a carriage return alone.
    """
    name = "utf-8" if encoding == "cp1252" else encoding
    decoder = codecs.getincrementaldecoder(name)(_FALLBACK if name.startswith("utf-8") else "replace")
    replaced, is_first = 0, True
    for is_final, chunk in _with_end(chunks):
        before = _replaced_bytes
        text = decoder.decode(chunk, is_final)
        replaced += _replaced_bytes - before
        if is_first and text:
            text, is_first = text.removeprefix("\ufeff"), False
        if not name.startswith("utf-8"):
            replaced += text.count("\ufffd")
        yield (text.replace("\r", "\n") if is_cr_only else text).encode()
    if replaced:
        problems.notice(None, f"{replaced} bytes are not valid text and were read as Windows-1252", "UTF-8 text")


def _with_end(chunks: Iterable[bytes]) -> Iterator[tuple[bool, bytes]]:
    for chunk in chunks:
        yield False, chunk
    yield True, b""
