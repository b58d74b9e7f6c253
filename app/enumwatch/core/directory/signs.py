"""Signs: what makes a large reading suspicious, each with its weight and its sentence."""

from __future__ import annotations

from typing import AbstractSet, Iterable, List, NamedTuple, Optional, Tuple

from ..baseline import Baseline
from ..context import Context
from ..history import History
from ..times import DAY, HOUR
from ..wording import counted, lasting
from .limits import Limits
from .read import Read
from .window import ReadWindow, named, pace

Sign = Tuple[int, str]  # weight, sentence


class Standing(NamedTuple):
    """How the volume of a window compares with what is normal."""

    volume: int
    length: int  # of the window, microseconds
    floor: int
    own: Baseline
    has_history: bool
    log_days: int  # days since the log's first read


class Signs(NamedTuple):
    """All signs of a window, and how much they must weigh together."""

    found: List[Sign]
    needed: int

    @property
    def weight(self) -> int:
        return sum(weight for weight, _ in self.found)

    @property
    def is_enough(self) -> bool:
        return self.weight >= self.needed


def signs_of(
    window: ReadWindow, read: Read, standing: Standing, history: History, limits: Limits, context: Context
) -> Signs:
    """The signs of this window at this read."""
    is_old = standing.log_days * DAY >= limits.log_age
    tool = list(_tool(window, history, standing, context))
    found = [
        *_volume(window, read, standing, is_old, limits),
        *_where(read, history, standing, is_old, context),
        *_when(read, history, standing),
        *tool,
        *_what(window, limits),
    ]
    if not standing.has_history and not is_old:
        has_tool = any(weight > 1 for weight, _ in tool)
        if read.is_application and not has_tool:
            return Signs([], 1)  # what an application usually reads is not known yet
        needed = limits.signs_cold
    else:
        needed = limits.signs
    if not named(window.networks) and not named(window.agents):
        needed = min(needed, limits.signs_blind)
    return Signs(found, needed)


def _volume(window: ReadWindow, read: Read, standing: Standing, is_old: bool, limits: Limits) -> Iterable[Sign]:
    what = f"{standing.volume} objects read within {lasting(standing.length)}"
    if standing.has_history:
        own = standing.own
        yield (
            2,
            (
                f"{what}; on {own.days} earlier days this reader read {own.median:g} at the median (deviation "
                f"{own.deviation:.0f}) and {own.most:g} at most, so up to {max(own.bound, standing.floor - 1):.0f} would be usual"
            ),
        )
        if standing.volume >= limits.far_above * max(own.bound, 1):
            yield (
                1,
                f"That is {standing.volume / max(own.bound, 1):.0f} times the bound; a busy day stays below {limits.far_above:g}",
            )
        return
    usual = f"{what}; readers without {limits.own_days} days of history stay below {standing.floor}"
    if is_old:
        age = f"the log is {standing.log_days} days old and shows {standing.own.days} days of this reader"
        yield (1 if read.is_application else 2), f"{usual}; {age}"
    elif window.lists * limits.list_objects < standing.volume:
        yield 2, f"{usual}, and people look up a few names at a time"
    else:
        yield 0, usual


def _where(read: Read, history: History, standing: Standing, is_old: bool, context: Context) -> Iterable[Sign]:
    organisation = context.organisation
    if not read.address:
        return
    kind = organisation.network_kind(read.address, read.tenant)
    is_known = history.has_used_network(read.network, read.time - standing.length)
    # A few days in an old log tell where from, if not yet how much.
    is_told = standing.has_history or (is_old and standing.own.days > 0)
    if kind and not is_known and not standing.has_history:
        yield -1, f"{read.address} is in one of the owner's {kind} networks"
    elif not kind and not is_known and (organisation.lists_networks(read.tenant) or is_told):
        listed = (
            "outside the owner's networks"
            if organisation.lists_networks(read.tenant)
            else "a network this reader never used"
        )
        other = f"{counted(len(history.networks), 'network')} used on earlier days"
        yield 1, f"Read from {read.address}, {listed}; {other}"
    elif standing.has_history and (kind or is_known) and client_of(read) in history.clients:
        yield -1, f"From a network and with a client that were used on {len(history.peaks)} earlier days"


def _when(read: Read, history: History, standing: Standing) -> Iterable[Sign]:
    if standing.has_history and not history.is_usual_hour(read.time):
        hour = read.time // HOUR % 24
        yield 1, f"At {hour:02d}:00 UTC; on {len(history.peaks)} earlier days this reader was active at other hours"


def _tool(window: ReadWindow, history: History, standing: Standing, context: Context) -> Iterable[Sign]:
    # What was used on a few days only may be this very run.
    usual = history.clients if standing.has_history else {}
    agents = [one for one in named(window.agents) if not any(name.startswith(one + "|") for name in usual)]
    matches = context.known_tools.matches(agents)
    known = sorted({one.tool for one in matches if one.risk in ("very_low", "low")} & _reading_tools(context))
    if known:
        yield 2, f"{counted(len(known), 'known tool')} by the agent ({', '.join(known)}); people's clients show none"
    elif matches:
        agent = agents[0][:60]
        yield (
            1,
            f"{counted(len(agents), 'agent')} of a script ({agent}); people read with a browser or an office program",
        )


def _reading_tools(context: Context) -> AbstractSet[str]:
    """Tools whose agent is known from logs of directory reads."""
    return {row.tool for row in context.known_tools.rows if "graph_activity" in row.log_sources}


def _what(window: ReadWindow, limits: Limits) -> Iterable[Sign]:
    sections = named(window.sections)
    if len(sections) >= limits.sections:
        shown = ", ".join(sections[:8])
        yield 1, f"{len(sections)} parts of the directory ({shown}); usual work stays below {limits.sections}"
    if window.pages >= limits.pages or window.lists:
        what = (
            counted(window.pages, "later page") if window.pages >= limits.pages else counted(window.lists, "whole list")
        )
        yield 1, f"{what} read; people look at fewer than {limits.pages} pages"
    if window.sensitive:
        shown = ", ".join(named(window.sensitive)[:5])
        yield 1, f"{counted(sum(window.sensitive.values()), 'read')} of sensitive parts ({shown}); usual work has 0"
    if window.calls >= limits.refused_calls and window.refused >= limits.refused_share * window.calls:
        share = window.refused / window.calls
        yield (
            1,
            f"{share:.0%} of {window.calls} calls were refused; a program at work stays below {limits.refused_share:.0%}",
        )
    fast = pace(window.reads)
    if fast >= limits.pace:
        yield 1, f"{fast} objects within a minute; by hand fewer than {limits.pace} are read"


def client_of(read: Read) -> str:
    """What was read with: the agent and the application."""
    return f"{read.agent}|{read.app_id}" if read.agent or read.app_id else ""


def log_days(begun: Optional[int], now: int) -> int:
    """Whole days since the log's first read."""
    return (now - begun) // DAY if begun is not None else 0
