"""Settings for all tests."""

from __future__ import annotations

from importlib.util import find_spec

from hypothesis import HealthCheck, settings

if find_spec("elasticsearch") is not None:  # the core is tested where nothing is installed
    from tests.nodes.fixtures import bare_cluster, opensearch

    __all__ = ["bare_cluster", "opensearch"]

# A busy machine must not turn a true statement into a failing test.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
# For the same tests once more, under another Python.
settings.register_profile("brief", settings.get_profile("unhurried"), max_examples=10)
