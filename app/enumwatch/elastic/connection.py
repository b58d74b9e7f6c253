"""Connection: where the cluster is and who we are there; from the environment, the configuration file or a prompt.

A key never comes from an argument, because arguments are seen by everybody on the machine.
"""

from __future__ import annotations

import getpass
import os
import re
import ssl
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .faults import ClusterError
from .secret import Secret
from .settings import DEFAULT_TIMEOUT_SECONDS, Settings, settings_from

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

_LOOPBACK = re.compile(r"localhost|127(\.\d{1,3}){3}|::1", re.IGNORECASE)
_WHERE = "set ENUMWATCH_ELASTIC_URL or ENUMWATCH_ELASTIC_CLOUD_ID, or write url or cloud_id to {file}"
_WHO = "set ENUMWATCH_ELASTIC_API_KEY, or write api_key to {file}"


@dataclass(frozen=True)
class Connection:
    """Where the cluster is and who we are there. Exactly one of `url` and `cloud_id` is there."""

    url: str | None = None
    cloud_id: str | None = None
    api_key: Secret = field(default_factory=lambda: Secret(""))
    user: str | None = None
    password: Secret = field(default_factory=lambda: Secret(""))
    ca: str | None = None
    kibana_url: str | None = None
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS

    @property
    def place(self) -> str:
        """Where the cluster is, as people should read it."""
        return self.url or "the cloud deployment"

    def without_secrets(self, text: str) -> str:
        """Return a text with stars where a secret of this connection stood in it."""
        return self.password.hidden_in(self.api_key.hidden_in(text))


def connection_from(
    environment: Mapping[str, str] = os.environ, file: Path | None = None, may_ask: bool | None = None
) -> Connection:
    """The connection that environment and file describe; asks on a terminal for what is missing.

    Raises ClusterError where something is missing or may not be.
    """
    settings = settings_from(environment, file)
    asks = (sys.stdin.isatty() and sys.stderr.isatty()) if may_ask is None else may_ask
    url = settings.url
    if not url and not settings.cloud_id:
        if not asks:
            raise ClusterError(f"no cluster is named: {_WHERE.format(file=settings.file)}")
        url = _asked("URL of the cluster: ")
    for named, address in (("the URL of the cluster", url), ("the URL of Kibana", settings.kibana_url)):
        if address:
            check_url(address, named, settings.allow_http)
    _check_ca(settings.ca)
    key, password = Secret(settings.api_key), Secret(settings.password)
    if settings.user and not password:
        password = _secret(f"Password of {settings.user}: ", asks, settings)
    elif not key and not settings.user and not _is_loopback_http(url):
        key = _secret("API key: ", asks, settings)
    return Connection(
        url=url or None,
        cloud_id=settings.cloud_id or None,
        api_key=key,
        user=settings.user or None,
        password=password,
        ca=settings.ca or None,
        kibana_url=settings.kibana_url or None,
        timeout_seconds=settings.timeout_seconds,
    )


def client_of(connection: Connection, transport_class: Any = None) -> Elasticsearch:
    """Return a client that verifies the server's certificate; raises ClusterError where none can be made.

    `transport_class` takes the place of the transport of the client, for dry runs.
    """
    try:
        from elasticsearch import Elasticsearch

        from .product import AnyProduct
    except ImportError:
        raise ClusterError(
            "the Python packages for Elasticsearch are not installed: pip install 'enumwatch[elastic]'"
        ) from None
    given: dict[str, Any] = {"request_timeout": connection.timeout_seconds, "node_class": AnyProduct}
    if connection.url:
        given["hosts"] = connection.url
    else:
        given["cloud_id"] = connection.cloud_id
    if connection.api_key:
        given["api_key"] = connection.api_key.reveal()
    elif connection.user:
        given["basic_auth"] = (connection.user, connection.password.reveal())
    if connection.ca:
        given["ca_certs"] = connection.ca
    if transport_class is not None:
        given["transport_class"] = transport_class
    try:
        return Elasticsearch(**given)
    except ValueError as error:
        told = connection.without_secrets(str(error))
        raise ClusterError(f"{connection.place} is no address of a cluster ({told}): mend url or cloud_id") from None


def check_url(url: str, named: str, allow_http: bool) -> None:
    """Raises ClusterError where a URL is none, holds a secret, or would send one in the clear."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ClusterError(f"{named} cannot be read: write it as https://HOST:PORT") from None
    if parts.username is not None or parts.password is not None:
        raise ClusterError(f"{named} holds a name or password: take it out, and use api_key, or user and password")
    if parts.scheme not in ("http", "https") or not host:
        raise ClusterError(f"{named} does not begin with https://HOST: write it as https://HOST:PORT")
    if parts.query or parts.fragment:
        raise ClusterError(f"{named} has something behind its path: write it as https://HOST:PORT")
    if parts.scheme == "http" and not allow_http and not _LOOPBACK.fullmatch(host):
        raise ClusterError(
            f"{named} begins with http://, so the key would cross the network unprotected: "
            "use https://, or set allow_http = true where that network is trusted"
        )


def _is_loopback_http(url: str | None) -> bool:
    parts = urlsplit(url or "")
    return parts.scheme == "http" and bool(_LOOPBACK.fullmatch(parts.hostname or ""))


def _check_ca(ca: str) -> None:
    if not ca:
        return
    try:
        ssl.create_default_context(cafile=ca)
    except (OSError, ssl.SSLError) as error:
        raise ClusterError(
            f"the CA file {ca!r} cannot be read ({error.strerror or error}): name a PEM file with the certificate of the CA"
        ) from None


def _asked(question: str) -> str:
    sys.stderr.write(question)
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def _secret(question: str, asks: bool, settings: Settings) -> Secret:
    if not asks:
        missing = (
            f"write password for the user {settings.user} to" if settings.user else _WHO.partition(",")[0] + ", or"
        )
        if settings.user:
            raise ClusterError(f"no password is given: {missing} {settings.file}, or set ENUMWATCH_ELASTIC_PASSWORD")
        raise ClusterError(f"no API key is given: {_WHO.format(file=settings.file)}")
    answer = getpass.getpass(question).strip()
    if not answer:
        raise ClusterError("nothing was entered: run again and enter the key, or write it to the configuration file")
    return Secret(answer)
