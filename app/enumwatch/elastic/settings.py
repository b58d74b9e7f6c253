"""Settings: what environment and configuration file say of the cluster; a file with a key is the owner's alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from .faults import ClusterError
from .secret import content_of

DEFAULT_TIMEOUT_SECONDS = 60.0
_SECTION = "elastic"
_SECRETS = ("api_key", "password")
_PREFIX = "ENUMWATCH_ELASTIC_"
_LARGEST_FILE = 1_000_000  # bytes


@dataclass(frozen=True)
class Settings:
    """What is written in the section [elastic], or in ENUMWATCH_ELASTIC_<NAME> of the environment, which goes first."""

    file: Path
    url: str = ""
    cloud_id: str = ""
    api_key: str = ""
    user: str = ""
    password: str = ""
    ca: str = ""
    kibana_url: str = ""
    allow_http: bool = False
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS

    def __repr__(self) -> str:
        return f"Settings(file={self.file!r}, …)"


NAMES = tuple(field.name for field in fields(Settings) if field.name != "file")
_FLAGS = ("allow_http",)
_DURATIONS = ("timeout_seconds",)


def default_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the configuration file lies."""
    home = environment.get("XDG_CONFIG_HOME")
    return (Path(home) if home else Path.home() / ".config") / "enumwatch.toml"


def settings_from(environment: Mapping[str, str], file: Path | None = None) -> Settings:
    """What the file says, each setting replaced by the environment's; raises ClusterError.

    The default file may be missing; one that is named may not.
    """
    path = file or default_file(environment)
    found = _of_file(path, is_named=file is not None)
    given = {name: environment[_PREFIX + name.upper()] for name in NAMES if environment.get(_PREFIX + name.upper())}
    for one, other in (("url", "cloud_id"), ("api_key", "user")):
        # Whoever names one of a pair means it instead of the other, wherever that is written.
        if (one in given) != (other in given):
            found.pop(other if one in given else one, None)
    if "url" in given and "cloud_id" in given:
        raise ClusterError("both a URL and a cloud id are set in the environment: unset one of them")
    found |= {name: _from_text(name, text.strip()) for name, text in given.items()}
    if found.get("url") and found.get("cloud_id"):
        raise ClusterError(f"{path} names both url and cloud_id: keep one of them")
    return Settings(path, **found)


def _from_text(name: str, text: str) -> Any:
    if name in _FLAGS:
        if text.lower() not in ("true", "false"):
            raise ClusterError(f"{_PREFIX}{name.upper()} is neither true nor false: set it to one of them")
        return text.lower() == "true"
    if name in _DURATIONS:
        try:
            return _duration(float(text), f"{_PREFIX}{name.upper()}")
        except ValueError:
            raise ClusterError(f"{_PREFIX}{name.upper()} is no number of seconds: write one, such as 60") from None
    return text


def _duration(seconds: float, where: str) -> float:
    if not 0 < seconds <= 3600:
        raise ClusterError(f"{where} is not between 0 and 3600: write a number of seconds, such as 60")
    return seconds


def _of_file(path: Path, is_named: bool) -> dict[str, Any]:
    if not path.exists():
        if is_named:
            raise ClusterError(f"there is no configuration file {str(path)!r}: name another with --config")
        return {}
    try:
        content, is_open_to_others = content_of(path, _LARGEST_FILE)
    except OSError as error:
        raise ClusterError(f"{path} cannot be read ({error.strerror}): make it readable for yourself") from None
    section = _parsed(path, content).get(_SECTION, {})
    if not isinstance(section, dict):
        raise ClusterError(f"{path}: elastic is no section: begin it with [elastic]")
    unknown = sorted(set(section) - set(NAMES))
    if unknown:
        raise ClusterError(f"{path}: [elastic] has no setting {unknown[0]!r}: choose from {', '.join(NAMES)}")
    if is_open_to_others and any(section.get(name) for name in _SECRETS):
        raise ClusterError(f"{path} holds a key that others can read: run chmod 600 {path}")
    return {name: _checked(name, value, path) for name, value in section.items()}


def _parsed(path: Path, content: bytes) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise ClusterError(f"{path} is not UTF-8: save it as UTF-8") from None
    except RecursionError:
        raise ClusterError(f"{path} is no TOML (it is nested too deep): mend it") from None
    except tomllib.TOMLDecodeError as error:
        # The words of the parser name line and column, and now and then a character, never a value.
        raise ClusterError(f"{path} is no TOML ({error}): mend it") from None


def _checked(name: str, value: Any, path: Path) -> Any:
    where = f"{path}: {name}"
    if name in _FLAGS:
        if not isinstance(value, bool):
            raise ClusterError(f"{where} is neither true nor false: write one of them without quotes")
        return value
    if name in _DURATIONS:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ClusterError(f"{where} is no number of seconds: write one, such as 60")
        return _duration(float(value), where)
    if not isinstance(value, str):
        raise ClusterError(f"{where} is no text: put it in quotes")
    return value.strip()
