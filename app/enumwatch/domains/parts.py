"""A domain in parts, and as a person would see it; needs nothing beyond the standard library."""

from __future__ import annotations

from typing import NamedTuple


class Registrable(NamedTuple):
    """A domain in three parts, `subdomain.name.suffix`; name is empty when the domain is itself a public suffix."""

    subdomain: str
    name: str
    suffix: str

    @property
    def domain(self) -> str:
        """The domain somebody registered, such as contoso.co.uk; "" when there is none."""
        return f"{self.name}.{self.suffix}" if self.name else ""


def readable_label(label: str) -> str:
    """Return one label as a person would see it; what does not decode stays as it is."""
    if not label.startswith("xn--"):
        return label
    try:
        # Not the idna codec: it refuses letters younger than 2003, and an imitator may use any.
        return label[4:].encode("ascii").decode("punycode").lower()
    except UnicodeError:
        return label
