"""Load: the rule files of a folder, and of a user's own, as one checked rulebook."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, TypeVar

from .additions import check_detections, notes_of
from .detection import Detection
from .detection_reader import read_detection
from .document import Document, read_document
from .invariants import check_rulebook, warnings_of
from .overlay import Overlays, apply_overlays, overlay_files
from .playbook import Playbook
from .playbook_reader import read_playbook
from .problems import Problem, RuleProblems
from .source import Source
from .source_reader import read_source
from .vocabulary import FOLDERS
from .ways import Ways
from .ways_reader import check_ways, read_ways

WAYS_FILE = "visibility/ways.yml"

Rule = Source | Detection | Playbook
_Rule = TypeVar("_Rule", Source, Detection, Playbook, Ways)


@dataclass(frozen=True)
class _Read(Generic[_Rule]):
    """The rules of one kind by id: those of the package, and a user's own, which take the place of these."""

    shipped: Mapping[str, _Rule]
    own: Mapping[str, _Rule]

    @property
    def rules(self) -> dict[str, _Rule]:
        return dict(sorted({**self.shipped, **self.own}.items()))

    @property
    def shipped_first(self) -> dict[str, _Rule]:
        """All rules, a user's own behind the others, so that what does not fit is told of these."""
        return {**{name: rule for name, rule in self.rules.items() if name not in self.own}, **self.own}


@dataclass(frozen=True)
class Rulebook:
    """All rules by id; `notes` say which shipped rules are replaced or tuned, `warnings` what is not wrong but thin.

    `ways` says which log shows which way of attack; None where the folder of the rules has no such file.
    """

    sources: Mapping[str, Source]
    detections: Mapping[str, Detection]
    playbooks: Mapping[str, Playbook]
    notes: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()
    ways: Ways | None = None


def shipped_rules() -> Path:
    """Return the folder of the rules that come with the package."""
    return Path(__file__).parents[1]


def load(directory: Path | None = None, extra: Path | None = None) -> Rulebook:
    """Return the rulebook in a folder (the shipped one if None) with the rules of `extra` added or put in their place.

    Both folders hold sources/, detections/ and playbooks/ with one .yml file a rule; .yml files that lie in `extra`
    itself are overlays, which change limits of rules. Raises RuleProblems with every problem of every file.
    """
    root = directory or shipped_rules()
    problems: list[Problem] = []
    notes = list(_unread(extra)) if extra else []
    folders = [(root, ""), *([(extra, f"{extra.as_posix()}/")] if extra else [])]
    for folder, is_extra in folders:
        if not any((folder / name).is_dir() for name in FOLDERS) and not (is_extra and overlay_files(folder)):
            expected = "a folder with " + ", ".join(f"{name}/" for name in FOLDERS)
            expected += " or overlays (*.yml)" if is_extra else ""
            found = "none of them" if folder.is_dir() else "a file" if folder.exists() else "no folder"
            problems.append(Problem(folder.as_posix(), 1, "", "no rules here", expected, found))
    sources = _read_all("sources", folders, read_source, problems, notes)
    detections = _read_all("detections", folders, read_detection, problems, notes)
    playbooks = _read_all("playbooks", folders, read_playbook, problems, notes)
    rulebook = Rulebook(sources.rules, detections.rules, playbooks.rules, tuple(notes), ways=_read_ways(root, problems))
    if not problems:
        check_detections(detections.own, detections.shipped)
        notes += notes_of(sources.own, playbooks.own, detections.rules, sources.shipped)
        # A rule that could not be read would only raise false problems in others.
        check_rulebook(sources.shipped_first, rulebook.detections, rulebook.playbooks)
        if rulebook.ways and not extra:
            check_ways(rulebook.ways, rulebook.sources, rulebook.detections)
    for rule in (*rules_of(rulebook), *filter(None, [rulebook.ways])):
        problems.extend(rule.document.problems)
    if problems:
        raise RuleProblems(problems)
    warnings = warnings_of(rulebook.detections)
    others = {*rulebook.sources, *rulebook.playbooks}
    tuned = apply_overlays(extra, f"{extra.as_posix()}/", rulebook.detections, others) if extra else Overlays()
    if tuned.problems:
        raise RuleProblems(tuned.problems)
    notes += tuned.notes
    return replace(
        rulebook, detections={**rulebook.detections, **tuned.detections}, notes=tuple(notes), warnings=warnings
    )


def _read_ways(root: Path, problems: list[Problem]) -> Ways | None:
    """The ways of attack, where the folder of the rules has them."""
    path = root / WAYS_FILE
    return _read_one(path, WAYS_FILE, read_ways, problems) if path.is_file() else None


def _unread(folder: Path) -> Iterator[str]:
    """A note for each folder that looks as if it held rules and is never looked into: `overlays/`, `detection/`."""
    for path in sorted(folder.glob("*")):
        is_hidden = path.name.startswith(".")
        if path.is_dir() and path.name not in FOLDERS and not is_hidden and any(path.glob("*.y*ml")):
            yield f"{path.as_posix()}/ is not read; rules lie in {', '.join(FOLDERS)}, overlays in the folder itself"


def rules_of(rulebook: Rulebook) -> Iterator[Rule]:
    """Yield every rule: sources, detections, playbooks."""
    yield from rulebook.sources.values()
    yield from rulebook.detections.values()
    yield from rulebook.playbooks.values()


def _read_all(
    kind: str,
    folders: list[tuple[Path, str]],
    read: Callable[[Document], _Rule],
    problems: list[Problem],
    notes: list[str],
) -> _Read[_Rule]:
    read_rules: list[dict[str, _Rule]] = []
    for folder, prefix in folders:
        shipped = read_rules[0] if read_rules else {}
        rules: dict[str, _Rule] = {}
        for path in sorted((folder / kind).glob("*")):
            name = f"{prefix}{kind}/{path.name}"
            if path.suffix == ".yaml":
                problems.append(Problem(name, 1, "", "the ending of the file is not read", ".yml", ".yaml"))
            if path.suffix != ".yml" or not path.is_file():
                continue
            rule = _read_one(path, name, read, problems, shipped)
            if rule is None:
                continue
            if path.stem in shipped:
                notes.append(f"{name} takes the place of the shipped {path.stem}")
            rules[path.stem] = rule
        read_rules.append(rules)
    return _Read(read_rules[0], read_rules[1] if len(read_rules) > 1 else {})


def _read_one(
    path: Path, name: str, read: Callable[[Document], _Rule], problems: list[Problem], shipped: Collection[str] = ()
) -> _Rule | None:
    """The rule in a file; None where the file as a whole could not be read."""
    document = read_document(path, name)
    if "overlay" in document.value and "id" not in document.value:
        expected = f"it in the folder that holds {path.parent.name}/"
        document.add((), "an overlay lies among rules", expected, f"it in {path.parent.name}/")
        document.value = {}
    if not document.value:
        problems.extend(document.problems)
        return None
    rule = read(document)
    if rule.id in shipped and path.stem not in shipped:
        document.add(("id",), "the file is not named after its rule", f"{rule.id}.yml", path.name)
    elif rule.id and rule.id != path.stem:
        document.add(("id",), "the id is not the name of the file", path.stem, rule.id)
    return rule
