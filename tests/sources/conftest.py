"""Readings of every form, each made once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .telling import Reading, read


@pytest.fixture(scope="session")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Reading]:
    """The reading of one form of one log."""
    made: dict[tuple[str, str], Reading] = {}

    def of(source: str, form: str) -> Reading:
        if (source, form) not in made:
            made[source, form] = read(source, form, tmp_path_factory.mktemp(f"{source}-{form}"))
        return made[source, form]

    return of
