"""A real node with contacts and findings of simulated logs, as the runner leaves it, for everything an analyst does."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk
from tests.engines.elastic.comparing import local_contacts
from tests.simulated import simulated

from enumwatch.core.contact import Contact
from enumwatch.core.decide import decide
from enumwatch.core.verdict import Verdict
from enumwatch.elastic.documents import contact_document, contact_id, finding_json, verdict_document
from enumwatch.elastic.mappings import contact_mapping, verdict_mapping
from enumwatch.elastic.names import CONTACTS, VERDICTS
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled

HOSTILE = "<script>alert(1)</script>$x$ {{x}} \u202egnp.exe"
_PLAYS = (
    ("fast_enumeration", "entra_signin"),
    ("enumeration_then_success", "entra_signin"),
    ("account_burst", "entra_audit"),
)


class Story(NamedTuple):
    """Contacts and what the core finds in them."""

    contacts: list[Contact]
    findings: list[Verdict]


@lru_cache(maxsize=1)
def story() -> Story:
    """Contacts of simulated logs, one with a hostile name among them, and their findings."""
    with TemporaryDirectory() as folder:
        contacts = local_contacts(simulated(Path(folder), _PLAYS))[0]
    absent = next(one for one in contacts if one.outcome == "not_found")
    contacts.append(absent._replace(target=HOSTILE, user_agent=f"{HOSTILE} agent"))
    context = load_lookups().context(compiled(), [], [])
    return Story(contacts, decide(contacts, context).findings)


def fill(client: Elasticsearch) -> Story:
    """Puts contacts and findings into the node, in place of what was there."""
    told = story()
    documents: list[tuple[str, str, Any]] = [
        (CONTACTS, contact_id(one), contact_document(one)) for one in told.contacts
    ]
    documents += [(VERDICTS, one.finding_id, verdict_document(finding_json(one), compiled())) for one in told.findings]
    empty(client)
    for index, mapping in ((CONTACTS, contact_mapping()), (VERDICTS, verdict_mapping())):
        client.indices.create(index=index, mappings=mapping, settings={"number_of_replicas": 0})
    bulk(
        client, [{"_index": index, "_id": ident, "_source": source} for index, ident, source in documents], refresh=True
    )
    return told


def empty(client: Elasticsearch, indices: Sequence[str] = (CONTACTS, VERDICTS)) -> None:
    """Removes the indices where they are."""
    client.indices.delete(index=list(indices), ignore_unavailable=True)
