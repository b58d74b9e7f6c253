"""Everything that is generated and kept in the repository: `python -m enumwatch.build [--check]`.

Writes rulebook.json with its lock and schemas, the schemas of the output, the domain lists, the conf files
and views of the Splunk app, the rules for Kibana, the guides, and the pages of hunts, of dependencies, of what can be
seen and of reference.
`--check` writes nothing and ends with 1 after naming each file that is not what its source says.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from . import dependencies
from .domains.lists import ListError, build_domain_lists
from .elastic.kibana import build as kibana_build
from .elastic.watches import build as watches_build
from .engines.splunk import build as splunk_contacts_build
from .guides import build as guides_build
from .hunts import page as hunts_page
from .lookups import shipped_lookups
from .reference import REFERENCE_FILE, reference
from .rulebook import build as rulebook_build
from .rulebook.load import load
from .rulebook.problems import RuleProblems
from .schemas import build as schemas_build
from .splunk import reference as splunk_reference
from .splunk.content import build as splunk_build
from .splunk.package import build as splunk_package_build
from .visibility import page as visibility_page

Out = Callable[[str], None]

_ADVICE = "run python -m enumwatch.build"


def build(out: Out) -> None:
    """Write every generated file; raises RuleProblems or ListError where a source is not in order."""
    rules = load()
    rulebook_build.update_lock(out, rules)
    rulebook_build.build(out, rules)
    schemas_build.build()
    out("wrote the schemas of the output")
    build_domain_lists(shipped_lookups())
    out("wrote the domain lists")
    splunk_contacts_build.build()
    splunk_build.build()
    splunk_package_build.build()
    splunk_reference.build()
    out("wrote the conf files, views, manifest, icons and reference of the Splunk app")
    kibana_build.build()
    watches_build.build()
    out("wrote the rules for Kibana")
    guides_build.build()
    out("wrote the guides")
    dependencies.build()
    hunts_page.build()
    out(f"wrote {hunts_page.PAGE_FILE.name}")
    visibility_page.build()
    out("wrote the page of what can be seen")
    REFERENCE_FILE.write_text(reference(), encoding="utf-8", newline="\n")
    out(f"wrote {REFERENCE_FILE.name}")


def stale() -> list[str]:
    """Return a line for each generated file that is not what its source says."""
    lines: list[str] = []
    rulebook_build.check(lines.append, load())
    files = [*schemas_build.stale(), *_stale_domain_lists(), *_stale_reference()]
    files += [
        *splunk_contacts_build.stale(),
        *splunk_build.stale(),
        *splunk_package_build.stale(),
        *splunk_reference.stale(),
        *kibana_build.stale(),
        *watches_build.stale(),
        *guides_build.stale(),
        *dependencies.stale(),
        *hunts_page.stale(),
        *visibility_page.stale(),
    ]
    return lines + [f"{file.name} is stale: {_ADVICE}" for file in files]


def _stale_domain_lists() -> list[Path]:
    with TemporaryDirectory() as name:
        fresh = Path(name)
        build_domain_lists(fresh)
        pairs = [(shipped_lookups() / made.name, made) for made in sorted(fresh.iterdir())]
        return [kept for kept, made in pairs if not kept.is_file() or kept.read_bytes() != made.read_bytes()]


def _stale_reference() -> list[Path]:
    is_fresh = REFERENCE_FILE.is_file() and REFERENCE_FILE.read_text(encoding="utf-8") == reference()
    return [] if is_fresh else [REFERENCE_FILE]


def main(arguments: Sequence[str] | None = None, out: Out = print) -> int:
    """Run the command line; returns 0, 1 for a stale file, 2 where a source is not in order."""
    parser = argparse.ArgumentParser(prog="python -m enumwatch.build", description="Write every generated file.")
    parser.add_argument("--check", action="store_true", help="write nothing, end with 1 where a file is stale")
    options = parser.parse_args(arguments)
    try:
        if options.check:
            lines = stale()
            for line in lines:
                out(line)
            return 1 if lines else 0
        build(out)
        return 0
    except RuleProblems as error:
        for problem in error.problems:
            out(str(problem))
    except (ListError, dependencies.UnexplainedError) as error:
        out(str(error))
    return 2


if __name__ == "__main__":
    sys.exit(main())
