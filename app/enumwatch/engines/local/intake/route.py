"""Every path becomes batches that DuckDB can read, or a reason why not. No input raises."""

from __future__ import annotations

import errno
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

from ...interrupt import is_interrupt
from .archives import Leaf, Peeler, copy_out
from .csv_table import convert_csv
from .event_xml import convert_event_xml
from .evtx_records import convert_evtx
from .forms import Form, sniff
from .ndjson import convert_ndjson
from .pages import convert_json
from .parquet import parquet_fault
from .paths import discover
from .records import Batch, Budget, Input, Limits, Problems, Skipped
from .splunk_text import convert_splunk_text
from .spool import Spool, new_file
from .streams import CHUNK_BYTES, as_utf8, bounded, is_complete_zstd, open_chunks
from .w3c import convert_w3c

# DuckDB reads patterns, key=value folders and schemes into a path; such a file gets a plain name in scratch.
_PLAIN_PATH = re.compile(r"(?:[A-Za-z]:)?[^*?\[\]{}=:~\x00-\x1f\x7f\ud800-\udfff]+\Z")

_TRIED_GZIP_BYTES = 8 << 20
_TRIED_UNPACKED_BYTES = 256 << 20

Result = Batch | Skipped


def intake(
    paths: Sequence[str], scratch: Path, *, stdin: BinaryIO | None = None, limits: Limits | None = None
) -> Iterator[Result]:
    """What every path holds, in order: batches ready for DuckDB, and skipped inputs with the reason.

    `scratch` is an existing folder that outlives the batches; spools are written there. `stdin` is read for `-`
    (default: the standard input of the process). Raises nothing for any input; KeyboardInterrupt passes.
    """
    limits = limits or Limits()
    for found in discover(paths):
        if found.problem is not None:
            # Nothing is wrong with a file that was read under another name.
            problems = [] if found.original else [found.problem]
            reason = found.problem.what if found.original else found.problem.sentence()
            yield Skipped(found.path, reason, found.kind, problems, original=found.original)
        else:
            yield from _guarded(found.path, partial(_read, found, scratch, stdin, limits))


def _guarded(path: str, read: Callable[[], Iterator[Result]]) -> Iterator[Result]:
    """The last line of defence: a fault while reading one input becomes its reason, and the run goes on."""
    try:
        yield from read()
    except OSError as error:
        yield Skipped(path, _os_reason(error))
    except MemoryError:
        yield Skipped(path, "a record is too large for the memory of this machine; split the file")
    except Exception as error:  # hostile content must not end a run
        if is_interrupt(error):
            raise
        yield Skipped(path, f"unexpected fault while reading ({type(error).__name__}); please report it with the file")


def _os_reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "the file vanished while it was read; run again"
    if isinstance(error, PermissionError):
        return "permission to read it is missing; run as a user who may"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the scratch folder is full; free space or set TMPDIR to a larger disk"
    return f"it cannot be read ({(error.strerror or 'system error').lower()}); check the disk and run again"


def _read(found: Input, scratch: Path, stdin: BinaryIO | None, limits: Limits) -> Iterator[Result]:
    if not found.is_stdin:
        yield from _peeled(found.path, found.file, False, scratch, limits)
        return
    problems = Problems()
    with open(found.file, "rb") if found.file else nullcontext() as pipe:
        source = pipe or stdin or sys.stdin.buffer
        chunks = bounded(iter(partial(source.read, CHUNK_BYTES), b""), Budget(limits.max_unpacked_bytes), problems)
        file = copy_out(chunks, scratch)
    for problem in problems.kept():
        yield Skipped(found.path, problem.sentence(), problems=[problem])
    yield from _peeled(found.path, file, True, scratch, limits)


def _peeled(path: str, file: str, is_temporary: bool, scratch: Path, limits: Limits) -> Iterator[Result]:
    for leaf in Peeler(scratch, limits, os.path.getsize(file)).peel(path, file, is_temporary=is_temporary):
        if isinstance(leaf, Skipped):
            yield leaf
        else:
            yield from _guarded(leaf.path, partial(_leaf, leaf, scratch, limits))


def _leaf(leaf: Leaf, scratch: Path, limits: Limits) -> Iterator[Result]:
    first = leaf.head(limits.sniff_bytes)
    form = sniff(first, is_whole=len(first) < limits.sniff_bytes)
    if form.reason:
        kind = form.kind if form.kind in ("empty", "binary") else "unknown"
        result: Result = _with_faults(leaf, Skipped(leaf.path, form.reason, kind))
    elif form.kind == "parquet":
        result = _parquet(leaf, scratch)
    elif form.is_direct and _can_be_direct(leaf):
        result = _direct(leaf, form, scratch)
    else:
        result = _converted(leaf, form, scratch, limits)
    if leaf.is_temporary and (isinstance(result, Skipped) or result.file != leaf.file):
        with suppress(OSError):
            os.unlink(leaf.file)
    yield result


