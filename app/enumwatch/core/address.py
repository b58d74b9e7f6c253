"""Names as people and tools type them: their form, their parts, and the one key under which each is counted.

The key is for counting, never for display: it folds what the mail provider itself treats as one mailbox and leaves
everything else alone.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import AbstractSet, Callable, Dict, List, Mapping, NamedTuple, Optional, Tuple

from .mail_providers import mailbox_of

FORMS: Tuple[str, ...] = ("email", "bare_name", "down_level", "guest", "guid", "malformed")

_LONGEST_NAME = 1024  # RFC 5321 allows 254 for an address; guests and distinguished names run longer
_LONGEST_LOCAL = 64
_LONGEST_DOMAIN = 253
_CACHED_DOMAINS = 100_000

_SIMPLE = re.compile(r"([a-z0-9._+$-]+)@([a-z0-9.-]+)")
_LOCAL = re.compile(r"[^\x00-\x20\x7f\"(),:;<>@\[\\\]]+")
_QUOTED = re.compile(r'"(?:[^"\\\x00-\x1f\x7f]|\\[^\x00-\x1f\x7f])*"')
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_GUID = re.compile(r"\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?")
# Characters Windows refuses in an account name, and control characters.
_NO_ACCOUNT_NAME = re.compile(r'[\x00-\x1f\x7f"/\\\[\]:;|=,+*?<>@]')
_GUEST_MARK = "#ext#"

_NOBODY: AbstractSet[str] = frozenset()
_NO_DOMAINS: Mapping[str, str] = {}
_domains: Dict[str, str] = {}


class Address(NamedTuple):
    """One name: raw as logged, its parts in lower case, `normal` (the key for counting) and its form, one of FORMS."""

    raw: str
    local: str
    domain: str
    normal: str
    form: str
    is_machine: bool
    well_formed: bool


class Naming(NamedTuple):
    """What is known of the owner's own names; all domains in lower case.

    `base_exists` tells whether a name (a normal form) is known to exist. At own Exchange domains a `+tag` is cut only
    when the name without it is known and the name with it is not, because some tenants have real names with a plus.
    It must not change its answer while an AddressBook uses it. `netbios_domains` maps the domain of `DOMAIN\\user`, in
    lower case, to a mail domain; `bare_domain` is the mail domain of names without any. Without these two such names
    keep keys of their own.
    """

    own_domains: AbstractSet[str] = _NOBODY
    workspace_domains: AbstractSet[str] = _NOBODY
    base_exists: Optional[Callable[[str], bool]] = None
    netbios_domains: Mapping[str, str] = _NO_DOMAINS
    bare_domain: str = ""


_PLAIN = Naming()


def normalise(
    raw: str,
    own_domains: AbstractSet[str] = _NOBODY,
    workspace_domains: AbstractSet[str] = _NOBODY,
    base_exists: Optional[Callable[[str], bool]] = None,
    netbios_domains: Mapping[str, str] = _NO_DOMAINS,
    bare_domain: str = "",
) -> Address:
    """Return the Address of any text; never raises. See Naming for the parameters."""
    return read_address(raw, Naming(own_domains, workspace_domains, base_exists, netbios_domains, bare_domain))


def read_address(raw: str, naming: Naming = _PLAIN) -> Address:
    """Return the Address of any text under these naming rules; never raises."""
    text = raw.strip().lower()
    parts = _simple_parts(text)
    return _email(raw, *parts, naming, text) if parts is not None else _read_rare(raw, text, naming)


def _simple_parts(text: str) -> Optional[Tuple[str, str]]:
    """Local part and domain of an ordinary address; None for a name of any other form."""
    simple = _SIMPLE.fullmatch(text)
    if simple is None:
        return None
    local, domain = simple.groups()
    known = canonical_domain(domain)
    return (local, known) if known and len(local) <= _LONGEST_LOCAL else None


def canonical_domain(domain: str) -> str:
    """Return a domain in lower case, in its ASCII (IDNA) form, without a trailing dot; "" when it is no domain."""
    found = _domains.get(domain)
    if found is None:
        found = _parse_domain(domain)
        if len(_domains) >= _CACHED_DOMAINS:
            _domains.clear()
        if len(domain) <= _LONGEST_DOMAIN:
            _domains[domain] = found
    return found


def _parse_domain(domain: str) -> str:
    text = domain.strip().lower()
    if text.endswith("."):
        text = text[:-1]
    if not text or len(text) > _LONGEST_DOMAIN:
        return ""
    if not text.isascii():
        try:
            # The codec of the standard library knows IDNA 2003, which is enough for one key per domain.
            text = text.encode("idna").decode("ascii").lower()
        except UnicodeError:
            return ""
    if len(text) > _LONGEST_DOMAIN or not all(_LABEL.fullmatch(label) for label in text.split(".")):
        return ""
    return text


def _email(raw: str, local: str, domain: str, naming: Naming, text: str) -> Address:
    box, home = _mailbox(local, domain, naming)
    normal = f"{box}@{home}"
    if normal == text:
        normal = text
    dotted = ".." not in local and local[0] != "." and local[-1] != "."
    return Address(raw, local, domain, normal, "email", local[-1] == "$", dotted and len(local) <= _LONGEST_LOCAL)


def _mailbox(local: str, domain: str, naming: Naming) -> Tuple[str, str]:
    if local[0] == '"':
        # What stays quoted has characters no provider gives a meaning to.
        return local, domain
    if domain in naming.workspace_domains:
        return local.partition("+")[0] or local, domain
    if domain in naming.own_domains:
        base = local.partition("+")[0]
        exists = naming.base_exists
        if base and base != local and exists and exists(f"{base}@{domain}") and not exists(f"{local}@{domain}"):
            return base, domain
        return local, domain
    return mailbox_of(local, domain)


def _read_rare(raw: str, text: str, naming: Naming) -> Address:
    if len(text) > _LONGEST_NAME:
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        # Two at-signs: the short key of an overlong name can never pass for a real one.
        return Address(raw[:_LONGEST_NAME], "", "", f"@@{digest}", "malformed", False, False)
    if not text.isascii():
        text = _folded(text)
    if not text.isprintable():
        return _malformed(raw, text)
    if _GUID.fullmatch(text):
        return Address(raw, text, "", text.strip("{}"), "guid", False, True)
    local, at, domain = text.rpartition("@")
    if not at:
        return _read_account(raw, text, naming)
    if local.endswith(_GUEST_MARK):
        return _read_guest(raw, text, local[: -len(_GUEST_MARK)], domain, naming)
    if "\\" in local and not local.startswith('"'):
        # DOMAIN\user@realm: the realm says more than the short name before it.
        local = local.rpartition("\\")[2]
    if _QUOTED.fullmatch(local):
        local = _unquoted(local)
    known = canonical_domain(domain)
    if not known or not (_LOCAL.fullmatch(local) or _QUOTED.fullmatch(local)):
        return _malformed(raw, text)
    return _email(raw, local, known, naming, text)


def _folded(text: str) -> str:
    """A name as directories compare it: width, invisible characters and marks on Latin letters make no other name.

    Active Directory sorts and looks up without regard to these, so neither a decoy nor a name that later signs in may hide
    behind them. Marks of other scripts tell names apart, and those of a domain are part of it.
    """
    text = unicodedata.normalize("NFKC", "".join(char for char in text if unicodedata.category(char) != "Cf")).lower()
    local, at, domain = text.rpartition("@")
    bare: List[str] = []
    for char in unicodedata.normalize("NFD", local if at else domain):
        if not (unicodedata.combining(char) and bare and "a" <= bare[-1] <= "z"):
            bare.append(char)
    local = unicodedata.normalize("NFC", "".join(bare))
    return f"{local}@{domain}".strip() if at else local.strip()


def _read_account(raw: str, text: str, naming: Naming) -> Address:
    domain, backslash, name = text.partition("\\")
    if not backslash:
        domain, name = "", text
    if not name or _NO_ACCOUNT_NAME.search(name) or (backslash and (not domain or _NO_ACCOUNT_NAME.search(domain))):
        return _malformed(raw, text)
    mail_domain = naming.netbios_domains.get(domain, "") if backslash else naming.bare_domain
    form = "down_level" if backslash else "bare_name"
    normal = text
    mailable = canonical_domain(mail_domain) if mail_domain else ""
    # With a domain behind it, a name that ends in the mark of guests would be read as one.
    if mailable and _LOCAL.fullmatch(name) and not name.endswith(_GUEST_MARK):
        normal = _email(raw, name, mailable, naming, text).normal
    return Address(raw, name, domain, normal, form, name.endswith("$"), name == name.strip())


def _read_guest(raw: str, text: str, home: str, tenant_domain: str, naming: Naming) -> Address:
    # The home address stands before the mark with "_" for "@"; a domain holds no "_", so the last one it is.
    local, mark, domain = home.rpartition("_")
    known = canonical_domain(domain)
    if mark and known and canonical_domain(tenant_domain) and _LOCAL.fullmatch(local):
        person = _email(raw, local, known, naming, text)
        return person._replace(form="guest")
    return Address(raw, home, tenant_domain, text, "guest", False, False)


def _unquoted(local: str) -> str:
    """Return a quoted local part without quotes where it says the same without them."""
    inside = re.sub(r"\\(.)", r"\1", local[1:-1])
    return inside if _LOCAL.fullmatch(inside) else local


def _malformed(raw: str, text: str) -> Address:
    return Address(raw, text, "", text, "malformed", False, False)


class AddressBook:
    """Reads names under fixed naming rules and remembers the last `capacity` distinct ones.

    When full it forgets all and goes on: a name costs a second reading, never a different answer.
    """

    def __init__(self, naming: Naming = _PLAIN, capacity: int = 250_000) -> None:
        self._naming = naming
        self._capacity = capacity
        self._known: Dict[str, Address] = {}
        self._keys: Dict[str, str] = {}

    def __len__(self) -> int:
        return max(len(self._known), len(self._keys))

    def address(self, raw: str) -> Address:
        """Return the Address of any text; never raises."""
        found = self._known.get(raw)
        if found is None:
            found = read_address(raw, self._naming)
            if len(self._known) >= self._capacity:
                self._known.clear()
            if len(raw) <= _LONGEST_NAME:
                self._known[raw] = found
        return found

    def local(self, raw: str) -> str:
        """Return the local part of any text; that of an ordinary address is not remembered."""
        parts = _simple_parts(raw.strip().lower())
        return self.address(raw).local if parts is None else parts[0]

    def ordinary_key(self, raw: str) -> str:
        """Return the key under which an ordinary mail address is counted, "" for a name of any other form."""
        found = self._keys.get(raw)
        if found is None:
            text = raw.strip().lower()
            parts = _simple_parts(text)
            found = "" if parts is None else "@".join(_mailbox(*parts, self._naming))
            if found == raw:
                found = raw  # kept but once
            if len(self._keys) >= self._capacity:
                self._keys.clear()
            if len(raw) <= _LONGEST_NAME:
                self._keys[raw] = found
        return found

    def key(self, raw: str) -> str:
        """Return the key under which a name is counted."""
        return self.ordinary_key(raw) or self.address(raw).normal
