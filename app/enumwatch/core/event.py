"""Event: one normalised log record."""

from __future__ import annotations

from typing import NamedTuple, Tuple

KINDS: Tuple[str, ...] = (
    "sign_in",
    "autodiscover",
    "directory_read",
    "account_created",
    "account_enabled",
    "account_deleted",
    "mail_sent",
    "identity_change",
)

# What logs write where they have nothing to say.
EMPTY_TEXTS: Tuple[str, ...] = ("", "-", "<null>", "null", "(null)")

# Somebody typed a name and a service answered: the kinds in which names can be tried.
TRYING_KINDS = frozenset({"sign_in", "autodiscover"})


class Event(NamedTuple):
    """One log record under the names every source shares. Text that the log does not give is ""."""

    kind: str
    source: str
    tenant: str
    time: int  # microseconds since 1970 UTC
    event_id: str
    src_ip: str
    asn: str
    country: str
    user_agent: str
    app: str
    app_id: str
    client_app: str
    actor: str  # who acted, where that is not the target
    host: str  # machine the attempt came from, where the log gives no address
    target: str  # the name tried, read or created, as the log writes it
    target_visible: bool  # False where the log hides the typed name
    code: str
    outcome: str
