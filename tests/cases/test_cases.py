"""Every case of every detection leads to the verdict it names."""

from __future__ import annotations

from typing import Any

import pytest

from .shipped import cases, stage
from .staging import title


@pytest.mark.parametrize("case", cases(), ids=title)
def test_case(case: dict[str, Any]) -> None:
    assert stage().differences(case) == []
