"""Everything that is in the package: an allow list, so that nothing gets in because it happens to lie there."""

from __future__ import annotations

from pathlib import Path

from ...lookups import shipped_lookups
from .imports import imports_of
from .packaged import PackagedFile, PackageError
from .vendored import vendored_files

APP = Path(__file__).parents[3]

# By folder of the app; the path below it and a pattern for the names in it.
ALLOWED = (
    (".", "app.manifest"),
    (".", "LICENSE"),
    ("README", "*.conf.spec"),
    ("bin", "*.py"),
    ("default", "*.conf"),
    ("default/data/ui/nav", "*.xml"),
    ("default/data/ui/views", "*.xml"),
    ("metadata", "default.meta"),
    ("static", "appIcon*.png"),
)

# The page that is shown to whoever unpacks the app; the repository's own README is another one.
README = ("docs/splunk-app.md", "README.md")

_NEEDED = ("app.manifest", "LICENSE", "README.md", "bin", "default/app.conf", "lookups", "metadata/default.meta")


def own_files() -> Path:
    """Return the folder with bin/, default/ and so on: the checkout, or what the installed wheel brought along."""
    checkout = APP.parent
    return checkout if (checkout / "default" / "app.conf").is_file() else Path(__file__).parent / "files"


def contents(vendored: Path | None = None, own: Path | None = None) -> list[PackagedFile]:
    """Return every file of the package in the order of the archive. Raises PackageError."""
    root = own or own_files()
    files = [
        PackagedFile(path.relative_to(root).as_posix(), path.read_bytes())
        for folder, pattern in ALLOWED
        for path in sorted((root / folder).glob(pattern))
        if path.is_file() and not path.name.startswith(".")
    ]
    page = next((place for place in (root / README[0], root / README[1]) if place.is_file()), None)
    if page is not None:
        files.append(PackagedFile(README[1], page.read_bytes()))
    lookups = sorted(shipped_lookups().glob("enumwatch_*.csv"))
    files += [PackagedFile(f"lookups/{path.name}", path.read_bytes()) for path in lookups]
    _refuse_holes(files)
    return sorted([*files, *_code(root), *vendored_files(vendored)])


def _code(root: Path) -> list[PackagedFile]:
    """The modules that the scripts in bin/ import, and the compiled rulebook that they read."""
    scripts = sorted((root / "bin").glob("*.py"))
    paths = [*imports_of(scripts, APP).files, "enumwatch/rulebook.json"]
    return [PackagedFile(f"app/{path}", (APP / path).read_bytes()) for path in paths]


def _refuse_holes(files: list[PackagedFile]) -> None:
    there = {file.path for file in files} | {file.path.partition("/")[0] for file in files}
    missing = [path for path in _NEEDED if path not in there]
    if missing:
        raise PackageError(f"{', '.join(missing)} cannot be found: install enumwatch again, or use a whole checkout")
