"""Summary: the scheduled searches that keep contacts, hour by hour, and those that fill what was there before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...splunk.content.confs import Stanza
from ...splunk.content.names import CONTACTS, INDEX
from .macros import contacts_search, sources_in_splunk

# Events may be indexed this long after they happened, or carry a clock that is ahead, and are still counted.
_OLDEST, _NEWEST = "-7d@h", "+1d@h"
_FIRST_MINUTE, _MINUTES_BETWEEN = 5, 1
_BACKFILLED = "-30d@d"

# The key that says when: an hour of index time is over for good, whatever time its events carry.
_HOURLY: Mapping[str, str] = {"dispatch.index_earliest": "-1h@h", "dispatch.index_latest": "@h"}


def kept(name: str) -> str:
    """The search that finds the contacts of one source and keeps them in the summary index."""
    # As JSON: quotes in a user agent would end the value of a pair. In that form the source is a field of the rows.
    return f'{contacts_search(name)}\n| eval source="{CONTACTS}"\n| collect `{INDEX}` output_format=hec'


def summary_stanzas(rulebook: Mapping[str, Any]) -> Iterator[Stanza]:
    """Two saved searches for each source: every hour, and once for what is there already."""
    for number, (name, source) in enumerate(sources_in_splunk(rulebook).items()):
        yield Stanza("savedsearches", f"enumwatch - Contacts - {source['title']}", _hourly(name, source, number))
        yield Stanza("savedsearches", f"enumwatch - Backfill - {source['title']}", _backfill(name, source))


def _hourly(name: str, source: Mapping[str, Any], number: int) -> dict[str, str]:
    minute = _FIRST_MINUTE + _MINUTES_BETWEEN * number
    return {
        "description": f"Keeps contacts of {source['title']} ({source['splunk']['addon']}) in the summary index: what was "
        f"indexed in the last full hour, up to 7 days old. Set the macro enumwatch_{name} first. Runs that were missed are "
        "made up for, one for each hour, so that no event counts twice or is lost.",
        "search": kept(name),
        "disabled": "true",
        "enableSched": "1",
        "cron_schedule": f"{minute} * * * *",
        # Continuous: no hour is left out, however late it is its turn.
        "realtime_schedule": "0",
        "schedule_window": "0",
        "dispatch.earliest_time": _OLDEST,
        "dispatch.latest_time": _NEWEST,
        **_HOURLY,
        "is_visible": "true",
        "alert.track": "0",
    }


def _backfill(name: str, source: Mapping[str, Any]) -> dict[str, str]:
    return {
        "description": f"Fills the summary index with contacts of {source['title']} of the last 30 days that were indexed "
        f'before this hour. Run it once, in the same hour in which you enable "enumwatch - Contacts - {source["title"]}": '
        "what that one keeps begins where this ends. A second run counts everything twice.",
        "search": kept(name),
        "dispatch.earliest_time": _BACKFILLED,
        "dispatch.latest_time": _NEWEST,
        "dispatch.index_latest": "@h",
        "is_visible": "true",
        "alert.track": "0",
    }
