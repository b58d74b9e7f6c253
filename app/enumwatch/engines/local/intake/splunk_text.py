"""Windows events in Splunk's text rendering become flat objects with the field names of the event itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .lines import lines
from .records import Limits, Problems
from .splunk_labels import LABELS, MANY_LINES
from .spool import Spool

_DATE_LINE = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}[ T]\d{1,2}:\d{2}:\d{2}\S*(?: [AaPp][Mm])?")
_HEADER = re.compile(r"([A-Za-z]\w*)=(.*)$")
_FIRST = "LogName="
_RENAMED = {"LogName": "Channel", "ComputerName": "Hostname", "TaskCategory": "Category", "OpCode": "Opcode"}
_RESULTS = {"Audit Success": "AUDIT_SUCCESS", "Audit Failure": "AUDIT_FAILURE"}
_MAX_BLOCK_LINES = 5_000

Record = dict[str, str | int]


def convert_splunk_text(chunks: Iterator[bytes], spool: Spool, problems: Problems, limits: Limits) -> None:
    """Writes every event of the text (UTF-8) to the spool; a block without a number as EventCode is a problem."""
    for number, block in _blocks(chunks, problems, limits):
        record = record_of(block)
        if record is None:
            problems.bad_record(number, "the event has no EventCode", "LogName=, EventCode= and Message= lines")
        else:
            spool.write(dict(record))


def _blocks(chunks: Iterator[bytes], problems: Problems, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """(number of its first line, lines) per event; an event begins at LogName= or the date line before it."""
    block: list[str] = []
    start = 1
    for number, raw in lines(chunks, limits.max_line_bytes):
        if raw is None:
            problems.notice(number, f"the line is longer than {limits.max_line_bytes} bytes", "an event")
            continue
        line = raw.decode().rstrip("\r\0")
        if line.startswith(_FIRST) and any(part.startswith(_FIRST) for part in block):
            date_lines = [block.pop()] if _DATE_LINE.fullmatch(block[-1].strip()) else []
            yield start, block
            block, start = date_lines, number - len(date_lines)
        if len(block) < _MAX_BLOCK_LINES:
            block.append(line)
    if any(part.strip() for part in block):
        yield start, block


def record_of(block: list[str]) -> Record | None:
    """One event: header keys, EventTime as written, and the labelled values of its text; None without EventCode."""
    record: Record = {}
    message: list[str] = []
    for position, line in enumerate(block):
        header = _HEADER.match(line)
        if header is None:
            if "EventTime" not in record and _DATE_LINE.fullmatch(line.strip()):
                record["EventTime"] = line.strip()
                record["TimeZone"] = "unknown"
            continue
        name, value = header.groups()
        if name == "Message":
            message = [value, *block[position + 1 :]]
            break
        record[_RENAMED.get(name, name)] = value.strip()
    code = str(record.pop("EventCode", "")).strip()
    if not (code.isascii() and code.isdigit() and len(code) < 10):
        return None
    record["EventID"] = int(code)
    result = _RESULTS.get(str(record.get("Keywords", "")))
    if result:
        record["EventType"] = result
    return {**record, **_labelled(message, int(code))}


def _labelled(message: list[str], code: int) -> dict[str, str]:
    labels = LABELS.get(code)
    if labels is None:
        return {}
    found: dict[str, str] = {}
    section, field = "", ""
    for line in message:
        text = line.strip()
        label, colon, value = (part.strip() for part in text.partition(":"))
        if not colon:
            if field in MANY_LINES and text:
                found[field] = f"{found[field]}\n{text}" if found[field] else text
            continue
        if label in labels and not value:
            section, field = label, ""
            continue
        name = labels.get(section, {}).get(label) or labels.get("", {}).get(label)
        field = name or ""
        if name and name not in found:
            found[name] = value
    return found
