"""Saved searches, one for each detection of the rulebook: contacts in, findings and memory out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...core.decide import PUBLISHED
from ...rulebook.detection import Detection
from .confs import Stanza
from .enterprise import STANDING, enterprise_keys
from .guidance import description, false_positives, how_to_implement, rules
from .names import (
    CONTACT_COLUMNS,
    CONTACTS,
    FINDING,
    FINDINGS,
    INDEX,
    MEMORY_COLUMNS,
    RUN_COLUMNS,
    RUNS,
    filter_of,
    memory_of,
    rule_title,
)

# Contacts are written in the first third of an hour. Each detection then has a minute of its own.
_FIRST_MINUTE, _MINUTES_APART = 25, 5
_LAG = 5  # minutes that Splunk may take until what it indexed can be found
_LATEST_CLOCK = "+1h"  # contacts from clocks that are ahead

# What the history of findings keeps: numbers and ids. Texts that an attacker may have written stay in the KV store,
# because what a summary index makes of quotes in them is not defined.
HISTORY_COLUMNS = (
    *("_time", "finding_id", "detection", "detection_version", "verdict", "score", "confidence", "tenant", "mitre"),
    *("names_tried", "names_absent", "names_existing", "attempts", "addresses", "found", "compromised", "created"),
)


class Window(NamedTuple):
    """Which contacts a run reads, as keys of the saved search."""

    earliest: str
    latest: str
    index_earliest: str = ""
    index_latest: str = ""

    def keys(self) -> dict[str, str]:
        """Return the dispatch keys."""
        keys = {"dispatch.earliest_time": self.earliest, "dispatch.latest_time": self.latest}
        if self.index_earliest:
            keys |= {"dispatch.index_earliest": self.index_earliest, "dispatch.index_latest": self.index_latest}
        return keys


# By the time of indexing, so that what comes late, or from a backfill of 30 days, is read once too; runs follow on each
# other without gap or overlap.
SINCE_LAST_RUN = Window("-31d@d", _LATEST_CLOCK, f"-{60 + _LAG}m@m", f"-{_LAG}m@m")
# A rule without memory needs all contacts of its clock hour at once.
WHOLE_HOUR = Window("-2h@h", "-1h@h")


def stanzas() -> Iterator[Stanza]:
    """Yield the saved search of each detection, in the order of their ids."""
    for place, detection in enumerate(rules().detections.values()):
        minute = _FIRST_MINUTE + place * _MINUTES_APART
        yield Stanza("savedsearches", rule_title(detection.title), _keys(detection, minute))


def has_memory(detection: Detection) -> bool:
    """True where what a run learnt is given to the next."""
    return detection.id != PUBLISHED


def search_of(detection: Detection) -> str:
    """Return the SPL of a detection, a command a line."""
    memory = memory_of(detection.id)
    lines = [f"`{CONTACTS}` {_of_interest(detection)}", f"| fields {', '.join(CONTACT_COLUMNS)}", "| fields - _raw"]
    remember = ""
    if has_memory(detection):
        lines.append(f"| inputlookup append=t {memory}")
        remember = " remember=true"
    lines += [f'| enumverdict detections="{detection.id}" summary=true{remember}', "| enumtriage"]
    if has_memory(detection):
        lines.append(
            f'| appendpipe [ where row_type="memory" | table {", ".join(MEMORY_COLUMNS)}'
            f" | outputlookup override_if_empty=false {memory} | where false() ]"
        )
    lines += [
        f'| appendpipe [ where row_type="summary" | eval detection="{detection.id}", ended=now(),'
        f' run="{detection.id} " . strftime(now(), "%Y-%m-%d %H:%M") | table {", ".join(RUN_COLUMNS)}'
        f" | outputlookup append=t key_field=run {RUNS} | where false() ]",
        '| where row_type="finding"',
        f"| `{filter_of(detection.id)}`",
        "| eval detected=_time",
        f"| appendpipe [ outputlookup append=t key_field=finding_id {FINDINGS} | where false() ]",
        f'| appendpipe [ {_history()} | collect `{INDEX}` source="{FINDINGS}" | where false() ]',
    ]
    return "\n".join(lines)


def _of_interest(detection: Detection) -> str:
    terms = [f"kind IN ({_listed(detection.kinds)})"]
    if detection.sources:
        terms.append(f"log_source IN ({_listed(detection.sources)})")
    if detection.codes:
        terms.append(f"code IN ({_listed(detection.codes)})")
    return " ".join(terms)


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f'"{word}"' for word in words)


def _history() -> str:
    counted = (("found", "names_found"), ("compromised", "compromised_accounts"), ("created", "accounts_created"))
    sums = ", ".join(f"{name}=mvcount({column})" for name, column in counted)
    names = " ".join(name for name, _ in counted)
    return f'eval {sums} | fillnull value="0" {names} | table {", ".join(HISTORY_COLUMNS)}'


def _keys(detection: Detection, minute: int) -> dict[str, str]:
    window = SINCE_LAST_RUN if has_memory(detection) else WHOLE_HOUR
    return {
        "description": f"{description(detection)}\n\n{how_to_implement(detection)}\n\n{false_positives(detection)}",
        "search": search_of(detection),
        "disabled": "true",
        "enableSched": "1",
        "cron_schedule": f"{minute} * * * *",
        # A run that was skipped is made up for, in order: the next one needs what it remembered.
        "realtime_schedule": "0",
        "schedule_window": "0",
        **window.keys(),
        "is_visible": "true",
        **_alert(STANDING[detection.id].severity),
        **enterprise_keys(detection),
    }


def _alert(severity: str) -> dict[str, str]:
    """One alert for each finding and each step up its verdict takes, however often the finding grows."""
    return {
        "counttype": "number of events",
        "relation": "greater than",
        "quantity": "0",
        "alert.track": "1",
        "alert.digest_mode": "0",
        "alert.severity": _ALERT_SEVERITIES[severity],
        "alert.suppress": "1",
        "alert.suppress.fields": "finding_id,verdict",
        "alert.suppress.period": "7d",
        "action.email": "0",
        # As plain text, because names and agents are written by whoever attacks.
        "action.email.content_type": "plain",
        "action.email.subject.alert": "enumwatch: $result.verdict$ ($result.score$) $result.finding_id$",
        "action.email.message.alert": _EMAIL,
        "action.email.include.view_link": "1",
        "action.email.include.results_link": "1",
    }


# Splunk counts from 1 (debug) to 6 (fatal).
_ALERT_SEVERITIES = {"low": "3", "medium": "4", "high": "5", "critical": "6"}

_EMAIL = f"""\
$result.verdict$, score $result.score$, confidence $result.confidence$
Finding: $result.finding_id$ of $result.detection$, tenant $result.tenant$
From $result.window_start$ to $result.window_end$
Addresses: $result.src$
Agent: $result.user_agent$
Names tried: $result.names_tried$, absent: $result.names_absent$, existing: $result.names_existing$
Names found: $result.names_found$
Accounts it got into: $result.compromised_accounts$
Accounts made: $result.accounts_created$

Why: $result.reasons$

What is not known: $result.gaps$

Escalate: $result.escalate$
Next: $result.next_steps$
Caution before containment: $result.cautions$

All of it: dashboard {FINDING} of the app, finding $result.finding_id$"""
