"""Rules: every rule that is shipped for import into Kibana."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ...core.event import TRYING_KINDS
from ...core.verdict import VERDICTS
from ...lookups import load_table
from ...rulebook.detection import Detection
from ...splunk.content.guidance import rules as rulebook
from ..documents import CAUTIONS
from ..documents import SEVERITIES as VERDICT_POINTS
from ..names import CONTACT_FIELD, CONTACTS
from ..names import VERDICTS as VERDICT_INDEX
from . import esql
from .columns import any_of, required, text
from .guide import IN_DOCUMENTS
from .rule import RISK, Rule, rule, shown, suppressed

_ENTRA = "entra_signin"
_HISTORY_DAYS = 30  # that a rule for what is new looks back over
_NEEDS_CONTACTS = (
    f"Needs the index {CONTACTS}, which `enumwatch elastic setup` makes and the transform or the runner fills. "
    "No runner is needed beside it."
)
_NEEDS_LOGS = (
    "Needs the integration of the log only, nothing of enumwatch. Copies of an event count as often as they come."
)
_NEEDS_VERDICTS = (
    f"Needs the index {VERDICT_INDEX}, which `enumwatch elastic run` (or a watch) fills. "
    "Enable the rule, and give the role of whoever enables it read access to the index."
)

# Kibana's word for how bad a verdict is.
_WORDS = {points: word for word, points in RISK.items()}
SEVERITIES: Mapping[str, str] = {name: _WORDS[points] for name, points in VERDICT_POINTS.items() if points}
_VERDICT_FIELDS = (
    *("enumwatch.verdict", "enumwatch.score", "enumwatch.confidence", "source.ip", "user_agent.original"),
    *(
        "organization.id",
        f"enumwatch.{CAUTIONS}",
        "enumwatch.names_found",
        "enumwatch.compromised_accounts",
        "enumwatch.accounts_created",
    ),
    *("enumwatch.reasons", "event.id"),
)
_COUNTED_FIELDS = (
    "source.ip",
    "user_agent.original",
    "Esql.verdict",
    "Esql.names_tried",
    "Esql.attempts",
    "Esql.names",
)


def shipped() -> list[Rule]:
    """Return every rule, those over verdicts first."""
    return [*over_verdicts(), *counted(), *thresholds(), *new_terms()]


def over_verdicts() -> Iterator[Rule]:
    """Yield one rule for each detection, which makes an alert of each of its findings and each step up it takes."""
    for detection in rulebook().detections.values():
        query = f"event.kind: {text('alert')} and rule.id: {text(detection.id)} and not enumwatch.withdrawn_at: *"
        yield {
            **rule(
                f"verdict-{detection.id}",
                detection,
                detection.title,
                "A finding of the runner, with verdict, score and severity of the finding itself.",
                setup=_NEEDS_VERDICTS,
                places=IN_DOCUMENTS,
            ),
            "type": "query",
            "language": "kuery",
            "query": query,
            "index": [VERDICT_INDEX],
            "interval": "5m",
            # A finding may be dated days before it was written, and a document makes one alert however often it is read.
            "from": "now-7d",
            # A closed set of words, so nobody's name gets into the name of an alert.
            "rule_name_override": "enumwatch.verdict",
            "severity_mapping": [
                {"field": "enumwatch.verdict", "operator": "equals", "value": name, "severity": SEVERITIES[name]}
                for name in VERDICTS
                if name in SEVERITIES
            ],
            "risk_score_mapping": [{"field": "event.risk_score", "operator": "equals", "value": ""}],
            "required_fields": required(
                ("event.kind", "rule.id", "enumwatch.withdrawn_at", "enumwatch.verdict", "event.id")
            ),
            **suppressed(("event.id", "enumwatch.verdict"), days=7),
            **shown(_VERDICT_FIELDS),
        }


def counted() -> Iterator[Rule]:
    """Yield the rules that count in ES|QL."""
    published, enumeration = _detection("published_threshold"), _detection("email_enumeration")
    codes = _entra_codes()
    for place, log, setup in (
        ("contacts", esql.OF_CONTACTS, _NEEDS_CONTACTS),
        ("logs", esql.OF_ENTRA_LOGS, _NEEDS_LOGS),
    ):
        where = "contacts" if log is esql.OF_CONTACTS else "Entra sign-in logs"
        yield {
            **_counting(f"published-{place}", published, f"{published.title}, over {where}", setup),
            "query": esql.published(published, log),
            "interval": "1h",
            "from": "now-4h",
        }
        yield {
            **_counting(f"address-{place}", enumeration, f"One address tries names, over {where}", setup),
            "query": esql.by_address(enumeration, log, None if log is esql.OF_CONTACTS else codes),
            "interval": "15m",
            "from": "now-24h",
        }


def thresholds() -> Iterator[Rule]:
    """Yield the rules that count distinct names with a threshold, the weakest form: an alert of them names nobody."""
    detection = _detection("email_enumeration")
    names = int(detection.limits["moderate_names"].number)
    absent = sorted(code for code, outcome in _entra_codes().items() if outcome == "not_found")
    of_contacts = (
        f"{CONTACT_FIELD}.kind: {any_of(sorted(TRYING_KINDS))} and {CONTACT_FIELD}.outcome: {text('not_found')} "
        f"and {CONTACT_FIELD}.src_ip: * and not {CONTACT_FIELD}.src_ip: {text('')}"
    )
    of_logs = (
        f"event.dataset: {text('azure.signinlogs')} and azure.signinlogs.result_type: {any_of(absent)} and source.ip: *"
    )
    entra_name = "azure.signinlogs.properties.user_principal_name"
    contact_fields = [f"{CONTACT_FIELD}.tenant", f"{CONTACT_FIELD}.src_ip"]
    yield _threshold("contacts", detection, of_contacts, [CONTACTS], contact_fields, f"{CONTACT_FIELD}.target", names)
    yield _threshold("logs", detection, of_logs, [esql.OF_ENTRA_LOGS.indices], ["source.ip"], entra_name, names)


def new_terms() -> Iterator[Rule]:
    """Yield the rules that tell what was never seen before; each is a hint, not a finding."""
    for new in _NEW:
        name, where = f"{CONTACT_FIELD}.{new.field}", f"{CONTACT_FIELD}.{new.where}"
        about = f"{new.title}, after {_HISTORY_DAYS} days of history."
        yield {
            **rule(
                f"new-{new.ident}",
                _detection(new.detection),
                new.title,
                about,
                setup=_NEEDS_CONTACTS,
                severity="low",
            ),
            "type": "new_terms",
            "language": "kuery",
            "query": f"{where}: {text(new.value)} and {name}: * and not {name}: {text('')}",
            "index": [CONTACTS],
            "new_terms_fields": [name],
            "history_window_start": f"now-{_HISTORY_DAYS}d",
            "interval": "1h",
            "from": "now-2h",
            "required_fields": required((name, where)),
            **suppressed((name,), days=1),
            **shown((name, f"{CONTACT_FIELD}.src_ip", f"{CONTACT_FIELD}.source")),
        }


class _New(NamedTuple):
    """Something that is told when it was never seen before: a key of those contacts where another has a value."""

    ident: str
    detection: str
    field: str
    title: str
    where: str
    value: str


_NEW = (
    _New(
        *("agent", "email_enumeration", "user_agent", "A new agent asks for names that do not exist"),
        *("outcome", "not_found"),
    ),
    _New(
        *("reader", "identity_gathering", "actor", "Somebody reads the directory for the first time"),
        *("kind", "directory_read"),
    ),
    _New(
        *("creator", "account_creation", "actor", "Somebody makes accounts for the first time"),
        *("kind", "account_created"),
    ),
)


def _counting(ident: str, detection: Detection, title: str, setup: str) -> Rule:
    over_contacts = setup is _NEEDS_CONTACTS
    reads = () if over_contacts else (rulebook().sources[_ENTRA],)
    names = _READ[ident]
    return {
        **rule(ident, detection, title, "What the cluster can count by itself.", setup=setup, reads=reads),
        "type": "esql",
        "language": "esql",
        "required_fields": required(names),
        "rule_name_override": "Esql.verdict",
        "severity_mapping": [
            {"field": "Esql.verdict", "operator": "equals", "value": name, "severity": SEVERITIES[name]}
            for name in VERDICTS[1:4]
        ],
        **suppressed((esql.GROUP,), days=1),
        **shown(_COUNTED_FIELDS),
    }


def _threshold(
    place: str, detection: Detection, query: str, index: list[str], fields: list[str], name: str, limit: int
) -> Rule:
    over_contacts = place == "contacts"
    where = "contacts" if over_contacts else "Entra sign-in logs"
    about = f"{limit} names that do not exist from one address within a day."
    ident = f"absent-{place}"
    return {
        **rule(
            ident,
            detection,
            f"Many names that do not exist, over {where}",
            about,
            setup=_NEEDS_CONTACTS if over_contacts else _NEEDS_LOGS,
            reads=() if over_contacts else (rulebook().sources[_ENTRA],),
        ),
        "type": "threshold",
        "language": "kuery",
        "query": query,
        "index": index,
        "threshold": {"field": fields, "value": limit, "cardinality": [{"field": name, "value": limit}]},
        "interval": "15m",
        "from": "now-24h",
        "required_fields": required((*fields, name)),
        "alert_suppression": {"duration": {"value": 24, "unit": "h"}},
        **shown(fields),
    }


def _entra_codes() -> dict[str, str]:
    """Outcome of each code of Entra; a code that a reason tells apart has the outcome that it has without one."""
    rows = [row for row in load_table("outcomes").rows if row["provider"] == "entra" and not row["reason"]]
    return {row["code"]: row["outcome"] for row in rows}


def _detection(ident: str) -> Detection:
    return rulebook().detections[ident]


_OF_CONTACTS = {
    "published": ("source", "code", "src_ip", "client_app", "user_agent", "app", "target", "attempts", "first", "last"),
    "address": (
        "kind",
        "target_visible",
        "outcome",
        "tenant",
        "src_ip",
        "user_agent",
        "target",
        "attempts",
        "first",
        "last",
    ),
}
_OF_LOGS = (
    "@timestamp",
    "azure.signinlogs.category",
    esql.OF_ENTRA_LOGS.code,
    "source.ip",
    esql.OF_ENTRA_LOGS.agent,
    esql.OF_ENTRA_LOGS.name,
)
# Fields that each query reads; a test holds them against the queries themselves.
_READ: Mapping[str, tuple[str, ...]] = {
    **{
        f"{ident}-contacts": tuple(f"{CONTACT_FIELD}.{name}" for name in names) for ident, names in _OF_CONTACTS.items()
    },
    "published-logs": (*_OF_LOGS, esql.OF_ENTRA_LOGS.client_app, esql.OF_ENTRA_LOGS.app),
    "address-logs": _OF_LOGS,
}
