"""Name lists, agents and apps the simulated world is made of: plain data, no logic beyond formatting a name."""

from __future__ import annotations

from random import Random


def words(text: str) -> tuple[str, ...]:
    """The blank-separated words of a long literal, for lists that would otherwise fill a screen."""
    return tuple(text.split())


GIVEN = words(
    "aaron adele ahmed alice amir anja anton aylin beatrice ben bianca bruno carla carmen chloe clara cyril "
    "dana daniel david diana dora edith elena elias emil emma eric esther fatima felix fiona florian frida "
    "gabriel gerda gina greta hanna hassan hector heidi helena henrik hugo ida igor ines irene isaac ivan "
    "jakob jana jasmin jean jonas julia karim karin kira klaus lars laura lea leon lina louis lucia magda "
    "malik marco maria marta max mia milan mona nadia nils nina noah nora olaf olga oscar otto paula pavel "
    "petra pia quentin rachel ralf rita robert rosa ruben sara selma simon sofia stefan sven tara theo tina "
    "ulla uwe vera victor walter wanda xenia yara yusuf zoe"
)
FAMILY = words(
    "abbott adler albers ames arndt baird baker barlow bauer becker berger bishop blake bolton brandt brooks "
    "burke carver clarke conrad cooper crane dalton dawson decker dietz donovan drake ebert eckert ellis engel "
    "evans farrow fischer fleming forster frank frost gallo garner geller gibson goetz graham grant haas hale "
    "hansen harper hartmann hayes heller hoffman holt horn hughes ibsen irwin jansen jensen jordan kaiser "
    "keller kern klein knight koch kramer krause lambert lang larsen lehmann lindt lorenz lowe lund maier "
    "marsh martens mason meyer miller moreau morris mueller naylor nielsen nolan novak olsen orth palmer "
    "parker paulsen perry peters pohl porter quinn ramsey rausch reed reuter richter ritter rossi roth rowe "
    "sander sauer schmidt schulz shaw silva sommer stark stein stone strauss tanner thiel turner ulrich vance "
    "vogel wagner walsh weber weiss wells winter wolf wright yates york zander ziegler"
)
FORMATS = ("first.last", "flast", "first_last", "firstl", "last.first")

BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/144.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/144.0.0.0 Safari/537.36 "
    "Edg/144.0.0.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:147.0) Gecko/20100101 Firefox/147.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 "
    "Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
)
OUTLOOKS = (
    "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)",
    "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.18429; Pro)",
    "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.5254; Pro)",
)
PHONES = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/144.0.0.0 "
    "Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 14; SM-A546B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 "
    "Mobile Safari/537.36",
)
MAIL_PHONES = ("Apple-iPhone16C1/2204.65", "Apple-iPhone14C5/2103.101", "Android-Mail/2025.11.16")
ATTACK_AGENTS = ("python-requests/2.31.0", "Go-http-client/2.0", "fasthttp", "okhttp/4.12.0")

# Name, id, resource, client app, share of sign-ins. The ids are the public first-party ids.
APPS = (
    ("Office 365 Exchange Online", "00000002-0000-0ff1-ce00-000000000000", "Mobile Apps and Desktop clients", 30),
    ("Microsoft Teams", "1fec8e78-bce4-4aaf-ab1b-5451cc387264", "Mobile Apps and Desktop clients", 24),
    ("OfficeHome", "4765445b-32c6-49b0-83e6-1d93765276ca", "Browser", 16),
    ("Office 365 SharePoint Online", "00000003-0000-0ff1-ce00-000000000000", "Browser", 16),
    ("One Outlook Web", "9199bf20-a13f-4107-85dc-02114787ef48", "Browser", 9),
    ("Azure Portal", "c44b4083-3bb0-49c1-b47d-974e53cbdf3c", "Browser", 3),
    ("Microsoft Authentication Broker", "29d9ed98-a469-4536-ade2-f981bc1d605e", "Mobile Apps and Desktop clients", 2),
)
POWERSHELL = ("Azure Active Directory PowerShell", "1b730954-1685-4b74-9bfd-dac224a7b894")
OFFICE_CLIENT = ("Microsoft Office", "d3590ed6-52b3-4102-aeff-aad2292ab01c")
TOOL_APPS = (POWERSHELL, OFFICE_CLIENT, ("Microsoft Azure CLI", "04b07795-8ddb-461a-bbee-02f9e1bf7b46"),
             ("Microsoft Teams", "1fec8e78-bce4-4aaf-ab1b-5451cc387264"),
             ("OneDrive SyncEngine", "ab9b8c07-8f02-4f72-87fa-80105867a763"))  # fmt: skip
COUNTRIES = {"NL": "Netherlands", "DE": "Germany", "GB": "United Kingdom", "US": "United States", "FR": "France",
             "SE": "Sweden", "BR": "Brazil", "SG": "Singapore", "RO": "Romania"}  # fmt: skip


def login_name(given: str, family: str, style: str) -> str:
    """`given` and `family` in one of FORMATS ("flast" of Anna Keller is "akeller")."""
    return {
        "first.last": f"{given}.{family}",
        "flast": f"{given[0]}{family}",
        "first_last": f"{given}_{family}",
        "firstl": f"{given}{family[0]}",
        "last.first": f"{family}.{given}",
    }[style]


def guess(rng: Random, style: str) -> str:
    """A login name somebody might have: what a guesser's word list holds."""
    return login_name(rng.choice(GIVEN), rng.choice(FAMILY), style)
