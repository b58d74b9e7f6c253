from __future__ import annotations

from collections.abc import Iterator

import pytest

from .commands import Product


@pytest.fixture(scope="package")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product with hostile logs in front of it; what it wrote is kept."""
    made = Product(tmp_path_factory.mktemp("hostile"))
    yield made
    made.close()
