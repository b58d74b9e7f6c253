"""What may be wrong with the saved searches: off, changed, or run so seldom that they leave something out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from .exported import Stanzas
from .trouble import Trouble

RULE = re.compile(r"enumwatch - .* - Rule\Z")
CONTACTS = re.compile(r"enumwatch - Contacts - (.*)\Z")

_HOURLY = re.compile(r"(?:\d{1,2}|\*/\d{1,2}|\*|\d{1,2}(?:[,/-]\d{1,2})+) \* \* \* \*")
# They belong together: the search runs once an hour and looks at what was indexed in that hour.
_WINDOW = (
    *("dispatch.index_earliest", "dispatch.index_latest", "dispatch.earliest_time", "dispatch.latest_time"),
    "realtime_schedule",
)


def check_searches(found: Stanzas, shipped: Stanzas) -> Iterator[Trouble]:
    """Yield what is wrong with the app's saved searches."""
    for name, stanza in shipped.items():
        if name not in found:
            yield Trouble("broken", f"search {name!r}", "is not there", "install the app again")
        else:
            yield from _check(name, found[name], stanza)
    yield from _check_chain(found, shipped)


def is_on(stanza: Mapping[str, str]) -> bool:
    """True for a search that Splunk runs by itself."""
    is_disabled = stanza.get("disabled", "0").lower() in ("1", "true")
    return not is_disabled and stanza.get("enableSched", "0").lower() in ("1", "true")


def _check(name: str, found: Mapping[str, str], shipped: Mapping[str, str]) -> Iterator[Trouble]:
    where = f"search {name!r}"
    if _plain(found.get("search", "")) != _plain(shipped.get("search", "")):
        advice = "remove its text from local/savedsearches.conf and use the macros, or clone it under another name"
        yield Trouble("doubtful", where, "was changed, so updates of the app do not reach it", advice)
    if not is_on(found):
        return
    changed = [key for key in _WINDOW if key in shipped and found.get(key, "") != shipped[key]]
    if changed:
        told = ", ".join(f"{key} = {found.get(key, '') or 'nothing'} (shipped: {shipped[key]})" for key in changed)
        advice = "set them back, or rows are counted twice or left out"
        yield Trouble("doubtful", where, f"runs over other times: {told}", advice)
    cron = found.get("cron_schedule", "")
    if _HOURLY.fullmatch(shipped.get("cron_schedule", "")) and not _HOURLY.fullmatch(cron):
        advice = (
            f"run it every hour (cron_schedule = {shipped['cron_schedule']}), or what is indexed between is left out"
        )
        yield Trouble("broken", where, f"runs by {cron or 'no schedule'}", advice)


def _check_chain(found: Stanzas, shipped: Stanzas) -> Iterator[Trouble]:
    """Rules read what the searches of contacts write: neither is of use without the other."""
    rules = [name for name in shipped if RULE.match(name) and is_on(found.get(name, {}))]
    contacts = [name for name in shipped if CONTACTS.match(name) and is_on(found.get(name, {}))]
    off = [name for name in shipped if RULE.match(name) and name in found and name not in rules]
    if rules and not contacts:
        advice = 'enable "enumwatch - Contacts - ..." of every log that you have'
        yield Trouble("broken", "searches", "rules are enabled, and no search gives them contacts", advice)
    elif contacts and not rules:
        yield Trouble(
            "broken", "searches", "contacts are gathered, and no rule reads them", 'enable "enumwatch - ... - Rule"'
        )
    elif not rules:
        advice = 'enable "enumwatch - Contacts - ..." of every log that you have, then "enumwatch - ... - Rule"'
        yield Trouble("broken", "searches", "all are disabled, as they are shipped", advice)
    elif off:
        yield Trouble("note", "searches", f"{len(off)} rules are disabled: {', '.join(off)}", "enable what you want")


def _plain(text: str) -> str:
    return " ".join(text.split())
