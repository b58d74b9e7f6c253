"""Splunk is told one name and one version everywhere."""

from __future__ import annotations

import json
import struct
import zlib

import pytest
from tests.splunk.conf_reader import read_conf
from tests.splunk.unpacked import packaged

from enumwatch import __version__
from enumwatch.splunk.package import build
from enumwatch.splunk.package.icons import icons
from enumwatch.splunk.package.identity import _build_number


def text(path: str) -> str:
    return next(file.content.decode() for file in packaged() if file.path == path)


def test_name_and_version_agree() -> None:
    app = read_conf(text("default/app.conf"))
    manifest = json.loads(text("app.manifest"))
    identity = manifest["info"]["id"]
    assert {app["id"]["version"], app["launcher"]["version"], identity["version"]} == {__version__}
    assert {app["id"]["name"], app["package"]["id"], identity["name"]} == {"enumwatch"}
    assert app["launcher"]["description"] == manifest["info"]["description"]
    assert app["install"]["is_configured"] == "false"
    assert app["package"]["check_for_updates"] == "false"


def test_texts_that_the_manifest_names_are_there() -> None:
    info = json.loads(text("app.manifest"))["info"]
    for name in (info["license"]["text"], info["releaseNotes"]["text"]):
        assert text(name[len("./") :])


def test_our_code_goes_with_the_search_bundle() -> None:
    allowed = read_conf(text("default/distsearch.conf"))
    assert allowed == {"replicationAllowlist": {"enumwatch": "apps/enumwatch/(lib|app)/..."}}


def test_everybody_reads_and_two_roles_write() -> None:
    meta = read_conf(text("metadata/default.meta"))
    assert meta.pop("") == {"access": "read : [ * ], write : [ admin, sc_admin ]"}
    assert {"commands", "macros", "transforms", "lookups", "searchbnf", "savedsearches"} <= meta.keys()
    assert all(keys == {"export": "system"} for keys in meta.values())


def test_build_numbers_grow_with_the_version() -> None:
    versions = ["0.1.0", "0.1.1", "0.2.0", "0.10.0", "1.0.0"]
    numbers = [_build_number(version) for version in versions]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize(
    ("name", "size"), [("appIcon", 36), ("appIcon_2x", 72), ("appIconAlt", 36), ("appIconAlt_2x", 72)]
)
def test_icons_are_pictures_of_the_wanted_size(name: str, size: int) -> None:
    content = icons()[f"{name}.png"]
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", content[16:24]) == (size, size)
    start = content.index(b"IDAT")
    (length,) = struct.unpack(">I", content[start - 4 : start])
    packed = content[start + 4 : start + 4 + length]
    assert struct.unpack(">I", content[start + 4 + length :][:4]) == (zlib.crc32(b"IDAT" + packed),)
    pixels = zlib.decompress(packed)
    assert len(pixels) == size * (size * 4 + 1)
    assert len({pixels[place : place + 4] for place in range(1, size * 4, 4)}) > 2


def test_a_stale_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert build.stale() == []
    monkeypatch.setattr(build, "manifest", lambda: "{}")
    assert [path.name for path in build.stale()] == ["app.manifest"]
