"""ES|QL: what a cluster can count by itself, over contacts or over a log as its integration writes it.

Kibana adds the window of the rule to a query. Every name is a group of its own first, so that counts of names are exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ...core.event import TRYING_KINDS
from ...core.evidence import SAMPLE_SIZE
from ...core.outcome import FAILING, OUTCOMES
from ...core.scope import ABSENT, EXISTING, WRONG_REALM, class_of
from ...core.verdict import HIGH, LOW, MODERATE
from ...rulebook.detection import Detection
from ..names import CONTACTS
from .columns import column, contact, one_of, text


class Log(NamedTuple):
    """Where the columns of sign-ins stand: in contacts, or in a log as its integration writes it.

    `tries`, `first` and `last` are what one document says of the number and the times of tries.
    """

    indices: str
    only: str
    tenant: str | None
    address: str
    client_app: str
    agent: str
    app: str
    name: str
    code: str
    tries: str
    first: str
    last: str


OF_CONTACTS = Log(
    indices=CONTACTS,
    only=f"{contact('kind')} IN {one_of(sorted(TRYING_KINDS))}",
    tenant=contact("tenant"),
    address=contact("src_ip"),
    client_app=contact("client_app"),
    agent=contact("user_agent"),
    app=contact("app"),
    name=contact("target"),
    code=contact("code"),
    tries=contact("attempts"),
    first=contact("first"),
    last=contact("last"),
)
_SIGN_INS = "azure.signinlogs.properties"
OF_ENTRA_LOGS = Log(
    indices="logs-azure.signinlogs-*",
    only='azure.signinlogs.category == "SignInLogs"',
    tenant=None,
    address="TO_STRING(source.ip)",
    client_app=f"{_SIGN_INS}.client_app_used",
    agent="user_agent.original",
    app=f"{_SIGN_INS}.app_display_name",
    name=f"{_SIGN_INS}.user_principal_name",
    code="azure.signinlogs.result_type",
    tries="1",
    first="@timestamp",
    last="@timestamp",
)

# Columns of an alert; Kibana's own start so where a query computed them.
_ADDRESS, _AGENT = "source.ip", "user_agent.original"
GROUP = "Esql.group"  # one value for each group, by which alerts are suppressed
_WHOLE_HOURS = 2
_NO_FAILURE = [outcome for outcome in OUTCOMES if outcome not in FAILING]


def published(detection: Detection, log: Log) -> str:
    """Return the published rule: names by address, client, agent and clock hour, of whole hours only."""
    limits = _numbers(detection)
    source = f"{contact('source')} IN {one_of(detection.sources)}" if log is OF_CONTACTS else log.only
    return _piped(
        f"FROM {log.indices}",
        f"WHERE {source} AND {log.code} IN {one_of(detection.codes)}",
        f"EVAL address = {log.address}, client = COALESCE({log.client_app}, {text('')}), "
        f"agent = COALESCE({log.agent}, {text('')}), name = COALESCE({log.name}, {text('')}), "
        f"hour = DATE_TRUNC(1 hour, {log.first}), tries = {log.tries}",
        f"WHERE address != {text('')} AND hour < DATE_TRUNC(1 hour, NOW()) "
        f"AND hour >= DATE_TRUNC(1 hour, NOW()) - {_WHOLE_HOURS} hours",
        f"STATS tries = SUM(tries), earliest = MIN({log.first}), latest = MAX({log.last}), apps = VALUES({log.app}) "
        "BY address, client, agent, hour, name",
        "STATS Esql.names_tried = COUNT(*), Esql.attempts = SUM(tries), Esql.window_start = MIN(earliest), "
        f"Esql.window_end = MAX(latest), apps = VALUES(apps), Esql.names = TOP(name, {limits['sample_names']}, {text('asc')}) "
        "BY address, client, agent, hour",
        f"WHERE Esql.names_tried >= {limits['names']}",
        f"EVAL Esql.apps = MV_SLICE(MV_SORT(apps), 0, {limits['sample_apps'] - 1}), "
        'Esql.minutes = DATE_DIFF("minutes", DATE_TRUNC(1 minute, Esql.window_start), DATE_TRUNC(1 minute, Esql.window_end)) + 1',
        "EVAL Esql.names_per_minute = FLOOR(TO_DOUBLE(Esql.names_tried) / Esql.minutes * 100 + 0.5) / 100.0, "
        f"Esql.verdict = {_ladder('Esql.names_tried', limits)}, "
        f"{GROUP} = CONCAT(address, {text('|')}, client, {text('|')}, agent, {text('|')}, TO_STRING(hour))",
        _as_alert("client"),
        f"SORT Esql.names_tried DESC, {GROUP} ASC",
        f"KEEP {_ADDRESS}, {_AGENT}, Esql.*",
    )


def by_address(detection: Detection, log: Log, codes: Mapping[str, str] | None = None) -> str:
    """Return enumeration of one address by counts: absent, existing and wrong-realm names, points and ladder.

    `codes` says the outcome of each code where the log does not hold outcomes. What needs memory (names known before,
    places alike, many addresses) is not in it.
    """
    limits = _numbers(detection)
    groups = "tenant, address" if log.tenant else "address"
    by_tenant = f"tenant, {text('|')}, " if log.tenant else ""
    return _piped(
        f"FROM {log.indices}",
        *_names_of(log, codes, groups),
        f"EVAL is_try = CASE(success == 1 OR tries >= {limits['retries']}, 0, 1)",
        "EVAL existing = existing * is_try",
        "EVAL absent = CASE(existing == 1, 0, absent * is_try), realm = CASE(existing == 1 OR absent == 1, 0, realm * is_try)",
        "STATS Esql.names_absent = SUM(absent), Esql.names_wrong_realm = SUM(realm), Esql.names_existing = SUM(existing), "
        "Esql.users = SUM(success), Esql.attempts = SUM(tries), Esql.window_start = MIN(earliest), "
        "Esql.window_end = MAX(latest), agents = VALUES(agents), "
        f"Esql.names = {_sample('absent + realm + existing == 1')}, Esql.names_found = {_sample('existing == 1')} "
        f"BY {groups}",
        "EVAL Esql.names_denied = Esql.names_absent + Esql.names_wrong_realm",
        "EVAL Esql.names_tried = Esql.names_denied + Esql.names_existing, "
        f"Esql.points = {limits['weight_absent']} * Esql.names_denied + {limits['weight_existing']} * Esql.names_existing "
        f"- {limits['weight_success']} * Esql.users",
        f"WHERE Esql.names_denied > 0 AND {_alarm(limits)}",
        f"EVAL Esql.verdict = {_ladder('Esql.names_tried', limits)}, agent = MV_FIRST(MV_SORT(agents))",
        f"EVAL {GROUP} = CONCAT({by_tenant}address, {text('|')}, Esql.verdict)"
        + (", Esql.tenant = tenant" if log.tenant else ""),
        _as_alert(""),
        f"SORT Esql.points DESC, {GROUP} ASC",
        f"KEEP {_ADDRESS}, {_AGENT}, Esql.*",
    )


def _names_of(log: Log, codes: Mapping[str, str] | None, groups: str) -> Iterator[str]:
    """A row for each name that an address tried, with 1 for each sort of answer it had, else 0."""
    outcome = contact("outcome") if codes is None else f"CASE({_cases(log.code, codes)}, {text('ambiguous')})"
    tenant = f"tenant = COALESCE({log.tenant}, {text('')}), " if log.tenant else ""
    yield f"WHERE {log.only}" + (f" AND {contact('target_visible')}" if codes is None else "")
    yield f"EVAL {tenant}address = {log.address}, agent = {log.agent}, name = TO_LOWER({log.name}), answer = {outcome}"
    yield f"EVAL tries = CASE(answer IN {one_of(_NO_FAILURE)}, 0, {log.tries})"
    yield f"WHERE address != {text('')} AND name != {text('')}"
    yield (
        f"STATS tries = SUM(tries), earliest = MIN({log.first}), latest = MAX({log.last}), agents = VALUES(agent), "
        f"absent = {_any(ABSENT)}, realm = {_any(WRONG_REALM)}, existing = {_any(EXISTING)}, "
        f"success = MAX(CASE(answer == {text('success')}, 1, 0)) BY {groups}, name"
    )


def _alarm(limits: Mapping[str, int | float]) -> str:
    """The running sum of a place that is not shared, or that users share; it falls too little in a day to matter."""

    def over(name: str) -> str:
        return f"(Esql.points >= {limits[f'{name}_level']} AND Esql.names_tried >= {limits[f'{name}_names']})"

    few = f"Esql.users < {limits['shared_users']}"
    return f"(({few} AND {over('address')}) OR {over('shared')})"


def _ladder(names: str, limits: Mapping[str, int | float]) -> str:
    return (
        f"CASE({names} >= {limits['high_names']}, {text(HIGH)}, {names} >= {limits['moderate_names']}, {text(MODERATE)}, "
        f"{text(LOW)})"
    )


def _sample(condition: str) -> str:
    """The first of the names of which this is true."""
    return f"TOP(CASE({condition}, name, null), {SAMPLE_SIZE}, {text('asc')})"


def _any(sort: str) -> str:
    """1 where an answer of this sort was among those to a name."""
    outcomes = [outcome for outcome in OUTCOMES if class_of(outcome) == sort]
    return f"MAX(CASE(answer IN {one_of(outcomes)}, 1, 0))"


def _cases(code: str, codes: Mapping[str, str]) -> str:
    """Conditions with the outcome of each, one for all codes of an outcome."""
    by_outcome = {
        outcome: sorted(one for one in codes if codes[one] == outcome)
        for outcome in OUTCOMES
        if outcome != "ambiguous" and outcome in codes.values()
    }
    return ", ".join(f"{code} IN {one_of(some)}, {text(outcome)}" for outcome, some in by_outcome.items())


def _as_alert(client: str) -> str:
    more = f", Esql.client_app = {client}" if client else ""
    return f"EVAL {column(_ADDRESS)} = TO_IP(address), {_AGENT} = agent{more}"


def _numbers(detection: Detection) -> dict[str, int | float]:
    return {name: limit.number for name, limit in detection.limits.items()}


def _piped(first: str, *commands: str) -> str:
    return "\n".join([first, *(f"| {command}" for command in commands)])
