"""A runner does not load packages for tables, and whoever wants them afterwards gets them."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys
from enumwatch.elastic.lean import without_tables
with without_tables():
    from elasticsearch import Elasticsearch, helpers
    try:
        Elasticsearch("http://127.0.0.1:9").transport.serializers.get_serializer("application/json").dumps({"a": {1, 2}})
    except Exception as error:
        assert type(error).__name__ == "SerializationError", error
assert not {"pyarrow", "pandas", "numpy"} & set(sys.modules), "loaded"
import numpy
"""


def test_packages_for_tables_are_left_out_and_can_be_had_later() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    assert done.returncode == 0


LATER = """
import numpy
from enumwatch.elastic.lean import without_tables
with without_tables():
    import numpy as again
assert again is numpy
"""


def test_what_was_there_before_stays() -> None:
    assert subprocess.run([sys.executable, "-c", LATER], capture_output=True, timeout=60).returncode == 0
