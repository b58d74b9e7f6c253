"""Stand-ins: the contact table with other texts in place of names, made for each text once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Protocol

from ...core.contact import Contact
from .contacts import Contacts

_NAMES, _HOST, _TENANT = ("target", "actor"), "host", "tenant"
_CODE = "code"
_QUOTING = ("src_ip", "asn", "country", "user_agent", "app", "app_id", "client_app")
_AT_ONCE = 100_000


class Names(Protocol):
    """What puts stand-ins in place of names."""

    def name(self, text: str) -> str: ...
    def host(self, text: str) -> str: ...
    def tenant(self, text: str) -> str: ...
    def quoting(
        self, texts: Iterable[str], codes: Iterable[str], names: Iterable[str]
    ) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Texts, and result codes, that quote one of these names or an address, with what is told in their place."""


def names_in(contacts: Contacts) -> Iterator[str]:
    """Every name that was tried or acted, once."""
    contacts.store.db.execute(
        "CREATE OR REPLACE TEMP TABLE named AS SELECT DISTINCT unnest([target, actor]) AS name FROM "
        f"({contacts.all_rows()})"
    )
    yield from _column(contacts, "SELECT name FROM named WHERE name <> ''")


def rows_with_stand_ins(contacts: Contacts, names: Names) -> str:
    """SQL of the whole contact table with stand-ins for names, machines and domains, also where a text quotes them."""
    db = contacts.store.db
    db.execute(f"CREATE OR REPLACE TEMP TABLE told AS SELECT * FROM ({contacts.all_rows()})")
    db.execute("CREATE OR REPLACE TEMP TABLE stand_in (sort VARCHAR, old VARCHAR, fresh VARCHAR)")
    texts = sorted({text for column in _QUOTING for text in _distinct(contacts, column)})
    quoting, codes = names.quoting(texts, list(_distinct(contacts, _CODE)), names_in(contacts))
    _keep(contacts, "text", quoting.items())
    _keep(contacts, _CODE, codes.items())
    _keep(contacts, "name", _each(names_in(contacts), names.name))
    _keep(contacts, _HOST, _each(_distinct(contacts, _HOST), names.host))
    _keep(contacts, _TENANT, _each(_distinct(contacts, _TENANT), names.tenant))
    sorts = {
        **dict.fromkeys(_NAMES, "name"),
        _HOST: _HOST,
        _TENANT: _TENANT,
        _CODE: _CODE,
        **dict.fromkeys(_QUOTING, "text"),
    }
    columns = ", ".join(
        f'coalesce(for_{name}.fresh, told."{name}") AS "{name}"' if name in sorts else f'told."{name}"'
        for name in Contact._fields
    )
    joins = " ".join(
        f"LEFT JOIN (SELECT old, fresh FROM stand_in WHERE sort = '{sort}') AS for_{name} ON told.\"{name}\" = for_{name}.old"
        for name, sort in sorts.items()
    )
    return f"SELECT {columns} FROM told {joins}"


def _distinct(contacts: Contacts, column: str) -> Iterator[str]:
    return _column(contacts, f'SELECT DISTINCT "{column}" FROM told WHERE "{column}" <> \'\'')


def _column(contacts: Contacts, sql: str) -> Iterator[str]:
    """The texts of a query of one column; a page at a time, so that other queries can run between."""
    contacts.store.db.execute(f"CREATE OR REPLACE TEMP TABLE listed AS {sql}")
    count = contacts.store.value("SELECT count(*) FROM listed")
    for begin in range(0, count, _AT_ONCE):
        page = f"SELECT * FROM listed WHERE rowid >= {begin} AND rowid < {begin + _AT_ONCE}"
        yield from (text for (text,) in contacts.store.rows(page))


def _each(texts: Iterable[str], tell: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    return ((text, tell(text)) for text in texts)


def _keep(contacts: Contacts, sort: str, pairs: Iterable[tuple[str, str]]) -> None:
    """Remembers stand-ins, so many at a time that memory stays bounded."""
    page: list[tuple[str, str]] = []
    for pair in pairs:
        page.append(pair)
        if len(page) == _AT_ONCE:
            _insert(contacts, sort, page)
            page = []
    _insert(contacts, sort, page)


def _insert(contacts: Contacts, sort: str, page: list[tuple[str, str]]) -> None:
    old, fresh = [one for one, _ in page], [one for _, one in page]
    contacts.store.db.execute(
        f"INSERT INTO stand_in SELECT '{sort}', unnest($1::VARCHAR[]), unnest($2::VARCHAR[])", [old, fresh]
    )
