"""Marks: what tells an event of a test from every other, and what takes it away again."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime

# Fields of each event: `labels.<name>` in Elasticsearch, indexed fields in Splunk.
RUN, SCENARIO, SOURCE, LABEL = "enumwatch_test", "enumwatch_scenario", "enumwatch_source", "enumwatch_label"
TAG = "enumwatch-test"  # a tag in Elasticsearch, the host in Splunk
NAMESPACE = "enumwatch_test"  # of data streams: nothing but tests is in them

# One word of letters and digits, so that it is found however a field is analysed.
_RUN = re.compile(r"ewt\d{8}t\d{6}[0-9a-f]{4}")
_FEWEST_DIGITS, _MOST_DIGITS = 1_000, 10_000


def new_run(now: datetime) -> str:
    """A name for a run, of the time and of chance."""
    return f"ewt{now:%Y%m%dt%H%M%S}{secrets.token_hex(2)}"


def is_run(text: str) -> bool:
    """True for the name of a run."""
    return _RUN.fullmatch(text) is not None


def seed_of(run: str) -> int:
    """What chance of a run begins with: another run has other people, addresses and event ids."""
    return int.from_bytes(hashlib.sha256(run.encode()).digest()[:4], "big")


def first_organisation(run: str) -> int:
    """The number of a run's first organisation, so that its domain (contoso4711.example) is nobody else's."""
    return 8 * (_FEWEST_DIGITS + seed_of(run) % (_MOST_DIGITS - _FEWEST_DIGITS))


def splunk_source(run: str) -> str:
    """The metadata field `source` of a run's events in Splunk."""
    return f"{TAG}:{run}"


def document_id(run: str, scenario: str, source: str, number: int) -> str:
    """The id of a document, always the same for the same event of a run."""
    return hashlib.sha256(f"{run}/{scenario}/{source}/{number}".encode()).hexdigest()[:40]


def index_of(pattern: str) -> str:
    """The data stream of tests that an index pattern of a log finds."""
    return pattern.replace("*", NAMESPACE)
