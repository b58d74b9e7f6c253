"""Knowledge: rulebook and lookup tables of the app, each read when it is first needed, their errors as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...core.context import Context
from ...core.lookup_rows import LookupProblems
from ...lookups import Lookups, load_lookups, load_table
from ...rulebook.compiled import COMPILED_FILE, CompiledRulebookError, compiled
from .speech import CommandError

# Long tables that only mail domains are looked up in; most searches never do.
LONG_TABLES = ("free_mail", "disposable_domains")


def rulebook() -> Mapping[str, Any]:
    """The compiled rulebook of the app; raises CommandError."""
    try:
        return compiled()
    except CompiledRulebookError:
        raise CommandError(
            f"{COMPILED_FILE.name} of the app enumwatch cannot be read or is of another version: install the app again"
        ) from None


def lookups() -> Lookups:
    """The lookup tables of the app without the long ones; raises CommandError with a sentence for each problem."""
    try:
        return load_lookups(without=LONG_TABLES)
    except LookupProblems as error:
        raise told(error) from None


def told(error: LookupProblems) -> CommandError:
    """The problems of lookup tables as sentences for the analyst."""
    return CommandError(*(f"{one}: mend this in the lookup and search again" for one in error.problems))


class LaterRows:
    """Rows of a long table, read when somebody asks for them. Raises CommandError then."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __iter__(self) -> Iterator[Mapping[str, str]]:
        try:
            return iter(load_table(self._name).rows)
        except LookupProblems as error:
            raise told(error) from None


def context_of(rules: Mapping[str, Any], tables: Lookups) -> Context:
    """What the core may know beside the logs."""
    from ...domains.known import KnownDomains, by_the_packages

    owner = tables.organisation
    free_mail, disposable = (LaterRows(name) for name in LONG_TABLES)
    domains = KnownDomains(free_mail, disposable, owner.own, owner.partners | owner.retired, by_the_packages)
    return Context(
        rulebook=rules,
        allowlist=tables.allowlist,
        organisation=owner,
        known_tools=tables.known_tools,
        actors=tables.actors,
        intelligence=tables.intelligence,
        mail_domain=domains.mail_domain,
        lookalike=domains.lookalike,
    )