def _with_faults(leaf: Leaf, skipped: Skipped) -> Skipped:
    """A small or broken archive that unpacks to nothing is named for what is wrong with it."""
    if leaf.compression == "none" or skipped.kind != "empty":
        return skipped
    problems = Problems()
    unpacked_bytes = 0
    for chunk in leaf.chunks(problems):
        unpacked_bytes += len(chunk)
        if unpacked_bytes > _TRIED_UNPACKED_BYTES:
            break
    found = problems.kept()
    return Skipped(leaf.path, found[0].sentence(), "unreadable", found) if found else skipped


def _can_be_direct(leaf: Leaf) -> bool:
    """False for an archive known to be broken, which Python reads as far as it goes.

    DuckDB reads a zstd file that is cut off without a word, but refuses such a gzip file; so only small ones of
    those are tried out here, the caller learns of the others from DuckDB.
    """
    if leaf.compression == "zstd":
        return is_complete_zstd(leaf.file)
    if leaf.compression == "gzip" and os.path.getsize(leaf.file) <= _TRIED_GZIP_BYTES:
        problems = Problems()
        unpacked_bytes = 0
        for chunk in open_chunks(leaf.file, leaf.compression, problems):
            unpacked_bytes += len(chunk)
            if unpacked_bytes > _TRIED_UNPACKED_BYTES:
                break
        return not problems.kept()
    return True


def _direct(leaf: Leaf, form: Form, scratch: Path) -> Batch:
    file = _plainly_named(leaf.file, scratch)
    batch = Batch(leaf.path, "csv" if form.kind == "csv" else "ndjson", file, leaf.is_temporary, form.kind)
    batch.compression = leaf.compression
    if form.kind == "csv":
        batch.delimiter, batch.columns, batch.skip_lines = form.delimiter, list(form.columns), 1
    return batch


def _plainly_named(file: str, scratch: Path) -> str:
    if _PLAIN_PATH.match(file):
        return file
    descriptor, link = new_file(scratch, ".link")
    os.close(descriptor)
    os.unlink(link)
    try:
        os.symlink(os.path.abspath(file), link)
    except (OSError, NotImplementedError):  # Windows without the right to make links
        shutil.copyfile(file, link)
    return link


def _parquet(leaf: Leaf, scratch: Path) -> Result:
    problems = Problems()
    file = _plainly_named(leaf.on_disk(scratch, problems), scratch)
    fault = parquet_fault(file)
    if fault is not None:
        return Skipped(leaf.path, fault, problems=problems.kept())
    is_spool = leaf.is_temporary or leaf.compression != "none"
    return Batch(leaf.path, "parquet", file, is_spool, "parquet", problems=problems.kept())


def _converted(leaf: Leaf, form: Form, scratch: Path, limits: Limits) -> Result:
    problems = Problems()
    with Spool(scratch) as spool:
        _convert(leaf, form, scratch, spool, problems, limits)
    return finished(leaf.path, form.kind, spool, problems)


def _convert(leaf: Leaf, form: Form, scratch: Path, spool: Spool, problems: Problems, limits: Limits) -> None:
    budget_bytes = leaf.budget.left_bytes

    def text() -> Iterator[bytes]:
        leaf.budget.left_bytes = budget_bytes  # JSON may have to be read a second time
        return as_utf8(leaf.chunks(problems), form.encoding, problems, is_cr_only=form.is_cr_only)

    if form.kind == "evtx":
        file = leaf.on_disk(scratch, problems)
        convert_evtx(file, spool, problems)
        if file != leaf.file:
            os.unlink(file)
    elif form.kind == "ndjson":
        plain = form.encoding == "utf-8" and not form.is_cr_only
        convert_ndjson(leaf.chunks(problems) if plain else text(), spool, problems, limits)
    elif form.kind == "json":
        convert_json(text, form.path, spool, problems, limits)
    elif form.kind == "csv":
        convert_csv(text(), spool, problems, limits, form.delimiter, form.columns)
    elif form.kind == "iis":
        convert_w3c(text(), spool, problems, limits, is_assumed=form.is_assumed)
    elif form.kind == "event_xml":
        convert_event_xml(text(), spool, problems, limits)
    else:
        convert_splunk_text(text(), spool, problems, limits)


def finished(path: str, container: str, spool: Spool, problems: Problems) -> Result:
    """The batch of a closed spool, or why nothing is in it."""
    found = problems.kept()
    if spool.records:
        return Batch(
            path, "ndjson", spool.file, True, container,
            records=spool.records, problems=found, unreadable=problems.unreadable,
        )  # fmt: skip
    with suppress(OSError):
        os.unlink(spool.file)
    if found:
        return Skipped(path, found[0].sentence(), "unreadable", found, problems.unreadable)
    return Skipped(path, "it holds no records; see whether the export ended well", "empty")
