"""Defaults: how long the runner looks back and waits unless it is told otherwise, as durations."""

from __future__ import annotations

FIRST_RUN = "7d"  # where the very first run begins
LATE = "48h"  # waited for late events
LEASE = "60s"  # of silence, after which a runner is replaced
