"""The notebook for hunts: in order as a file, and every cell of it runs against a real node."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from tests.nodes.elastic import VERSION

from .analyst_cluster import empty, fill

NOTEBOOK = Path(__file__).parents[2] / "docs" / "hunting.ipynb"
CONTENT: dict[str, Any] = json.loads(NOTEBOOK.read_text("utf-8"))
CELLS: list[dict[str, Any]] = CONTENT["cells"]


def test_notebook_is_in_order_and_stripped() -> None:
    assert (CONTENT["nbformat"], CONTENT["nbformat_minor"]) == (4, 5)
    assert set(CONTENT) == {"cells", "metadata", "nbformat", "nbformat_minor"}
    assert len({cell["id"] for cell in CELLS}) == len(CELLS)
    for cell in CELLS:
        assert cell["cell_type"] in ("markdown", "code")
        wanted = {"cell_type", "id", "metadata", "source"}
        if cell["cell_type"] == "code":
            wanted |= {"execution_count", "outputs"}
            assert (cell["execution_count"], cell["outputs"]) == (None, [])
            ast.parse("".join(cell["source"]))
        assert set(cell) == wanted


@pytest.mark.filterwarnings("ignore:Received 'size' via:DeprecationWarning")
def test_every_cell_runs(bare_cluster: Elasticsearch, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("eland", reason="eland is not there for this Python")
    (node,) = bare_cluster.transport.node_pool.all()
    monkeypatch.setenv("ENUMWATCH_ELASTIC_URL", node.base_url)
    # The node does not answer GET /, where eland would read the version.
    monkeypatch.setattr(Elasticsearch, "_eland_es_version", tuple(map(int, VERSION.split("."))), raising=False)
    fill(bare_cluster)
    names: dict[str, Any] = {"__name__": "__main__"}
    shown = []
    try:
        for cell in CELLS:
            if cell["cell_type"] == "code":
                # The simulated logs lie in the past.
                shown.append(run("".join(cell["source"]).replace('"now-30d"', '"2020-01-01"'), names))
    finally:
        empty(bare_cluster)
        names["client"].close()
    tables = [one for one in shown if one is not None]
    assert all(len(one) for one in tables)
    assert len(tables) == len(shown) - 1
    assert all("<script" not in one._repr_html_() for one in tables)


def run(source: str, names: dict[str, Any]) -> Any:
    """Runs a cell; returns what its last line shows, None where that is no expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, NOTEBOOK.name, "exec"), names)
    return (
        eval(compile(ast.Expression(last.value), NOTEBOOK.name, "eval"), names) if isinstance(last, ast.Expr) else None
    )
