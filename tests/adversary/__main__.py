"""`python -m tests.adversary`: plays every trick and writes what came of it into docs/limits.md."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.marks import with_between

from .played import table

PAGE = Path(__file__).parents[2] / "docs" / "limits.md"
BEGIN, END = "<!-- measured: python -m tests.adversary -->\n", "<!-- end of what was measured -->\n"


def with_table(page: str) -> str:
    """The page with the table as it is measured now."""
    return with_between(page, BEGIN, END, "\n" + "\n".join(table()) + "\n\n")


def main() -> int:
    """Writes the page and prints the table; returns 0."""
    PAGE.write_text(with_table(PAGE.read_text("utf-8")), encoding="utf-8", newline="\n")
    print("\n".join(table()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
