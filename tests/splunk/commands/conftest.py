"""The app as it is unpacked, and the Pythons that Splunk brings."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.core.test_other_pythons import PYTHONS, interpreter
from tests.splunk.unpacked import unpack


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked app; do not change anything in it."""
    return unpack(tmp_path_factory.mktemp("app"))


@pytest.fixture
def own_app(tmp_path: Path) -> Path:
    """An unpacked app that a test may change."""
    return unpack(tmp_path)


@pytest.fixture(params=PYTHONS)
def python(request: pytest.FixtureRequest) -> str:
    """Each Python of Splunk in turn."""
    return interpreter(str(request.param))
