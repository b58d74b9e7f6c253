"""Bulk: documents written and deleted many at a time; what the cluster refuses for now is sent again, the rest is named."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from elasticsearch import ApiError, Elasticsearch

from ..faults import ClusterError, fault_of

Action = tuple[dict[str, Any], "dict[str, Any] | None"]  # what to do, and the document where there is one

_ACTIONS_OF_ONE_REQUEST = 1_000
_BYTES_OF_ONE_REQUEST = 2_000_000
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.5, 30.0
_ATTEMPTS = 8
_BUSY = frozenset({429, 503})
_CONFLICT, _MISSING = 409, 404


@dataclass
class Written:
    """What became of some actions: how many were done, the ids that somebody else changed meanwhile, and what was refused."""

    done: int = 0
    conflicts: list[str] = field(default_factory=list)
    refused: dict[str, ClusterError] = field(default_factory=dict)  # by id


def index_action(index: str, unique: str, document: dict[str, Any], **conditions: Any) -> Action:
    """Writes a document, whether or not it is there."""
    return {"index": {"_index": index, "_id": unique, **conditions}}, document


def create_action(index: str, unique: str, document: dict[str, Any]) -> Action:
    """Writes a document that is not there yet."""
    return {"create": {"_index": index, "_id": unique}}, document


def delete_action(index: str, unique: str) -> Action:
    """Deletes a document; one that is gone already is deleted too."""
    return {"delete": {"_index": index, "_id": unique}}, None


def write(client: Elasticsearch, actions: Iterable[Action], pause: Callable[[float], object] = time.sleep) -> Written:
    """Does the actions. Raises ClusterError where the cluster stays too busy or refuses a whole request."""
    written = Written()
    for request in _requests(client, actions):
        wait = _FIRST_PAUSE_SECONDS
        for attempt in range(_ATTEMPTS):
            request, busy = _sent(client, request, written)
            if busy is None:
                break
            if attempt + 1 == _ATTEMPTS:
                raise busy
            pause(wait)
            wait = min(2 * wait, _LONGEST_PAUSE_SECONDS)
    return written


def _sent(client: Elasticsearch, request: list[Action], written: Written) -> tuple[list[Action], ClusterError | None]:
    """Sends a request once; what is to be sent again, and why."""
    try:
        answer = client.bulk(operations=[part for action in request for part in action if part is not None])
    except ApiError as error:
        if error.status_code not in _BUSY:
            raise
        return request, fault_of(error.status_code, str(error.message), str(error.message))
    again: list[Action] = []
    busy: ClusterError | None = None
    for action, item in zip(request, answer["items"], strict=True):
        (done,) = item.values()
        status = int(done["status"])
        if status < 300 or (status == _MISSING and "delete" in item):
            written.done += 1
        elif status == _CONFLICT:
            written.conflicts.append(str(done["_id"]))
        else:
            said = done.get("error") or {}
            fault = fault_of(status, str(said.get("type")), str(said.get("reason")), str(done.get("_index")))
            if status in _BUSY:
                again.append(action)
                busy = fault
            elif fault.is_passing or status in (401, 403):
                raise fault
            else:
                written.refused[str(done["_id"])] = fault
    return again, busy


def _requests(client: Elasticsearch, actions: Iterable[Action]) -> Iterator[list[Action]]:
    """The actions in requests of bearable size."""
    request: list[Action] = []
    size = 0
    for action in actions:
        # Nearly everything that is large in a document is one text of it.
        weight = 0 if action[1] is None else sum(len(one) for one in _texts(action[1]))
        if request and (len(request) == _ACTIONS_OF_ONE_REQUEST or size + weight > _BYTES_OF_ONE_REQUEST):
            yield request
            request, size = [], 0
        request.append(action)
        size += weight
    if request:
        yield request


def _texts(document: dict[str, Any]) -> Iterator[str]:
    for value in document.values():
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from _texts(value)
