"""Planting: for each hunt what an attacker would do, and the same with a little less of it, as events of several logs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from enumwatch.core.event import Event
from enumwatch.core.times import DAY, HOUR, SECOND, from_iso
from enumwatch.lookups import load_table

MINUTE = 60 * SECOND
MONDAY = from_iso("2026-03-09T00:00:00Z")
END = MONDAY + 6 * DAY + 20 * HOUR  # a Sunday; the newest event of all
TENANT = "11111111-1111-1111-1111-111111111111"
OWN = "contoso.example"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
DECOYS = ("zz.archive@contoso.example",)
SENSITIVE = tuple(f"chief{letter}@contoso.example" for letter in LETTERS[:5])
BROWSER = "Mozilla/5.0"


@lru_cache
def code_of(outcome: str, provider: str = "entra") -> str:
    """A code that the lookup gives this outcome."""
    rows = load_table("outcomes").rows
    return next(row["code"] for row in rows if row["provider"] == provider and row["outcome"] == outcome)


def names(count: int, mark: str, domain: str = OWN) -> list[str]:
    """So many different names without digits, all with one first letter."""
    return [f"{mark}{LETTERS[number // 26]}{LETTERS[number % 26]}@{domain}" for number in range(count)]


@dataclass
class Field:
    """Where events are put, and who may be met there: `who` is the attacker's number, another for the harmless twin."""

    limits: dict[str, int]
    who: int
    less: int  # 0 for the attacker, 1 for the twin who does a little less
    events: list[Event] = field(default_factory=list)

    @property
    def ip(self) -> str:
        """An address of its own."""
        return f"198.51.{self.who}.7"

    @property
    def mark(self) -> str:
        """Letters that no other name begins with."""
        return f"q{LETTERS[self.who // 26]}{LETTERS[self.who % 26]}x"

    @property
    def actor(self) -> str:
        """A person of its own."""
        return f"{self.mark}.actor@{OWN}"

    def enough(self, limit: str) -> int:
        """What reaches a limit, or just does not."""
        return self.limits[limit] - self.less

    def put(self, kind: str, source: str, time: int, target: str = "", **more: Any) -> None:
        """One event."""
        given = {**dict.fromkeys(Event._fields, ""), "tenant": TENANT, "target_visible": True, **more}
        known = {"kind": kind, "source": source, "time": time, "target": target}
        self.events.append(Event(**{**given, **known, "event_id": f"{self.who}-{self.less}-{len(self.events)}"}))

    def tries(self, tried: Sequence[str], outcome: str = "not_found", at: int = MONDAY + 9 * HOUR, **more: Any) -> None:
        """A sign-in at each name, a minute apart."""
        shared = {"src_ip": self.ip, "user_agent": BROWSER, "app_id": "app", "client_app": "Browser"}
        for number, name in enumerate(tried):
            told = {"outcome": outcome, "code": code_of(outcome)}
            self.put("sign_in", "entra_signin", at + number * MINUTE, name, **{**shared, **told, **more})

    def reads(self, paths: Sequence[str], at: int = MONDAY + 9 * HOUR, **more: Any) -> None:
        """A read of each path in the directory."""
        shared = {"src_ip": self.ip, "user_agent": BROWSER, "actor": self.mark, "code": "200", "outcome": "ambiguous"}
        for number, path in enumerate(paths):
            known = {"app": path.split("/")[2].lower()}
            self.put("directory_read", "graph_activity", at + number * SECOND, path, **{**shared, **known, **more})

    def makes(
        self, made: Sequence[str], at: int = MONDAY + 9 * HOUR, kind: str = "account_created", **more: Any
    ) -> None:
        """An account made, switched on or deleted."""
        code = {"account_created": "Add user", "account_enabled": "Enable account", "account_deleted": "Delete user"}
        shared = {"src_ip": self.ip, "actor": self.actor, "code": code[kind], "outcome": "ambiguous"}
        for number, name in enumerate(made):
            self.put(kind, "entra_audit", at + number * SECOND, name, **{**shared, **more})

    def sends(self, recipients: Sequence[str], at: int = MONDAY + 9 * HOUR, **more: Any) -> None:
        """A mail to each recipient."""
        shared = {"src_ip": self.ip, "actor": self.actor, "code": "Delivered", "outcome": "ambiguous"}
        for number, name in enumerate(recipients):
            self.put("mail_sent", "message_trace", at + number * SECOND, name, **{**shared, **more})


PLANTS: dict[str, Callable[[Field], str]] = {}


def plants(do: Callable[[Field], str]) -> Callable[[Field], str]:
    """Notes who plants for the hunt of that name; the function gives what a row of the answer must hold."""
    PLANTS[do.__name__] = do
    return do
