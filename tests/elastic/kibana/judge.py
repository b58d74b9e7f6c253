"""Runs under the Python of the linter: reads questions as JSON from standard input, writes the answers as JSON.

`esql`: name → query, `schema`: field → type, `lookups`: index → the same, `versions` for which each query must be good; the
answer lists what is wrong. `kql`: name → query; the answer has each as a tree. `play`: name → query, rows and the time now;
the answer has the rows.
"""

from __future__ import annotations

import json
import sys
from functools import lru_cache
from typing import Any

import esql
from esql.utils import ParserConfig
from esql_meaning import Meaning
from kibana_ql import KqlParser


def faults(name: str, query: str, schema: esql.Schema, versions: list[str]) -> list[str]:
    """What a query is not good for, each as a line."""
    found = []
    for version in versions:
        try:
            with ParserConfig(min_stack_version=version):
                tree = esql.parse_query(query)
                esql.validate_detection_rule_query(tree, name)
                esql.verify_features(tree, version)
                esql.analyze(tree, schema)
                esql.check_catalog_names(tree)
        except esql.EsqlError as error:
            found.append(f"{version}: {type(error).__name__}: {error}")
    return found


@lru_cache
def parsed(query: str) -> Any:
    """The query as a tree."""
    return esql.parse_query(query)


def played(query: str, rows: list[dict[str, Any]], now: int) -> list[dict[str, Any]]:
    """What the query makes of rows at a time."""
    return Meaning(now).rows(parsed(query), rows)


def answered(asked: dict[str, Any]) -> dict[str, Any]:
    """The answers to what was asked."""
    queries, schema = asked["esql"], esql.Schema(asked["schema"], lookups=asked["lookups"])
    return {
        "faults": {name: faults(name, query, schema, asked["versions"]) for name, query in queries.items()},
        "kql": {name: KqlParser().ast(KqlParser().parse(query)) for name, query in asked["kql"].items()},
        "played": {name: played(**one) for name, one in asked["play"].items()},
    }


if __name__ == "__main__":
    json.dump(answered(json.load(sys.stdin)), sys.stdout)
