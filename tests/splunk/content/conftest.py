"""The app as it is unpacked."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.splunk.unpacked import unpack


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked app; do not change anything in it."""
    return unpack(tmp_path_factory.mktemp("app"))
