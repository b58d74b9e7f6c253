"""`python -m enumwatch`."""

from .cli import run

run()
