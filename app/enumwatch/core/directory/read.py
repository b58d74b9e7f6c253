"""Read: one look into the directory: who looked, at what, how much of it, and whether it was let."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..contact import Contact
from ..network import canonical_ip, network_of
from ..service_name import is_service_name

# How a source says that a call asked for a later page of a list, or for a list as a whole.
NEXT_PAGE, WHOLE_LIST = "next page", "whole list"
SENSITIVE_ATTRIBUTE = "sensitive attribute"
APPLICATION = "application"

# Who may do what, and how people prove who they are: what a directory holds beside names.
_SENSITIVE_SECTIONS = frozenset(
    {
        *("directoryroles", "directoryroletemplates", "rolemanagement", "roledefinitions", "roleassignments"),
        *("policies", "identity", "identityprotection", "oauth2permissiongrants", "auditlogs"),
    }
)
_SENSITIVE_PATH = re.compile(
    r"/(authentication(/|$)|oauth2permissiongrants|approleassign|signinactivity)", re.IGNORECASE
)
_REFUSED = frozenset({"401", "403", "429"})


class Read(NamedTuple):
    """What one moment of a contact says of a reader."""

    time: int
    tenant: str
    reader: str
    is_application: bool
    source: str
    address: str
    network: str
    country: str
    agent: str
    app_id: str
    section: str
    target: str
    is_page: bool
    is_list: bool
    is_sensitive: bool
    is_refused: bool
    calls: int


def reader_of(contact: Contact) -> str:
    """Who reads: the account or application, else the address, else the machine."""
    return contact.actor.lower() or contact.app_id or canonical_ip(contact.src_ip) or contact.host.lower()


def read_of(contact: Contact, time: int, calls: int) -> Read:
    """The read that this many calls of a contact are."""
    how = contact.client_app
    address = canonical_ip(contact.src_ip)
    return Read(
        time=time,
        tenant=contact.tenant,
        reader=reader_of(contact),
        is_application=how.startswith(APPLICATION) or is_service_name(contact.actor),
        source=contact.source,
        address=address,
        network=network_of(address),
        country=contact.country,
        agent=contact.user_agent,
        app_id=contact.app_id,
        section=contact.app.lower(),
        target=contact.target,
        is_page=how.endswith(NEXT_PAGE),
        is_list=how == WHOLE_LIST,
        is_sensitive=how == SENSITIVE_ATTRIBUTE
        or contact.app.lower() in _SENSITIVE_SECTIONS
        or _SENSITIVE_PATH.search(contact.target) is not None,
        is_refused=contact.code in _REFUSED,
        calls=calls,
    )
