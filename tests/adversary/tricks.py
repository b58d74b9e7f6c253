"""What somebody who knows the detector does to stay below it: each trick as the contacts it leaves in the log."""

from __future__ import annotations

from random import Random

from tests.core.making import contact, success

from enumwatch.core.contact import Contact

from .company import BEGIN_DAY, COMPANY, TOOL, absent, at

COLD = "203.0.113.9"
HOUR_SECONDS, DAY_SECONDS = 3600, 86_400


def attempt(seconds: float, name: str, **known: object) -> Contact:
    """One try of the attacker, from one cold address with a tool unless said otherwise."""
    return contact(seconds, name, **{"src_ip": COLD, "asn": "65536", "user_agent": TOOL, **known})


def plain(count: int = 60, every: float = 60, **known: object) -> list[Contact]:
    """No trick: one address tries one name after the other."""
    return [attempt(at(BEGIN_DAY, every * turn), name, **known) for turn, name in enumerate(absent(count))]


def elsewhere(turn: int) -> dict[str, str]:
    """Another address in another network for each turn, as a seller of home connections has them."""
    rng = Random(f"elsewhere {turn}")
    return {"src_ip": f"{rng.randrange(20, 90)}.{rng.randrange(256)}.{rng.randrange(256)}.7", "asn": str(70_000 + turn)}


def own_accounts(count: int, own: int, agents: int = 1, a_day: int = 24) -> list[Contact]:
    """Signs in with accounts of its own at the attacking address, and then tries names there with so many agents in turn."""
    came = [success(at(BEGIN_DAY, 30 * one), COMPANY.people[one].upn, src_ip=COLD, asn="65536", user_agent=TOOL)
            for one in range(own)]  # fmt: skip
    pause = DAY_SECONDS / a_day
    return came + [
        attempt(at(BEGIN_DAY, HOUR_SECONDS + pause * turn), name, user_agent=agent(turn % agents))
        for turn, name in enumerate(absent(count))
    ]


def agent(number: int) -> str:
    """The tool's agent, or one like a browser's."""
    return f"Mozilla/5.0 (Windows NT 10.0) Chrome/{100 + number}.0" if number else TOOL


def steady(a_day: float, days: float, addresses: int = 1, agents: int = 1, **known: object) -> list[Contact]:
    """So many names a day for so long, from addresses and with agents in turn (0: another each time)."""
    names = absent(int(a_day * days))
    rows = []
    for turn, name in enumerate(names):
        where = {} if addresses == 1 else elsewhere(turn % addresses if addresses else turn)
        shown = agent(turn % agents if agents else turn)
        rows.append(attempt(at(BEGIN_DAY, DAY_SECONDS / a_day * turn), name, user_agent=shown, **where, **known))
    return rows


def retried(count: int, times: int = 4, every: float = 60, **known: object) -> list[Contact]:
    """Each name several times in a row, like a device with an old password."""
    return [
        attempt(at(BEGIN_DAY, every * turn), name, lasts=every / 2, attempts=times, **known)
        for turn, name in enumerate(absent(count))
    ]


def daily(a_day: int, days: int) -> list[Contact]:
    """Only ever at three in the morning, for a quarter of an hour, like a job; on the first two days one name alone."""
    return [
        attempt(at(BEGIN_DAY + turn // a_day, 3 * HOUR_SECONDS + 900 / a_day * (turn % a_day)), name)
        for turn, name in enumerate(absent(a_day * days))
        if turn >= 2 * a_day or turn % a_day == 0
    ]


def one_account(count: int, every: float) -> list[Contact]:
    """One password each at one account, every time from another network with another agent."""
    known = {"outcome": "exists_bad_secret", "code": "50126"}
    name = COMPANY.people[7].upn
    return [
        attempt(at(BEGIN_DAY, every * turn), name, user_agent=agent(turn), **known, **elsewhere(turn))
        for turn in range(count)
    ]


def locked(count: int) -> list[Contact]:
    """Names that exist, each locked by ten tries, so that it looks as if passwords had expired."""
    rows = []
    for turn, person in enumerate(COMPANY.people[:count]):
        begin = at(BEGIN_DAY, 60 * turn)
        rows.append(attempt(begin, person.upn, lasts=20, attempts=9, outcome="exists_bad_secret", code="50126"))
        rows.append(attempt(begin + 25, person.upn, outcome="ambiguous", code="50053"))
    return rows


def in_disguise(count: int) -> list[Contact]:
    """Each name once in letters of double width, once with a mark, once with something invisible in it."""
    rows = []
    for turn, name in enumerate(absent(count)):
        wide = chr(ord(name[0]) + 0xFEE0) + name[1:]
        spelled = (wide, f"{name[0]}\u0301{name[1:]}", f"{name[0]}\u200b{name[1:]}")
        rows += [attempt(at(BEGIN_DAY, 60 * turn + each), one) for each, one in enumerate(spelled)]
    return rows


def hidden_by(flood: int, places: int, count: int = 60) -> tuple[list[Contact], list[Contact]]:
    """A flood of made-up names from many places that fills the hour, and the roll call behind it."""
    noise = [
        attempt(
            at(BEGIN_DAY, turn / 100),
            f"x{turn}y@{COMPANY.domain}",
            src_ip=f"198.18.{turn % places // 250}.{turn % places % 250 + 1}",
        )
        for turn in range(flood)
    ]
    behind = [one._replace(user_agent="Edge", asn="65999") for one in plain(count, every=30)]
    later = flood / 100 + 60
    return noise, [one._replace(first=one.first + int(later * 1e6), last=one.last + int(later * 1e6)) for one in behind]


def poison(tries: list[Contact]) -> list[Contact]:
    """Before each try somebody asks autodiscover for a name one letter away, which answers nothing but stands in the log."""
    return [
        one._replace(kind="autodiscover", source="iis", code="autodiscover:401", outcome="ambiguous", asn="65999",
                     src_ip=f"198.51.100.{turn % 250}", target="q" + one.target, first=one.first - 10**9,
                     last=one.last - 10**9, hour=one.hour - 3600 * 10**6, user_agent=f"Outlook/{turn}")
        for turn, one in enumerate(tries)
    ]  # fmt: skip


def accounts_later(count: int, made: int) -> list[Contact]:
    """Tries names that it then makes accounts of, so that the place looks like one that prepares accounts."""
    mine = [f"made.{word}@{COMPANY.domain}" for word in ("ant", "bee", "cow", "dog", "elk", "fox", "gnu", "hen")[:made]]
    tries = [attempt(at(BEGIN_DAY, HOUR_SECONDS * 20 * turn), name) for turn, name in enumerate(mine)]
    later = at(BEGIN_DAY, HOUR_SECONDS * 20 * made)
    tries += [
        success(later + turn, name, src_ip="198.18.9.9", asn="64999", user_agent="Edge")
        for turn, name in enumerate(mine)
    ]
    return tries + [attempt(later + 3600 + 60 * turn, name) for turn, name in enumerate(absent(count))]
