"""The collector of Splunk that the operator named, with the token from its file or the environment."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from .speech import OperatorError

if TYPE_CHECKING:
    from ..simulate.sending.hec import Collector

_LARGEST_TOKEN = 4_096


def collector_of(options: argparse.Namespace, url: str) -> Collector:
    """The collector at a URL; raises OperatorError where there is no token or none that can be one."""
    from ..elastic.secret import Secret
    from ..simulate.sending.hec import TOKEN_VARIABLE, Collector

    if options.token_file:
        token = _token_of(Path(options.token_file))
    else:
        token = os.environ.get(TOKEN_VARIABLE, "").strip()
    if not token:
        raise OperatorError(f"no token is given: set {TOKEN_VARIABLE}, or name a file that holds it with --token-file")
    if not token.isascii() or not token.isprintable() or " " in token:
        raise OperatorError(f"the token holds what no token has: set {TOKEN_VARIABLE} to its value alone")
    return Collector(url, Secret(token), options.ca, options.gzip)


def _token_of(file: Path) -> str:
    from ..elastic.secret import content_of

    try:
        content, is_open_to_others = content_of(file, _LARGEST_TOKEN)
    except OSError as error:
        raise OperatorError(f"{file} cannot be read ({error.strerror}): name another --token-file") from error
    if is_open_to_others:
        raise OperatorError(f"{file} can be read by others: run chmod 600 {file}")
    return content.decode("utf-8", "replace").strip()
