"""Publishing: contacts that were read from the logs are kept in the contacts index too, for analysts, watches and rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from elasticsearch import Elasticsearch

from ...core.contact import Contact
from ...engines.elastic.view import View
from ..documents import contact_document, contact_id
from ..names import CONTACT_FIELD, CONTACTS
from .bulk import delete_action, index_action, write
from .reading import MILLISECOND, Found, Reading

_HOUR, _SOURCE = f"{CONTACT_FIELD}.hour", f"{CONTACT_FIELD}.source"
_COUNTS = ("attempts", "last")
_CONTACTS_OF_ONE_PAGE = 5_000


class Published:
    """Another reading, of which every day that is read is written as it is now."""

    def __init__(self, client: Elasticsearch, reading: Reading, tables: Mapping[str, Sequence[str]]) -> None:
        """`tables` are the event sources that each log holds."""
        self._client = client
        self._reading = reading
        self._tables = tables

    def found(self, since: int, until: int | None, cursor: int) -> Found:
        """What the other reading finds."""
        return self._reading.found(since, until, cursor)

    def contacts(self, source: str, since: int, until: int) -> Iterator[Contact]:
        """Contacts of some whole days, after they were written. Raises ClusterError where one is refused."""
        contacts = list(self._reading.contacts(source, since, until))
        known = self._known(source, since, until)
        fresh = {contact_id(one): one for one in contacts}
        changed = (
            index_action(CONTACTS, unique, document)
            for unique, one in fresh.items()
            if (document := contact_document(one)) and known.get(unique) != _counts(document)
        )
        for fault in write(self._client, changed).refused.values():
            raise fault
        write(self._client, (delete_action(CONTACTS, unique) for unique in known.keys() - fresh.keys()))
        yield from contacts

    def _known(self, source: str, since: int, until: int) -> dict[str, tuple[object, ...]]:
        """Counts of the contacts that are written already, by id."""
        bounds = {"gte": since // MILLISECOND, "lt": until // MILLISECOND, "format": "epoch_millis"}
        query = {"bool": {"filter": [{"terms": {_SOURCE: list(self._tables[source])}}, {"range": {_HOUR: bounds}}]}}
        fields = [f"{CONTACT_FIELD}.{name}" for name in _COUNTS]
        with View(self._client, [CONTACTS]) as view:
            hits = view.documents(query, fields, _HOUR, _CONTACTS_OF_ONE_PAGE)
            return {hit["_id"]: _counts(hit["_source"]) for hit in hits}


def _counts(document: Mapping[str, Mapping[str, Mapping[str, object]]]) -> tuple[object, ...]:
    fields = document["enumwatch"]["contact"]
    return tuple(fields.get(name) for name in _COUNTS)
