"""A real Elasticsearch node with security: roles of our own in its file, and a user for each."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .elastic import running_server

PASSWORD = "correct horse battery"
_ROUNDS, _LENGTH = 10_000, 32
SUPERUSER = "superuser"


@contextmanager
def running_secured(roles: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """The address of a node. Each role has a user of its name with PASSWORD; so has the role superuser."""

    def prepare(home: Path) -> dict[str, str]:
        config = home / "config"
        lines = "".join(f"{json.dumps(name)}: {json.dumps(role)}\n" for name, role in roles.items())
        (config / "roles.yml").write_text(lines, encoding="utf-8")
        names = [*roles, SUPERUSER]
        hashed = _hashed(PASSWORD)
        (config / "users").write_text("".join(f"{name}:{hashed}\n" for name in names), encoding="utf-8")
        (config / "users_roles").write_text("".join(f"{name}:{name}\n" for name in names), encoding="utf-8")
        return {
            "xpack.security.enabled": "true",
            "xpack.security.enrollment.enabled": "false",
            "xpack.security.autoconfiguration.enabled": "false",
            "xpack.security.http.ssl.enabled": "false",
            "xpack.security.transport.ssl.enabled": "false",
        }

    with running_server(prepare) as (address, _home):
        yield address


def _hashed(password: str) -> str:
    """A password as the file of users keeps it, in the form that needs no program to make."""
    salt = b"enumwatch".ljust(_LENGTH, b"-")
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ROUNDS, _LENGTH)
    return f"{{PBKDF2}}{_ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(key).decode()}"
