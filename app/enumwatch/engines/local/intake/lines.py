"""Lines out of chunks, with bounded memory whatever the file holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def lines(chunks: Iterable[bytes], max_line_bytes: int) -> Iterator[tuple[int, bytes | None]]:
    """(1-based number, line without its line feed); None stands for a line longer than `max_line_bytes`.

    The rest of a line that is too long is passed over without being held.
    """
    number, rest, is_skipping = 0, b"", False
    for chunk in chunks:
        parts = chunk.split(b"\n")
        if not is_skipping:
            parts[0] = rest + parts[0]
        rest = parts.pop()
        for part in parts:
            number += 1
            yield number, (None if is_skipping or len(part) > max_line_bytes else part)
            is_skipping = False
        if is_skipping or len(rest) > max_line_bytes:
            rest, is_skipping = b"", True
    if rest or is_skipping:
        yield number + 1, (None if is_skipping else rest)
