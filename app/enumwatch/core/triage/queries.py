"""Queries: searches that go on from a finding, ready to run, in the languages of the places its logs may lie in.

A value that could mean something to a language (a quote, a wildcard, a macro, a control character) is left out of the
query, because what is pasted into a console must do what it says, whoever chose the value.
"""

from __future__ import annotations

from typing import Callable, Dict, List, Mapping, NamedTuple, Sequence

from ..contact import TIME_FIELDS
from ..event import TRYING_KINDS
from ..times import SECOND, day_of, to_iso
from ..wording import counted
from .sentinel import Conditions, over, tables_of
from .subject import Subject

LANGUAGES: Mapping[str, str] = {
    "spl": "Splunk, over the contacts of the app",
    "esql": "Elasticsearch, over the index of contacts",
    "kql": "Microsoft Sentinel, over the tables of its connectors",
    "sql": "DuckDB, over the file that `enumwatch contacts --format parquet` writes",
}
_MOST_VALUES = 300
_LONGEST_VALUE = 500  # characters; nobody reads a query with a megabyte in it, and consoles cut it
_NEVER = frozenset('`"\\*$|')
_SHOWN = ("first", "last", "src_ip", "user_agent", "app", "target", "code", "outcome", "attempts")


class Asked(NamedTuple):
    """What a query looks for: contacts with one of these values in each field (with `is_any` in one of the fields), not in
    each of the others. Of these kinds only, where kinds are named."""

    about: str
    among: Mapping[str, Sequence[str]]
    outside: Mapping[str, Sequence[str]]
    since: int
    until: int
    kinds: Sequence[str] = ()
    is_success: bool = False
    is_any: bool = False
    left_out: int = 0


def queries(subject: Subject) -> Dict[str, Dict[str, str]]:
    """By name what each query is about, and its text by language; a query without anything to look for is left out."""
    found = {}
    for name, made in _QUERIES.items():
        asked = _harmless(made(subject))
        if asked.among and all(asked.among.values()):
            texts = {language: write(asked) for language, write in _WRITERS.items()}
            found[name] = {"about": _told(asked), **texts, "kql": _kql(asked, subject)}
    return found


def _attempts(subject: Subject) -> Asked:
    account = subject.actor["account"]
    among = {"actor": [account]} if account and not subject.addresses else {"src_ip": subject.addresses}
    return Asked("Every attempt of the actor", among, {}, subject.start, subject.end, subject.kinds)


def _same_agents(subject: Subject) -> Asked:
    agents = subject.evidence["user_agents_sample"]
    about = "The same agents at other addresses"
    near = _after(subject)
    times = subject.start - near, subject.end + near
    return Asked(about, {"user_agent": agents}, {"src_ip": subject.addresses}, *times, subject.kinds)


def _later_successes(subject: Subject) -> Asked:
    found = list(subject.finding["names_found"])
    until = subject.end + _after(subject, "found_after")
    return Asked(
        "Sign-ins of found names since then", {"target": found}, {}, subject.start, until, ["sign_in"], is_success=True
    )


def _same_names(subject: Subject) -> Asked:
    tried = [name for some in subject.evidence["names_sample"].values() for name in some]
    about = "Attempts at the same names from elsewhere"
    times = subject.start - subject.span("earlier"), subject.end + _after(subject)
    return Asked(about, {"target": sorted(set(tried))}, {"src_ip": subject.addresses}, *times, sorted(TRYING_KINDS))


def _made_accounts(subject: Subject) -> Asked:
    made = list(subject.finding["accounts_created"])
    about = "All that the new accounts did, and what was done to them"
    until = subject.end + _after(subject)
    return Asked(about, {"actor": made, "target": made}, {}, subject.start, until, is_any=True)


def _after(subject: Subject, *limits: str) -> int:
    """How long after its last attempt something belongs to a finding, by the limits of its playbook; microseconds."""
    names = (*limits, "success_after", "change_within", "sent_after")
    return subject.span(next(name for name in names if name in subject.limits))


_QUERIES: Mapping[str, Callable[[Subject], Asked]] = {
    "attempts": _attempts,
    "same_agents": _same_agents,
    "later_successes": _later_successes,
    "same_names": _same_names,
    "made_accounts": _made_accounts,
}


def _harmless(asked: Asked) -> Asked:
    among = {field: _safe(values) for field, values in asked.among.items()}
    outside = {field: _safe(values) for field, values in asked.outside.items()}
    kept = sum(map(len, among.values())) + sum(map(len, outside.values()))
    given = sum(len(set(values)) for values in (*asked.among.values(), *asked.outside.values()))
    return asked._replace(among=among, outside=outside, left_out=given - kept)


