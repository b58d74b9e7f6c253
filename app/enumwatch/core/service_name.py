"""Accounts made for programs, told by the names such accounts are given nearly everywhere."""

from __future__ import annotations

import re

_SERVICE_NAME = re.compile(
    r"(.*\\)?(msol_|aad_|sync_|adtoaadsync|svc|srv|service|sa[-_.]|gmsa|serviceprincipal_).*|.*\$", re.IGNORECASE
)


def is_service_name(name: str) -> bool:
    """Whether an account of this name is most likely a program's."""
    return _SERVICE_NAME.fullmatch(name) is not None
