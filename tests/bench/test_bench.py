"""The benchmark itself runs; its figures are nobody's pass or failure."""

from __future__ import annotations

import pytest
from tests.bench.__main__ import SHARED, main


def test_the_benchmark_prints_scan_and_both_peers_for_both_forms(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--small", "--rounds", "1"]) == 0
    out = capsys.readouterr().out
    if not SHARED.is_dir():
        assert out.startswith("skipped:")
        pytest.skip(out.strip())
    for work in ("scan", "bare contacts", "rule alone"):
        assert len([line for line in out.splitlines() if line.split(maxsplit=1)[1].startswith(f"{work} ")]) == 2
