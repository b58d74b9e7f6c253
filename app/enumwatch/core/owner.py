"""Owner: what one tenant's owner says of names and domains, each asked once."""

from __future__ import annotations

from typing import Dict

from .organisation import Organisation


class Owner:
    """Answers for one tenant, remembered: an organisation may hold patterns, and a log asks the same thing often."""

    def __init__(self, organisation: Organisation, tenant: str) -> None:
        self._organisation = organisation
        self.tenant = tenant
        self._kinds: Dict[str, str] = {}
        self._lists_accounts = organisation.lists_accounts(tenant)
        self._foreign: Dict[str, bool] = {}

    def account_kind(self, name: str) -> str:
        """executive, admin, service, break_glass or decoy; "" where the name is not listed."""
        if not self._lists_accounts:
            return ""
        found = self._kinds.get(name)
        if found is None:
            found = self._kinds[name] = self._organisation.account_kind(name, self.tenant)
        return found

    def is_foreign_domain(self, domain: str) -> bool:
        """True where own domains are listed and this is neither own, retired nor a partner's."""
        found = self._foreign.get(domain)
        if found is None:
            found = self._foreign[domain] = self._organisation.is_foreign_domain(domain, self.tenant)
        return found