def _safe(values: Sequence[str]) -> List[str]:
    return [one for one in dict.fromkeys(values) if is_harmless(one)][:_MOST_VALUES]


def is_harmless(text: str) -> bool:
    """True for a value that means nothing but itself between quotes in every language; an apostrophe is doubled in SQL."""
    return len(text) <= _LONGEST_VALUE and text.isprintable() and not _NEVER & set(text) and "{{" not in text


def _told(asked: Asked) -> str:
    if not asked.left_out:
        return asked.about
    left_out = counted(asked.left_out, "value")
    return f"{asked.about} ({left_out} left out: too many, too long, or of characters that search languages read)"


def _spl(asked: Asked) -> str:
    def is_one(field: str, values: Sequence[str]) -> str:
        return " OR ".join(f'{field}="{one}"' for one in values)

    terms = [_joined([f"({is_one(field, values)})" for field, values in asked.among.items()], asked)]
    terms += [f"NOT ({is_one(field, values)})" for field, values in asked.outside.items() if values]
    terms += ['outcome="success"'] if asked.is_success else []
    # A contact stands where it begins; one of sign-ins may have begun earlier on its day.
    begin, end = day_of(asked.since) // SECOND, asked.until // SECOND + 1
    kinds = f" kind IN ({_doubly(asked.kinds)})" if asked.kinds else ""
    lines = [f"`enumwatch_contacts` earliest={begin} latest={end}{kinds}", f"| where {' AND '.join(terms)}"]
    return "\n".join([*lines, f"| table {', '.join(_SHOWN)}", "| sort 0 first"])


def _esql(asked: Asked) -> str:
    terms = [f'{_column("last")} >= "{to_iso(asked.since)}"', f'@timestamp <= "{to_iso(asked.until)}"']
    terms += [_joined([f"{_column(name)} IN ({_doubly(values)})" for name, values in asked.among.items()], asked)]
    terms += [f"{_column('kind')} IN ({_doubly(asked.kinds)})"] if asked.kinds else []
    terms += [f"NOT {_column(name)} IN ({_doubly(values)})" for name, values in asked.outside.items() if values]
    terms += [f'{_column("outcome")} == "success"'] if asked.is_success else []
    kept = ", ".join(_column(name) for name in _SHOWN)
    lines = ["FROM enumwatch-contacts", f"| WHERE {' AND '.join(terms)}", f"| KEEP @timestamp, {kept}"]
    return "\n".join([*lines, "| SORT @timestamp", "| LIMIT 10000"])


def _column(name: str) -> str:
    """A column of contacts in ES|QL, whose newer versions have words for the first and the last."""
    return f"enumwatch.contact.`{name}`" if name in TIME_FIELDS else f"enumwatch.contact.{name}"


def _kql(asked: Asked, subject: Subject) -> str:
    terms = [f"{name} in~ ({_doubly(values)})" for name, values in asked.among.items()]
    terms += [f"{name} !in~ ({_doubly(values)})" for name, values in asked.outside.items() if values]
    times = to_iso(asked.since), to_iso(asked.until)
    told = Conditions(*times, asked.kinds, list(asked.among), terms, asked.is_success, asked.is_any)
    tables = tables_of(subject.logs, subject.evidence["sources"], told, everywhere=asked.is_any)
    return over(tables, told) if tables else ""


def _sql(asked: Asked) -> str:
    terms = [f"last >= TIMESTAMP '{_stamp(asked.since)}'", f"first <= TIMESTAMP '{_stamp(asked.until)}'"]
    terms += [_joined([f'"{name}" IN ({_singly(values)})' for name, values in asked.among.items()], asked)]
    terms += [f"kind IN ({_singly(asked.kinds)})"] if asked.kinds else []
    terms += [f'"{name}" NOT IN ({_singly(values)})' for name, values in asked.outside.items() if values]
    terms += ["outcome = 'success'"] if asked.is_success else []
    columns = ", ".join(f'"{name}"' for name in _SHOWN)
    return f"SELECT {columns}\nFROM 'contacts.parquet'\nWHERE {' AND '.join(terms)}\nORDER BY first"


def _joined(terms: Sequence[str], asked: Asked) -> str:
    """Terms of which one is enough, or all of them."""
    return f"({' OR '.join(terms)})" if asked.is_any else " AND ".join(terms)


def _stamp(time: int) -> str:
    return to_iso(time).replace("T", " ").rstrip("Z")


def _doubly(values: Sequence[str]) -> str:
    return ", ".join(f'"{one}"' for one in values)


def _singly(values: Sequence[str]) -> str:
    return ", ".join("'" + one.replace("'", "''") + "'" for one in values)


_WRITERS: Mapping[str, Callable[[Asked], str]] = {"spl": _spl, "esql": _esql, "sql": _sql}
