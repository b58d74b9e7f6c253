"""The page of dependencies: why each is there, what comes along with it, and under which licence.

The reasons stand in pyproject.toml beside the requirements, versions in the lock file; licences are what the installed packages
say of themselves. What the pages list is worked out for one platform, so that it is the same wherever it is written.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageMetadata, distribution
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover
    import tomli as tomllib

_TOP = Path(__file__).resolve().parents[2]
DEPENDENCIES_FILE = _TOP / "docs" / "dependencies.md"
_PROJECT, _LOCK = _TOP / "pyproject.toml", _TOP / ".ci" / "requirements.lock"
_LOCKED_IN_APP = _TOP / ".ci" / "splunk-app.lock"
_PLATFORM = {
    "python_version": "3.12",
    "python_full_version": "3.12.0",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
    "sys_platform": "linux",
    "platform_system": "Linux",
    "platform_machine": "x86_64",
    "os_name": "posix",
    "extra": "",
}
_LONGEST_LICENCE = 60  # longer, and the field holds the text of a licence instead of its name
_DEVELOPMENT = "dev"


class UnexplainedError(Exception):
    """A requirement without a reason, or a reason without a requirement; the message names them."""


def page() -> str:
    """The page as Markdown. Raises UnexplainedError."""
    project = tomllib.loads(_PROJECT.read_text(encoding="utf-8"))
    reasons, versions = project["tool"]["enumwatch"]["why"], locked(_LOCK)
    groups = _groups(project["project"])
    _explained(groups, reasons)
    shipped = [one for group, some in groups.items() if group != _DEVELOPMENT for one in some]
    lines = [
        "<!-- generated from pyproject.toml, the lock files and the installed packages: run `make build`, do not edit -->",
        "",
        "# Dependencies",
        "",
        "Every package has one line that says why it is there. `make sbom` writes the whole list, with hashes of what was",
        "installed, as CycloneDX.",
    ]
    for group, some in groups.items():
        lines += ["", f"## {_titled(group)}", "", "| package | version | why | licence |", "|---|---|---|---|"]
        lines += [f"| {name} | {versions[name]} | {reasons[name]} | {licence(name)} |" for name in sorted(some)]
    lines += ["", "## What these bring along", ""]
    lines += [
        "Of the packages that a user installs; on Python 3.12 and Linux.",
        "",
        "| package | version | licence |",
        "|---|---|---|",
    ]
    lines += [f"| {name} | {versions[name]} | {licence(name)} |" for name in _along(shipped)]
    lines += ["", "## Inside the Splunk app", "", "Copied into `lib/` of the package; nothing else is taken along.", ""]
    lines += ["| package | version | licence |", "|---|---|---|"]
    in_app = locked(_LOCKED_IN_APP)
    lines += [f"| {name} | {version} | {licence(name)} |" for name, version in sorted(in_app.items())]
    return "\n".join(lines) + "\n"


def locked(lock: Path) -> dict[str, str]:
    """Version by name of every package in a lock file."""
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    return {_normal(name): version for name, version in found}


def licence(name: str) -> str:
    """What a package calls its licence; "not said" where it does not."""
    about = distribution(name).metadata
    stated = _said(about, "License-Expression")
    classed = [one.split(" :: ")[-1] for one in about.get_all("Classifier") or [] if one.startswith("License ::")]
    free = _said(about, "License").strip()
    is_name = free and "\n" not in free and "://" not in free and len(free) <= _LONGEST_LICENCE
    return stated or (free if is_name else "") or ", ".join(classed) or "not said"


def _said(about: PackageMetadata, field: str) -> str:
    return "".join((about.get_all(field) or [])[:1])


def _groups(project: Mapping[str, Any]) -> dict[str, list[str]]:
    """Names of what is asked for directly, by extra; "" is what everybody installs. What an earlier group has is left out."""
    from packaging.requirements import Requirement

    groups: dict[str, list[str]] = {}
    seen: set[str] = set()
    extras = project["optional-dependencies"]
    order = [*sorted(set(extras) - {_DEVELOPMENT}), _DEVELOPMENT]
    for group, some in [("", project["dependencies"]), *((one, extras[one]) for one in order)]:
        names = [_normal(Requirement(one).name) for one in some if _is_asked_for(one)]
        groups[group] = [one for one in dict.fromkeys(names) if one not in seen]
        seen |= set(names)
    return groups


def _explained(groups: Mapping[str, Sequence[str]], reasons: Mapping[str, str]) -> None:
    asked = {one for some in groups.values() for one in some}
    for names, what in ((asked - set(reasons), "a reason"), (set(reasons) - asked, "a requirement")):
        if names:
            raise UnexplainedError(
                f"pyproject.toml: {', '.join(sorted(names))}: expected {what} in tool.enumwatch.why or dependencies"
            )


def _along(direct: Sequence[str]) -> Iterator[str]:
    """Names of what the given packages need, and what that needs, in order, without the given ones."""
    from packaging.requirements import Requirement

    found, todo = set(direct), list(direct)
    while todo:
        for needed in distribution(todo.pop()).requires or []:
            name = _normal(Requirement(needed).name)
            if name not in found and _is_asked_for(needed):
                found.add(name)
                todo.append(name)
    yield from sorted(found - set(direct))


def _is_asked_for(requirement: str) -> bool:
    from packaging.requirements import Requirement

    marker = Requirement(requirement).marker
    return marker is None or marker.evaluate(_PLATFORM)


def _titled(group: str) -> str:
    if not group:
        return "For everybody"
    return "For development" if group == _DEVELOPMENT else f"With `enumwatch[{group}]`"


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def build() -> None:
    """Writes the page. Raises UnexplainedError."""
    DEPENDENCIES_FILE.write_text(page(), encoding="utf-8", newline="\n")


def stale() -> list[Path]:
    """The page's file where it is not what its sources say."""
    is_fresh = DEPENDENCIES_FILE.is_file() and DEPENDENCIES_FILE.read_text(encoding="utf-8") == page()
    return [] if is_fresh else [DEPENDENCIES_FILE]
