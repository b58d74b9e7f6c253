"""What belongs to the owner: domains, networks, accounts that matter most, and who may create accounts."""

from __future__ import annotations

from typing import Callable, Dict, FrozenSet, Iterable, List, Mapping, NamedTuple, Optional, Tuple

from .address import canonical_domain, read_address
from .lookup_rows import LookupProblem, LookupProblems, ProblemList, numbered, text_of
from .network import NetworkTable
from .wildcard import Wildcard, has_wildcard, matches_everything

DOMAIN_KINDS: Tuple[str, ...] = ("own", "retired", "partner")
NETWORK_KINDS: Tuple[str, ...] = ("corporate", "vpn", "cloud")
# The order decides when one account is listed twice: the kind whose touch says most comes first.
ACCOUNT_KINDS: Tuple[str, ...] = ("decoy", "break_glass", "admin", "executive", "service")
CREATOR_KINDS: Tuple[str, ...] = ("user", "app")

Rows = Iterable[Mapping[str, str]]


class _Listed(NamedTuple):
    tenant: str
    kind: str

    def holds_for(self, tenant: str) -> bool:
        return not self.tenant or self.tenant == tenant.lower()


class _Names:
    """Kinds by name, exact or by pattern; tenant "" holds for all."""

    def __init__(self, kinds: Tuple[str, ...], comparable: Callable[[str], str]) -> None:
        self._kinds = kinds
        self._comparable = comparable
        self._exact: Dict[str, List[_Listed]] = {}
        self._patterns: List[Tuple[Wildcard, _Listed]] = []
        self._has_kind: Dict[Tuple[str, str], bool] = {}

    def add(self, name: str, listed: _Listed) -> None:
        self._has_kind.clear()
        if has_wildcard(name):
            self._patterns.append((Wildcard(name), listed))
        else:
            self._exact.setdefault(self._comparable(name), []).append(listed)

    def kind_of(self, name: str, tenant: str) -> str:
        if not name or not (self._exact or self._patterns):
            return ""
        key = self._comparable(name)
        found = {listed.kind for listed in self._exact.get(key, ()) if listed.holds_for(tenant)}
        for pattern, listed in self._patterns:
            if listed.holds_for(tenant) and pattern.matches(key):
                found.add(listed.kind)
        return next((kind for kind in self._kinds if kind in found), "")

    def has_kind(self, kind: str, tenant: str) -> bool:
        """Whether anything of a kind is listed for a tenant."""
        key = (kind, tenant)
        found = self._has_kind.get(key)
        if found is None:
            rows = [one for listed in self._exact.values() for one in listed] + [one for _, one in self._patterns]
            found = self._has_kind[key] = any(one.kind == kind and one.holds_for(tenant) for one in rows)
        return found

    def exact_of(self, kind: str) -> FrozenSet[str]:
        return frozenset(name for name, rows in self._exact.items() if any(listed.kind == kind for listed in rows))


