"""`python -m tests.supply.watched ARGUMENTS`: the command line in a process that ends where it would reach for a network."""

from __future__ import annotations

import os
import socket
import sys

CAUGHT = 97
_CALLS = frozenset(
    {
        "socket.connect",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.gethostbyaddr",
        "socket.sendto",
        "socket.sendmsg",
    }
)


def refuse(event: str, arguments: tuple[object, ...]) -> None:
    """Ends the process where an event of the interpreter is a call to somewhere; sockets between own processes are none."""
    if event not in _CALLS:
        return
    first = arguments[0] if arguments else None
    if isinstance(first, socket.socket) and first.family == socket.AF_UNIX:
        return
    # Raised, it could be taken for a network that is down, and be handled.
    sys.stderr.write(f"reached for the network: {event} {arguments[1:]}\n")
    sys.stderr.flush()
    os._exit(CAUGHT)


if __name__ == "__main__":
    sys.addaudithook(refuse)
    from enumwatch.cli import run

    sys.argv = ["enumwatch", *sys.argv[1:]]
    sys.exit(run())
