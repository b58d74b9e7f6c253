"""Quick start: the SDK without its REST client, which with its TLS takes a third of the time a command needs to start.

No command of ours asks splunkd anything; what it knows comes over the pipe.
"""

from __future__ import annotations

import sys
from types import ModuleType

_CLIENT = "splunklib.client"


def without_rest_client() -> None:
    """Puts an empty class in the place of the client, before the SDK imports it."""
    if _CLIENT not in sys.modules:
        module = ModuleType(_CLIENT)
        module.Service = type("Service", (), {})  # type: ignore[attr-defined]
        sys.modules[_CLIENT] = module
