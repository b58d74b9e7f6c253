"""Runs under the Python of the linter: reads questions as JSON from standard input, writes the answers as JSON.

`esql`: name → query, `schema`: field → type, `versions`: for which each query must be good; the answer lists what is wrong
and the fields that each query reads. `kql`: name → query; the answer has each as a tree. `play`: name → rows, with `now`.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import esql
from esql.utils import ParserConfig
from esql_meaning import Meaning
from kibana_ql import KqlParser


def faults(name: str, query: str, schema: dict[str, str], versions: list[str]) -> list[str]:
    """What a query is not good for, each as a line."""
    found = []
    for version in versions:
        try:
            with ParserConfig(min_stack_version=version):
                tree = esql.parse_query(query)
                esql.validate_detection_rule_query(tree, name)
                esql.verify_features(tree, version)
                esql.analyze(tree, esql.Schema(schema))
                esql.check_catalog_names(tree)
        except esql.EsqlError as error:
            found.append(f"{version}: {type(error).__name__}: {error}")
    return found


def answered(asked: dict[str, Any]) -> dict[str, Any]:
    """The answers to what was asked."""
    queries, schema = asked["esql"], asked["schema"]
    trees = {name: esql.parse_query(query) for name, query in queries.items() if name in asked["play"]}
    return {
        "faults": {name: faults(name, query, schema, asked["versions"]) for name, query in queries.items()},
        "kql": {name: KqlParser().ast(KqlParser().parse(query)) for name, query in asked["kql"].items()},
        "played": {name: Meaning(asked["now"]).rows(trees[name], rows) for name, rows in asked["play"].items()},
    }


if __name__ == "__main__":
    json.dump(answered(json.load(sys.stdin)), sys.stdout)
