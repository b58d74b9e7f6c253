"""`python -m tests.bench.elastic_run [--small] [--rounds N]`: a whole first run of the runner over a million sign-ins of one
node, against the bare paging through the same composite aggregations, alternating in the same run; the best of each counts."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from elasticsearch import Elasticsearch
from tests.engines.elastic.indexing import put, template
from tests.engines.elastic.test_bench_parity import documents
from tests.nodes.elastic import running_node
from tests.nodes.process import NoNodeError

from enumwatch.elastic.runner.indices import OWN, make_sure_of

from .__main__ import SHARED
from .costs import Cost, best_of, measured

INDEX = "logs-azure.signinlogs-bench"
LARGEST_MEBIBYTES = 300  # of the process; what a container for it may count on


def compare(client: Elasticsearch, address: str, lookups: Path, rounds: int) -> dict[str, Cost]:
    """The best cost of each work; processor seconds are those of the process and of the node."""
    command = [sys.executable, "-m", "tests.bench.elastic_work"]
    return best_of(
        {work: partial(_cost, client, [*command, work, address, str(lookups)]) for work in ("bare", "run")}, rounds
    )


def _cost(client: Elasticsearch, command: Sequence[str]) -> Cost:
    """What a first run costs, on a node that holds nothing of ours yet."""
    for index in OWN:
        if client.indices.exists(index=index):
            client.indices.delete(index=index)
    make_sure_of(client)
    before = _processor_seconds(client)
    cost = measured(command)
    return cost._replace(processor_seconds=cost.processor_seconds + _processor_seconds(client) - before)


def _processor_seconds(client: Elasticsearch) -> float:
    (node,) = client.nodes.stats(metric="process")["nodes"].values()
    return float(node["process"]["cpu"]["total_in_millis"]) / 1_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table; returns 0, also where the development data or a node is absent."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.elastic_run", description=__doc__)
    parser.add_argument("--small", action="store_true", help="ten thousand events instead of a million")
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args(arguments)
    folder = SHARED / ("dev-10k" if options.small else "dev-1m")
    if not folder.is_dir():
        print(f"skipped: no development data at {folder}; set ENUMWATCH_SHARED to the folder that has bench/")
        return 0
    try:
        with running_node() as client:
            template(client)
            put(client, INDEX, documents(folder))
            (node,) = client.transport.node_pool.all()
            costs = compare(client, node.base_url, folder / "lookups", options.rounds)
    except NoNodeError as missing:
        print(f"skipped: {missing}")
        return 0
    print(f"{'elastic':10}{'seconds':>9}{'cpu s':>8}{'MiB':>7}{'times bare':>12}{'of cpu':>8}")
    for work, cost in costs.items():
        times, of_cpu = (cost[place] / costs["bare"][place] for place in (0, 1))
        print(
            f"{work:10}{cost.seconds:9.2f}{cost.processor_seconds:8.2f}{cost.mebibytes:7.0f}{times:12.2f}{of_cpu:8.2f}",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
