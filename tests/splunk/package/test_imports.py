"""Imports are followed as Python would, without running anything."""

from __future__ import annotations

from pathlib import Path

from enumwatch.splunk.package.imports import imports_of

FILES = {
    "enumwatch/__init__.py": "",
    "enumwatch/a/__init__.py": "from . import b",
    "enumwatch/a/b.py": "from ..c import thing\nimport json\n",
    "enumwatch/c.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .heavy import Heavy\n",
    "enumwatch/d/__init__.py": "",
    "enumwatch/d/e.py": "def f():\n    import late\n    from ..g import h\n",
    "enumwatch/g/__init__.py": "",
    "enumwatch/g/h.py": "import os.path\nclass A:\n    import inside\n",
    "enumwatch/heavy.py": "import yaml",
    "enumwatch/unused.py": "import duckdb",
}


def test_imports_are_followed(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    script = tmp_path / "script.py"
    script.write_text("import sys\nimport enumwatch.a.b\nfrom enumwatch.d import e\n")
    found = imports_of([script], tmp_path)
    assert found.files == sorted(FILES.keys() - {"enumwatch/heavy.py", "enumwatch/unused.py"})
    assert found.others == {
        "sys": {"script.py"},
        "json": {"b.py"},
        "typing": {"c.py"},
        "os": {"h.py"},
        "inside": {"h.py"},
    }


def test_a_script_that_imports_nothing_needs_nothing(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("print()\n")
    assert imports_of([script], tmp_path) == ([], {})
