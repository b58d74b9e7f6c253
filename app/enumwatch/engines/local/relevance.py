"""Relevance: the few contacts of a large table that can change a verdict, found where the table is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...core.contact import ECHO_EVENT, ECHOED_EVENT, Contact
from ...core.scope import Limits
from .contacts import TRYING, Contacts, microsecond_columns
from .reach import literal
from .store import Store

_MISSING = "('not_found', 'wrong_realm')"
# Failed tries of the kinds that try names, without those of a name that had signed in at the place with the same agent:
# the core leaves those out as well.
_UNFAMILIAR = (
    "SELECT one.* FROM (SELECT * FROM contact SEMI JOIN candidate USING (place)) AS one LEFT JOIN success AS before "
    "ON one.place = before.place AND one.user_agent = before.user_agent AND one.target = before.target "
    "AND one.actor = before.actor AND one.host = before.host AND one.target_visible AND before.target_visible "
    f"AND one.target <> '' WHERE one.kind IN ({TRYING}) "
    f"AND (before.first IS NULL OR before.first >= one.first OR one.outcome IN {_MISSING})"
)
# A name of white space alone, of whatever alphabet, is none to the core.
_IS_NAMELESS = r"NOT target_visible OR regexp_full_match(target, '[\s\pZ\pC]*')"
# What the core takes for one attempt that Windows wrote down twice; its names are compared without their letters beyond
# ASCII, of which DuckDB and Python have different small forms.
_ECHOES = f"kind = 'sign_in' AND client_app IN ({literal(ECHO_EVENT)}, {literal(ECHOED_EVENT)})"
_ECHO_KEY = (
    "(tenant, hour, regexp_replace(lower(target), '[^ -~]', '', 'g'), "
    "CASE WHEN contains(code, ':') THEN substr(code, instr(code, ':') + 1) ELSE '' END)"
)


def relevant(
    contacts: Contacts, store: Store, limits: Limits, is_decoy: Callable[[str, str], bool] | None = None
) -> Iterator[Contact]:
    """Contacts that can change a verdict of the rules that watch places, and all of other kinds.

    A place can raise something only if some hour and the next together hold what one of the rules asks for of a window of one
    hour, or a decoy (`is_decoy` tells by name and tenant). Candidates are found among failed tries alone; successes are then
    looked up at those few places, and the places that stay quiet in their light are dropped. Of successes only the first of a
    name with an agent at a place says anything: the rules ask whether a name had signed in there before.
    """
    run = store.db.execute
    run(f"CREATE OR REPLACE TEMP TABLE candidate AS {_candidates(limits)}")
    if is_decoy is not None:
        _add_places_of_decoys(store, "candidate", is_decoy)
    run(f"CREATE OR REPLACE TEMP TABLE success AS {contacts.first_successes('candidate')}")
    run(f"CREATE OR REPLACE TEMP TABLE unfamiliar AS {_UNFAMILIAR}")
    run(f"CREATE OR REPLACE TEMP TABLE busy AS {_busy_places(limits)}")
    if is_decoy is not None:
        _add_places_of_decoys(store, "busy", is_decoy)
    columns = microsecond_columns()
    at_busy_place = "place IN (SELECT place FROM busy)"
    others, tried = f"kind NOT IN ({TRYING})", f"SELECT * FROM unfamiliar WHERE {at_busy_place}"
    if store.value(f"SELECT count(*) FROM contact WHERE {_ECHOES} AND client_app = {literal(ECHO_EVENT)}"):
        # Whether a 4776 is an echo depends on the rows of its name at every place.
        is_told_twice = (
            f"{_ECHOES} AND {_ECHO_KEY} IN (SELECT {_ECHO_KEY} FROM contact WHERE {at_busy_place} "
            f"AND kind = 'sign_in' AND client_app = {literal(ECHO_EVENT)})"
        )
        others = f"{others} OR ({is_told_twice})"
        tried = f"SELECT * FROM ({tried}) EXCEPT ALL SELECT * FROM contact WHERE {is_told_twice}"
    yield from contacts.read(
        f"SELECT {columns} FROM contact WHERE {others} UNION ALL SELECT {columns} FROM ({tried}) "
        f"UNION ALL SELECT {columns} FROM success WHERE {at_busy_place}"
    )


def _add_places_of_decoys(store: Store, table: str, is_decoy: Callable[[str, str], bool]) -> None:
    tried = store.rows(f"SELECT DISTINCT target, tenant FROM contact WHERE kind IN ({TRYING})")
    store.table("bait", ["target VARCHAR", "tenant VARCHAR"], [one for one in tried if is_decoy(*one)])
    store.db.execute(f"INSERT INTO {table} SELECT DISTINCT place FROM contact SEMI JOIN bait USING (target, tenant)")


def _per_name(rows: str, by_agent: bool) -> str:
    """SQL of what each place tried of each name in every hour and the next."""
    agent = "user_agent, " if by_agent else ""
    hourly = (
        f"SELECT place, {agent}name, hour, sum(attempts) AS attempts, bool_or(outcome IN {_MISSING}) AS is_missing, "
        f"bool_or(outcome NOT IN {_MISSING}) AS is_there, bool_or({_IS_NAMELESS}) AS is_hidden "
        f"FROM {rows} WHERE kind IN ({TRYING}) GROUP BY ALL"
    )
    return (
        f"SELECT place, {agent}name, window_hour, sum(attempts) AS attempts, bool_or(is_missing) AS is_missing, "
        "bool_or(is_there) AS is_there, bool_or(is_hidden) AS is_hidden FROM (SELECT *, "
        f"unnest([hour, hour + INTERVAL 1 HOUR]) AS window_hour FROM ({hourly})) GROUP BY place, {agent}name, window_hour"
    )


def _candidates(limits: Limits) -> str:
    """SQL of the places that could raise something if nobody had ever signed in anywhere."""
    having = _having(limits, limits.alarm_names, min(limits.spray_names, limits.unclear_names))
    return f"SELECT DISTINCT place FROM ({_per_name('contact', by_agent=False)}) GROUP BY place, window_hour HAVING {having}"


def _busy_places(limits: Limits) -> str:
    """SQL of the places that can raise something.

    Once somebody has signed in at a place the rules look at one agent there, and once several have, they ask for more.
    """
    first_users = (
        f"SELECT place, min(first, {limits.shared_users}) AS firsts FROM "
        "(SELECT place, target, min(first) AS first FROM success GROUP BY ALL) GROUP BY place"
    )
    window = (
        "SELECT tried.*, coalesce(window_hour - INTERVAL 1 HOUR > firsts[1], false) AS is_warm, "
        f"coalesce(window_hour - INTERVAL 1 HOUR > firsts[{limits.shared_users}], false) AS is_shared "
        f"FROM ({_per_name('unfamiliar', by_agent=True)}) AS tried LEFT JOIN ({first_users}) AS users USING (place)"
    )
    place_limits = _having(limits, limits.alarm_names, min(limits.spray_names, limits.unclear_names))
    shared_limits = _having(
        limits, limits.shared_alarm_names, min(limits.spray_shared_names, limits.shared_alarm_names)
    )
    return (
        f"WITH tried AS MATERIALIZED ({window}) SELECT DISTINCT place FROM tried GROUP BY place, window_hour "
        f"HAVING (NOT bool_and(is_warm) OR bool_or(user_agent = '')) AND ({place_limits}) "
        "UNION SELECT DISTINCT place FROM tried GROUP BY place, user_agent, window_hour "
        f"HAVING (NOT bool_and(is_shared) AND ({place_limits})) OR ({shared_limits})"
    )


def _having(limits: Limits, missing: int, there: int) -> str:
    return (
        f"count(DISTINCT name) FILTER (is_missing) >= {missing} "
        f"OR sum(attempts) FILTER (is_hidden AND is_missing) >= {limits.hidden_attempts} "
        f"OR count(DISTINCT name) FILTER (is_there) >= {there} "
        f"OR count(DISTINCT name) FILTER (is_there AND attempts >= {limits.round_attempts}) >= {limits.round_names} "
        f"OR sum(attempts) FILTER (is_there) >= {min(limits.guess_burst_attempts, limits.guess_hour_attempts)}"
    )
