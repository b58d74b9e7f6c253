"""Reads conf files in tests, as Splunk documents them."""

from __future__ import annotations


def read_conf(text: str) -> dict[str, dict[str, str]]:
    """Stanzas of a conf file, read as Splunk documents it: a backslash at the end of a line keeps the line feed."""
    stanzas: dict[str, dict[str, str]] = {}
    keys: dict[str, str] = {}
    for line in text.replace("\\\n", "\0").split("\n"):
        if line.startswith("["):
            keys = stanzas.setdefault(line.strip()[1:-1], {})
        elif line.strip() and not line.startswith("#"):
            key, _, value = line.partition("=")
            keys[key.strip()] = value.strip().replace("\0", "\n")
    return stanzas
