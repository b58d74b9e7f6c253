"""Where the cluster is and who we are there: environment, file, prompt; never an argument, never shown."""

from __future__ import annotations

import io
import sys
import traceback
from pathlib import Path

import pytest

from enumwatch.elastic.connection import Connection, client_of, connection_from
from enumwatch.elastic.faults import ClusterError
from enumwatch.elastic.secret import Secret
from enumwatch.elastic.settings import settings_from

KEY = "c2VjcmV0LWtleS1vZi1hLXRlc3Q="
CLUSTER = "https://cluster.example:9200"


def config(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "enumwatch.toml"
    path.write_text(f"[elastic]\n{text}", encoding="utf-8")
    path.chmod(mode)
    return path


def refused(environment: dict[str, str], file: Path | None = None) -> str:
    with pytest.raises(ClusterError) as caught:
        connection_from(environment, file, may_ask=False)
    line = str(caught.value)
    assert "\n" not in line
    assert KEY not in line
    return line


def in_home(folder: Path, **more: str) -> dict[str, str]:
    return {"XDG_CONFIG_HOME": str(folder), **{f"ENUMWATCH_ELASTIC_{name}": text for name, text in more.items()}}


def test_the_environment_names_the_cluster(tmp_path: Path) -> None:
    found = connection_from(in_home(tmp_path, URL=CLUSTER, API_KEY=KEY), may_ask=False)
    assert found == Connection(url=CLUSTER, api_key=Secret(KEY))
    assert found.place == CLUSTER


def test_the_file_names_the_cluster_and_the_environment_goes_first(tmp_path: Path) -> None:
    config(tmp_path, f'url = "{CLUSTER}"\napi_key = "{KEY}"\ntimeout_seconds = 5\n')
    assert connection_from(in_home(tmp_path), may_ask=False) == Connection(
        url=CLUSTER, api_key=Secret(KEY), timeout_seconds=5.0
    )
    found = connection_from(in_home(tmp_path, CLOUD_ID="name:Y2xvdWQuZXhhbXBsZSRhJGI="), may_ask=False)
    assert (found.url, found.cloud_id, found.api_key) == (None, "name:Y2xvdWQuZXhhbXBsZSRhJGI=", Secret(KEY))
    found = connection_from(in_home(tmp_path, USER="anna", PASSWORD="x"), may_ask=False)
    assert (found.user, found.password, found.api_key) == ("anna", Secret("x"), Secret(""))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_key_that_others_can_read_is_refused_with_the_command_to_run(tmp_path: Path, mode: int) -> None:
    path = config(tmp_path, f'url = "{CLUSTER}"\napi_key = "{KEY}"\n', mode)
    assert refused(in_home(tmp_path)).endswith(f"run chmod 600 {path}")


def test_a_file_without_a_key_may_be_read_by_all(tmp_path: Path) -> None:
    config(tmp_path, f'url = "{CLUSTER}"\n', 0o644)
    assert connection_from(in_home(tmp_path, API_KEY=KEY), may_ask=False).url == CLUSTER


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://cluster.example:9200", "use https://"),
        ("https://anna:secret@cluster.example", "take it out"),
        ("cluster.example:9200", "write it as https://HOST:PORT"),
        ("https://cluster.example:port", "write it as https://HOST:PORT"),
        ("https://", "write it as https://HOST:PORT"),
        ("file:///etc/passwd", "write it as https://HOST:PORT"),
        ("https://cluster.example/?a=b", "write it as https://HOST:PORT"),
        ("http://127.0.0.1.cluster.example", "use https://"),
    ],
)
def test_an_address_that_would_not_do_is_refused(tmp_path: Path, url: str, said: str) -> None:
    line = refused(in_home(tmp_path, URL=url, API_KEY=KEY))
    assert said in line
    assert "secret" not in line


def test_the_own_machine_and_a_trusted_network_need_no_tls(tmp_path: Path) -> None:
    for url in ("http://localhost:9200", "http://127.0.0.1:9200", "http://[::1]:9200"):
        assert connection_from(in_home(tmp_path, URL=url), may_ask=False).url == url
    there = in_home(tmp_path, URL="http://cluster.example:9200", API_KEY=KEY, ALLOW_HTTP="true")
    assert connection_from(there, may_ask=False).url == "http://cluster.example:9200"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("urls = 'x'", "has no setting 'urls': choose from url, cloud_id"),
        ("url = 5", "put it in quotes"),
        ("allow_http = 'yes'", "without quotes"),
        ("timeout_seconds = 'x'", "write one, such as 60"),
        ("timeout_seconds = 0", "write a number of seconds"),
        ("url = 'x", "mend it"),
        ("url = 'https://a.example'\ncloud_id = 'b'", "keep one of them"),
        ("ca = '/nowhere/ca.pem'\nurl = 'https://a.example'\napi_key = 'k'", "name a PEM file"),
        ("url = 'https://a.example'", "set ENUMWATCH_ELASTIC_API_KEY, or write api_key to"),
        ("url = 'https://a.example'\nuser = 'anna'", "no password is given"),
    ],
)
def test_a_file_that_would_not_do_is_refused(tmp_path: Path, text: str, said: str) -> None:
    assert said in refused({}, config(tmp_path, text))


def test_a_missing_file_is_told_only_where_it_was_named(tmp_path: Path) -> None:
    assert "name another with --config" in refused({}, tmp_path / "none.toml")
    assert "set ENUMWATCH_ELASTIC_URL" in refused(in_home(tmp_path))


def test_what_is_missing_is_asked_on_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{CLUSTER}\n"))
    monkeypatch.setattr("getpass.getpass", lambda question: f" {KEY} ")
    assert connection_from(in_home(tmp_path), may_ask=True) == Connection(url=CLUSTER, api_key=Secret(KEY))


def test_certificates_are_verified_and_the_client_gets_the_key() -> None:
    with client_of(Connection(url=CLUSTER, api_key=Secret(KEY))) as client:
        (node,) = client.transport.node_pool.all()
        assert node.config.verify_certs
        assert client._headers["authorization"] == f"ApiKey {KEY}"


def test_no_output_or_traceback_shows_a_key() -> None:
    connection = Connection(url=CLUSTER, api_key=Secret(KEY), user="anna", password=Secret("very-secret"))
    try:
        with client_of(connection) as client:
            raise ValueError(connection, client)
    except ValueError:
        told = traceback.format_exc() + repr(connection) + str(connection)
    assert KEY not in told
    assert "very-secret" not in told
    assert connection.without_secrets(f"a {KEY} b very-secret c") == "a *** b *** c"


def test_a_file_that_is_nested_too_deep_is_told(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text("[elastic]\nurl = " + "[" * 50_000)
    with pytest.raises(ClusterError, match="nested too deep"):
        settings_from({}, file)


def test_a_cloud_id_that_is_none_is_told() -> None:
    with pytest.raises(ClusterError, match="mend url or cloud_id"):
        client_of(Connection(cloud_id="nonsense", api_key=Secret(KEY)))
