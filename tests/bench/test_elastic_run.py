"""The benchmark of the runner itself runs; its figures are nobody's pass or failure, its memory is."""

from __future__ import annotations

from elasticsearch import Elasticsearch
from tests.elastic.runner.conftest import clear
from tests.elastic.runner.dying import address_of
from tests.engines.elastic.indexing import put, template
from tests.engines.elastic.test_bench_parity import bench, documents

from .elastic_run import INDEX, compare


def test_the_benchmark_compares_a_whole_run_with_bare_paging(bare_cluster: Elasticsearch) -> None:
    folder = bench("dev-10k")
    template(bare_cluster)
    clear(bare_cluster)
    put(bare_cluster, INDEX, documents(folder))
    try:
        costs = compare(bare_cluster, address_of(bare_cluster), folder / "lookups", 1)
    finally:
        clear(bare_cluster)
    assert list(costs) == ["bare", "run"]
    assert all(one.processor_seconds > 0 for one in costs.values())
