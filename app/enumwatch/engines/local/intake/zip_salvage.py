"""Reads a zip archive whose directory (at its end) is missing: member after member, by the local headers."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from .streams import CHUNK_BYTES

# APPNOTE.TXT 6.3, section 4.3.7: signature, version, flags, method, time, date, crc, packed, unpacked, name, extra.
_HEADER = struct.Struct("<4sHHHHHIIIHH")
_SIGNATURE = b"PK\x03\x04"
_STORED, _DEFLATED = 0, 8
_IS_ENCRYPTED, _HAS_DESCRIPTOR, _IS_UTF8 = 0x1, 0x8, 0x800
_ZIP64 = 0xFFFFFFFF


def salvage(file: str) -> Iterator[tuple[str, Iterator[bytes]]]:
    """(member name, its bytes) as far as they can be read. The bytes must be consumed before the next member.

    Ends silently at the first thing that is not a readable member. Raises OSError.
    """
    with open(file, "rb") as source:
        while True:
            raw = source.read(_HEADER.size)
            if len(raw) < _HEADER.size or not raw.startswith(_SIGNATURE):
                return
            _, _, flags, method, _, _, _, packed, _, name_bytes, extra_bytes = _HEADER.unpack(raw)
            name = source.read(name_bytes).decode("utf-8" if flags & _IS_UTF8 else "cp437", "replace")
            source.seek(extra_bytes, 1)
            if flags & _IS_ENCRYPTED:
                return
            if method == _DEFLATED:
                yield name, _inflate(source)
                if not _skip_descriptor(source, flags):
                    return
            elif method == _STORED and not flags & _HAS_DESCRIPTOR and packed != _ZIP64:
                yield name, _copy(source, packed)
            else:
                return


def _inflate(source: BinaryIO) -> Iterator[bytes]:
    engine = zlib.decompressobj(wbits=-15)
    try:
        while not engine.eof:
            pending = engine.unconsumed_tail or source.read(CHUNK_BYTES)
            if not pending:
                yield engine.flush()
                return
            chunk = engine.decompress(pending, CHUNK_BYTES)
            if chunk:
                yield chunk
    except zlib.error:
        return
    source.seek(-len(engine.unused_data), 1)


def _copy(source: BinaryIO, size: int) -> Iterator[bytes]:
    while size > 0 and (chunk := source.read(min(size, CHUNK_BYTES))):
        size -= len(chunk)
        yield chunk


def _skip_descriptor(source: BinaryIO, flags: int) -> bool:
    """Moves past the data descriptor behind a member, where there is one; False when no header follows."""
    if not flags & _HAS_DESCRIPTOR:
        return True
    start = source.tell()
    # Signature optional, then crc, packed and unpacked size in 4 or (zip64) 8 bytes each.
    for length in (16, 12, 24, 20):
        source.seek(start + length)
        if source.read(4) == _SIGNATURE:
            source.seek(start + length)
            return True
    return False
