"""The app's icons: a list of names, one of them found. Drawn here, so that they can be looked up and changed."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from pathlib import Path

STATIC = Path(__file__).parents[4] / "static"

_FINE = 4  # points a pixel is averaged from, in each direction
_SIZES = {"": 36, "_2x": 72}
_Colour = tuple[int, int, int]
_Box = tuple[float, float, float, float, float]

_NIGHT, _PAPER, _GREY, _AMBER = (16, 42, 67), (240, 244, 248), (130, 154, 177), (247, 144, 9)
_PALETTES: Mapping[str, tuple[_Colour, _Colour, _Colour]] = {
    "appIcon": (_NIGHT, _GREY, _AMBER),
    "appIconAlt": (_PAPER, _GREY, _AMBER),
}

# Left, top, right, bottom and radius of the corners, the side of the icon being 1.
_CARD: _Box = (0.0, 0.0, 1.0, 1.0, 0.2)
_NAMES: tuple[_Box, ...] = (
    *((0.18, 0.18, 0.30, 0.30, 0.06), (0.38, 0.18, 0.82, 0.30, 0.05)),
    *((0.18, 0.70, 0.30, 0.82, 0.06), (0.38, 0.70, 0.68, 0.82, 0.05)),
)
_FOUND: tuple[_Box, ...] = ((0.18, 0.44, 0.30, 0.56, 0.06), (0.38, 0.44, 0.82, 0.56, 0.05))


def icons() -> dict[str, bytes]:
    """Return every icon by its file name; the same bytes everywhere."""
    return {
        f"{name}{suffix}.png": _png(size, *colours)
        for name, colours in _PALETTES.items()
        for suffix, size in _SIZES.items()
    }


def _png(size: int, card: _Colour, name: _Colour, found: _Colour) -> bytes:
    """A PNG with transparency whose pixels are stored as they are: no packer of another version makes other bytes."""
    rows = bytearray()
    for row in range(size):
        rows.append(0)
        for column in range(size):
            rows += _pixel(row, column, size, card, name, found)
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    # One block of bytes as they are, in the frame that packed ones would have.
    stored = b"\x78\x01\x01" + struct.pack("<HH", len(rows), len(rows) ^ 0xFFFF) + rows
    chunks = ((b"IHDR", header), (b"IDAT", stored + struct.pack(">I", zlib.adler32(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _pixel(row: int, column: int, size: int, card: _Colour, name: _Colour, found: _Colour) -> bytes:
    """Red, green, blue and opacity of a pixel, averaged over the points in it."""
    seen: list[_Colour] = []
    for down in range(_FINE):
        for right in range(_FINE):
            x, y = (column + (right + 0.5) / _FINE) / size, (row + (down + 0.5) / _FINE) / size
            if any(_is_inside(x, y, box) for box in _FOUND):
                seen.append(found)
            elif any(_is_inside(x, y, box) for box in _NAMES):
                seen.append(name)
            elif _is_inside(x, y, _CARD):
                seen.append(card)
    if not seen:
        return bytes(4)
    return bytes([*(sum(part) // len(seen) for part in zip(*seen, strict=True)), 255 * len(seen) // _FINE**2])


def _is_inside(x: float, y: float, box: _Box) -> bool:
    left, top, right, bottom, radius = box
    if not (left <= x <= right and top <= y <= bottom):
        return False
    beside = max(left + radius - x, 0, x - right + radius)
    above = max(top + radius - y, 0, y - bottom + radius)
    return beside**2 + above**2 <= radius**2
