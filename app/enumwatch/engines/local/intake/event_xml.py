"""Windows events as XML, one `<Event>` after another, in the same object form as EVTX records have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from .records import Limits, Problems
from .spool import Spool, TooDeepError

_START = re.compile(rb"<((?:[A-Za-z0-9_]+:)?)Event(?=[\s>])")
_LONGEST_START = 64
_WHOLE = re.compile(r"-?\d{1,18}\Z")
# Elements whose text is a number in EVTX records; all other text stays text.
_NUMBERS = {"EventID", "Version", "Level", "Task", "Opcode", "EventRecordID"}
_NUMBER_ATTRIBUTES = {"ProcessID", "ThreadID", "Qualifiers"}


def convert_event_xml(chunks: Iterator[bytes], spool: Spool, problems: Problems, limits: Limits) -> None:
    """Writes every event to the spool. A broken event is a problem and costs only itself; entities never expand."""
    for number, fragment in enumerate(_fragments(chunks, limits.max_line_bytes, problems), 1):
        try:
            spool.write(event_of(fragment))
        except DefusedXmlException:
            problems.bad_record(None, f"event {number} declares entities", "an event without a document type")
        except TooDeepError:
            problems.bad_record(None, f"event {number} is nested more than 100 levels deep", "a Windows event")
        except (ParseError, ValueError, RecursionError):
            problems.bad_record(None, f"event {number} is not well-formed XML", "a Windows event")


def _fragments(chunks: Iterator[bytes], max_event_bytes: int, problems: Problems) -> Iterator[bytes]:
    """The text of each event from its start to its end tag; what lies between events is passed over."""
    text = b""
    for chunk in chunks:
        text += chunk
        position = 0
        while (start := _START.search(text, position)) is not None:
            end_tag = b"</" + start.group(1) + b"Event>"
            following = _START.search(text, start.end())
            # Searched no further than the next start: unclosed events must not cost a scan of all the rest each.
            end = text.find(end_tag, start.start(), following.start() if following else len(text))
            if following is not None and end < 0:
                problems.bad_record(None, "an event has no end tag", "a complete event")
                position = following.start()
                continue
            if end < 0:
                position = start.start()
                break
            yield text[start.start() : end + len(end_tag)]
            position = end + len(end_tag)
        else:
            position = max(position, len(text) - _LONGEST_START)
        text = text[position:]
        if len(text) > max_event_bytes:
            problems.bad_record(None, f"an event is longer than {max_event_bytes} bytes", "a Windows event")
            text = text[-_LONGEST_START:]
    if _START.search(text):
        problems.notice(None, "the file ends in the middle of an event", "a complete file")


def event_of(fragment: bytes) -> dict[str, Any]:
    """One event as an object: System, EventData by name, anything else by element.

    Raises ParseError, DefusedXmlException or ValueError when the text is no event.
    """
    root = fromstring(fragment, forbid_dtd=True)
    body: dict[str, Any] = {}
    attributes = dict(root.attrib)
    if root.tag.startswith("{"):
        attributes["xmlns"] = root.tag[1:].partition("}")[0]
    if attributes:
        body["#attributes"] = attributes
    for child in root:
        name = _name(child)
        body[name] = _data(child) if name == "EventData" else _element(child, 0)
    if "System" not in body:
        raise ValueError("no System element")
    return {"Event": body}


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _data(element: Element) -> dict[str, Any]:
    found: dict[str, Any] = {}
    unnamed: list[str] = []
    for child in element:
        label = child.attrib.get("Name")
        if _name(child) == "Data" and label:
            found[label] = child.text or ""
        elif _name(child) == "Data":
            unnamed.append(child.text or "")
        else:
            found[_name(child)] = _element(child, 0)
    if unnamed:
        found["Data"] = {"#text": unnamed if len(unnamed) > 1 else unnamed[0]}
    return found


def _element(element: Element, depth: int) -> Any:
    if depth > 50:
        raise TooDeepError
    attributes = {key: _number(value, key in _NUMBER_ATTRIBUTES) for key, value in element.attrib.items()}
    found: dict[str, Any] = {"#attributes": attributes} if attributes else {}
    for child in element:
        _add(found, _name(child), _element(child, depth + 1))
    text = (element.text or "").strip()
    if not text:
        return found or None
    value = _number(text, _name(element) in _NUMBERS)
    return {**found, "#text": value} if found else value


def _add(found: dict[str, Any], name: str, value: Any) -> None:
    if name not in found:
        found[name] = value
    elif isinstance(found[name], list):
        found[name].append(value)
    else:
        found[name] = [found[name], value]


def _number(text: str, is_number: bool) -> str | int:
    return int(text) if is_number and _WHOLE.match(text) else text