class Organisation:
    """Answers what a domain, an address, an account or a creator is to the owner; "" where it is nothing listed."""

    def __init__(self) -> None:
        self._domains = _Names(DOMAIN_KINDS, canonical_domain)
        self._networks: NetworkTable[_Listed] = NetworkTable()
        self._has_networks: Dict[str, bool] = {}  # tenant → whether any is listed
        self._accounts = _Names(ACCOUNT_KINDS, _account_key)
        self._creators = _Names(CREATOR_KINDS, _account_key)

    @classmethod
    def from_rows(
        cls,
        domains: Rows = (),
        networks: Rows = (),
        sensitive_accounts: Rows = (),
        approved_creators: Rows = (),
        paths: Optional[Mapping[str, str]] = None,
    ) -> Organisation:
        """Return the organisation these rows describe; raises LookupProblems with every row that is wrong.

        `paths` maps domains, networks, sensitive_accounts and approved_creators to the file names used in messages.
        """
        made = cls()
        problems: List[LookupProblem] = []
        tables = (
            (domains, "domains", "domain", DOMAIN_KINDS, made._domains.add),
            (networks, "networks", "cidr", NETWORK_KINDS, made._networks.add),
            (sensitive_accounts, "sensitive_accounts", "account", ACCOUNT_KINDS, made._accounts.add),
            (approved_creators, "approved_creators", "actor", CREATOR_KINDS, made._creators.add),
        )
        for rows, table, column, kinds, add in tables:
            noted = ProblemList((paths or {}).get(table, f"enumwatch_{table}.csv"))
            for line, row in numbered(rows):
                _add(noted, line, row, column, kinds, add)
            problems.extend(noted.found)
        if problems:
            raise LookupProblems(problems)
        return made

    @property
    def own(self) -> FrozenSet[str]:
        """Own domains of all tenants, without those given as patterns."""
        return self._domains.exact_of("own")

    @property
    def retired(self) -> FrozenSet[str]:
        """Domains once owned, of all tenants, without those given as patterns."""
        return self._domains.exact_of("retired")

    @property
    def partners(self) -> FrozenSet[str]:
        """Partners' domains of all tenants, without those given as patterns."""
        return self._domains.exact_of("partner")

    def domain_kind(self, domain: str, tenant: str = "") -> str:
        """Return own, retired, partner or ""."""
        return self._domains.kind_of(domain, tenant)

    def is_own_domain(self, domain: str, tenant: str = "") -> bool:
        """Return whether a domain is the owner's today; a subdomain is only when listed, `*.contoso.example` does."""
        return self.domain_kind(domain, tenant) == "own"

    def is_retired_domain(self, domain: str, tenant: str = "") -> bool:
        """Return whether a domain was the owner's once."""
        return self.domain_kind(domain, tenant) == "retired"

    def is_foreign_domain(self, domain: str, tenant: str = "") -> bool:
        """Return whether a domain is neither own, retired nor a partner's; never where no own domain is listed."""
        return self._domains.has_kind("own", tenant) and not self.domain_kind(domain, tenant)

    def network_kind(self, ip: str, tenant: str = "") -> str:
        """Return corporate, vpn, cloud or "", by the narrowest listed network that holds the address."""
        for listed in self._networks.values_of(ip):
            if listed.holds_for(tenant):
                return listed.kind
        return ""

    def lists_networks(self, tenant: str = "") -> bool:
        """Return whether any network is listed for a tenant: without one, "outside" cannot be told."""
        found = self._has_networks.get(tenant)
        if found is None:
            found = any(listed.holds_for(tenant) for listed in self._networks.values())
            self._has_networks[tenant] = found
        return found

    @property
    def has_networks(self) -> bool:
        """Whether any network is listed: without one, "outside" cannot be told."""
        return len(self._networks) > 0

    def account_kind(self, name: str, tenant: str = "") -> str:
        """Return decoy, break_glass, admin, executive, service or ""; any spelling of the name will do."""
        return self._accounts.kind_of(name, tenant)

    def lists_accounts(self, tenant: str = "") -> bool:
        """Return whether any sensitive account is listed for a tenant: without one, "none of them" says nothing."""
        return any(self._accounts.has_kind(kind, tenant) for kind in ACCOUNT_KINDS)

    def creator_kind(self, actor: str, tenant: str = "") -> str:
        """Return user, app or "" for one who may create accounts."""
        return self._creators.kind_of(actor, tenant)

    def lists_creators(self, tenant: str = "") -> bool:
        """Return whether anybody is listed as one who may create accounts: without, nobody is unapproved."""
        return any(self._creators.has_kind(kind, tenant.lower()) for kind in CREATOR_KINDS)

    def is_approved_creator(self, actor: str, tenant: str = "") -> bool:
        """Return whether one may create accounts."""
        return bool(self.creator_kind(actor, tenant))


def _account_key(name: str) -> str:
    return read_address(name).normal


def _add(
    problems: ProblemList,
    line: int,
    row: Mapping[str, str],
    column: str,
    kinds: Tuple[str, ...],
    add: Callable[[str, _Listed], None],
) -> None:
    before = len(problems.found)
    value, tenant, kind = text_of(row, column), text_of(row, "tenant").lower(), text_of(row, "kind").lower()
    problems.add_choice(line, "kind", kind, kinds)
    if not value:
        problems.add(line, f"{column} is empty", f"a value for {column}", "")
    elif matches_everything(value):
        problems.add(line, f"{column} matches everything", "a value that names something", value)
    elif column == "domain" and not has_wildcard(value) and not canonical_domain(value):
        problems.add(line, "value is no domain", "a domain, such as contoso.example", value)
    if len(problems.found) > before:
        return
    try:
        add(value, _Listed("" if tenant == "*" else tenant, kind))
    except ValueError:
        expected = "a network whose address has no bits beyond its length, such as 192.0.2.0/24"
        problems.add(line, "value is no network", expected, value)
