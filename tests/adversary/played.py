"""Every trick played on the company, and what came of it: the table of docs/limits.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from tests.core.making import context

from enumwatch.core.allowlist import Allowlist
from enumwatch.core.contact import Contact

from . import tricks
from .company import OFFICE, TOOL, Result, attacked

LONG = 75  # days of a log in which somebody is slow
_AGENT_ENTRY = {"type": "user_agent", "value": TOOL, "tenant": "*", "detections": "*", "reason": "monitoring",
                "owner": "soc@contoso.example", "starts": "", "expires": "2027-01-01"}  # fmt: skip


class Play(NamedTuple):
    """One trick: what somebody does, and what comes of it."""

    trick: str
    way: str
    run: Callable[[], Result]


def _of(trick: str, way: str, rows: Callable[[], Sequence[Contact]], days: int = 14) -> Play:
    return Play(trick, way, lambda: attacked(rows(), days=days))


def _borrowed() -> Result:
    known = context(allowlist=Allowlist.from_rows([_AGENT_ENTRY]))
    return attacked(tricks.plain(), known)


def _flooded(flood: int, places: int) -> Result:
    noise, behind = tricks.hidden_by(flood, places)
    return attacked([*noise, *behind], of=behind)


def _forged(where: Callable[[int], str]) -> list[Contact]:
    return [
        one._replace(kind="autodiscover", source="iis", code="autodiscover_v2:302", asn="", src_ip=where(turn))
        for turn, one in enumerate(tricks.plain())
    ]


def _early(addresses: int) -> list[Contact]:
    back = 5 * 86_400 * 10**6 - 12 * 3600 * 10**6
    rows = [one._replace(**(tricks.elsewhere(turn % addresses) if addresses > 1 else {}))
            for turn, one in enumerate(tricks.plain())]  # fmt: skip
    return [one._replace(first=one.first - back, last=one.last - back, hour=one.hour - back) for one in rows]


def _from_office() -> list[Contact]:
    return [one._replace(src_ip=OFFICE.src_ip, asn=str(OFFICE.asn)) for one in tricks.plain()]


PLAYS: tuple[Play, ...] = (
    _of("none", "60 names in an hour from one address", tricks.plain),
    *(
        _of("signs in with accounts of its own first", f"own accounts: {own}; 60 names in an hour",
            lambda own=own: tricks.own_accounts(60, own, a_day=24 * 60))
        for own in (1, 3, 10, 20)
    ),
    *(
        _of("the same, every name with another agent", f"own accounts: {own}; names a day: {a_day}",
            lambda own=own, a_day=a_day: tricks.own_accounts(a_day * 6, own, 1000, a_day))
        for own, a_day in ((3, 5), (10, 18), (20, 38))
    ),
    *(
        _of("is slow, one address", f"names a day: {a_day:g}, for 60 days",
            lambda a_day=a_day: tricks.steady(a_day, 60), LONG)
        for a_day in (0.4, 0.7, 1.3, 2, 4)
    ),
    *(
        _of("is slow, another address each time", f"names a day: {a_day}, for 60 days",
            lambda a_day=a_day: tricks.steady(a_day, 60, 0), LONG)
        for a_day in (2, 3, 4, 6)
    ),
    *(
        _of("is slow, another address and agent each time", f"names a day: {a_day}, for 60 days",
            lambda a_day=a_day: tricks.steady(a_day, 60, 0, 0), LONG)
        for a_day in (4, 6, 8, 10, 14)
    ),
    *(
        _of("retries each name like a device", f"{times} attempts at each name",
            lambda times=times: tricks.retried(60, times))
        for times in (4, 6)
    ),
    *(
        _of("keeps to a quarter of an hour a day like a job", f"names a day: {a_day}, for 60 days",
            lambda a_day=a_day: tricks.daily(a_day, 60), LONG)
        for a_day in (1, 5, 14)
    ),
    *(
        _of("makes accounts of names it tried", f"accounts made: {made}; then 60 names",
            lambda made=made: tricks.accounts_later(60, made), 20)
        for made in (3, 4, 8)
    ),
    _of("comes in the first hours of the log", "60 names from one address", lambda: _early(1)),
    _of("comes in the first hours of the log", "60 names over 20 addresses", lambda: _early(20)),
    _of("acts from the office of the company", "60 names in an hour", _from_office),
    _of("disguises names", "60 names, each in three disguises", lambda: tricks.in_disguise(60)),
    _of("teaches the memory names close by", "60 names, each after a neighbour of it",
        lambda: [*tricks.poison(tricks.plain()), *tricks.plain()]),
    _of("locks accounts like passwords that expire", "40 names that exist, ten attempts each",
        lambda: tricks.locked(40)),
    *(
        _of("guesses at one account from everywhere", f"100 addresses, one every {hours:g} hours",
            lambda hours=hours: tricks.one_account(100, hours * 3600), LONG)
        for hours in (0.1, 4, 12)
    ),
    _of("forges X-Forwarded-For", "60 names, each from another public address",
        lambda: _forged(lambda turn: tricks.elsewhere(turn)["src_ip"])),
    _of("forges X-Forwarded-For", "60 names, each from another private address",
        lambda: _forged(lambda turn: f"10.7.{turn}.9")),
    *(
        Play("floods the tenant first", f"{flood:,} made-up names from {places:,} addresses, then 60 from elsewhere",
             lambda flood=flood, places=places: _flooded(flood, places))
        for flood, places in ((2_000, 11), (21_000, 11), (13_000, 13_000))
    ),
    Play("borrows an agent of the allowlist", "60 names in an hour", _borrowed),
)  # fmt: skip


@cache
def played(number: int) -> Result:
    """What came of one of PLAYS; worked out once."""
    return PLAYS[number].run()


def result(way: str, trick: str = "") -> Result:
    """What came of the play with these words."""
    (number,) = [turn for turn, one in enumerate(PLAYS) if one.way == way and trick in one.trick]
    return played(number)


def table() -> Iterator[str]:
    """The table in Markdown, line by line."""
    yield "| trick | how | told as | attempts until told | names until told |"
    yield "|---|---|---|---|---|"
    for number, play in enumerate(PLAYS):
        found = played(number)
        hidden = found.decision.suppressed_findings
        told = found.verdict or (f"suppressed, shown as {hidden[0].verdict}" if hidden else "**not told**")
        tried = f"{found.attempts} of {found.made} | {found.names} of {found.tried}" if found.is_told else "| "
        yield f"| {play.trick} | {play.way} | {told} | {tried} |"
