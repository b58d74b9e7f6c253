"""Columns and words that the searches spell are those that the commands write and the core knows."""

from __future__ import annotations

import re

from tests.splunk.content.views import searches, views

from enumwatch.core.outcome import OUTCOMES
from enumwatch.engines.splunk import contacts
from enumwatch.splunk.commands import columns, verdict_rows
from enumwatch.splunk.commands.enumtriage import TriageRows
from enumwatch.splunk.content.detections import HISTORY_COLUMNS
from enumwatch.splunk.content.lookups import FINDING_FIELDS
from enumwatch.splunk.content.names import CONTACT_COLUMNS, MEMORY_COLUMNS


def test_findings_are_kept_with_every_column_that_the_commands_write() -> None:
    written = {*verdict_rows.FINDING_COLUMNS, *TriageRows.adds} - {"_time", "row_type"}
    assert set(FINDING_FIELDS) == written | {"detected"}


def test_memory_and_contacts_have_the_columns_of_commands_and_searches() -> None:
    assert ("row_type", *columns.MEMORY_COLUMNS) == MEMORY_COLUMNS
    assert contacts.CONTACT_COLUMNS == CONTACT_COLUMNS


def test_the_history_keeps_numbers_and_ids_only() -> None:
    texts = {"src", "user_agent", "app", "actor", "names_found", "reasons", "finding", "src_host", "client_app"}
    assert not texts & set(HISTORY_COLUMNS)
    assert set(HISTORY_COLUMNS) - {"_time", "found", "compromised", "created"} <= set(FINDING_FIELDS)


def test_dashboards_name_outcomes_that_there_are() -> None:
    queries = [one.query for name, root in views().items() for one in searches(name, root)]
    named = {word for query in queries for word in re.findall(r'outcome="(\w+)"', query)}
    assert {"not_found", "success", "ambiguous"} <= named <= set(OUTCOMES)
    assert all(any(outcome.startswith("exists") for outcome in OUTCOMES) for query in queries if "exists%" in query)
