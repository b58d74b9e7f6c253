"""accounts and the directory: bursts of new accounts, whole-directory reads, and their honest neighbours."""

from __future__ import annotations

from collections.abc import Iterator

from ..event import MINUTE, SimEvent
from ..names import ATTACK_AGENTS, BROWSERS, TOOL_APPS
from ..population import Place, Rhythm, hosting, paced
from ..story import Client, Scenario, Story
from .enumeration import CLIENT_APP
from .office import SIGN_IN_SOURCES

CREATION_SOURCES = ("entra_audit", "m365_audit", "okta_system", "workspace_admin", "windows_security")
DISPOSABLE = ("mailinator.com", "guerrillamail.com", "yopmail.com", "10minutemail.com")
CONNECTOR = ("HR Provisioning Connector", "b2f1c0de-6a5d-4f8e-8a43-1c9d2e7f5a60")

MAILS_EACH = 40


def created(story: Story, time: int, place: Place, actor: str, name: str, agent: str = "", app: str = "") -> SimEvent:
    return SimEvent(time, "account_created", story.organisation.tenant, *place, agent, app, CONNECTOR[1] if app else "",
                    actor=actor, host="DC01", target=name)  # fmt: skip


def burst(story: Story) -> Iterator[SimEvent]:
    """A user who never made accounts makes numbered ones by the dozen, some with throw-away mail, and they send."""
    organisation, rng = story.organisation, story.rng
    creator = organisation.people[len(organisation.people) // 2]
    # A log of mail alone has room for the mails; the others hold one event for each account.
    mails = MAILS_EACH if "account_created" not in story.kinds else 0
    place, start = hosting(rng), story.begin(50)
    count = max(1, story.count(30 * max(1, mails)) // max(1, mails))
    stem = rng.choice(("promo", "offer", "newsdesk"))
    names = [f"{stem}{i + 1:03d}@{organisation.domain}" for i in range(count)]
    for i in range(0, count, 6):
        names[i] = f"{stem}{i + 1:03d}@{rng.choice(DISPOSABLE)}"
    for time, name in zip(paced(rng, start, count, 35), names):
        if "account_created" in story.kinds:
            yield created(story, time, place, creator.upn, name, BROWSERS[0])
        for index in range(mails):
            sent = time + 20 * MINUTE + index * MINUTE + rng.randrange(MINUTE)
            yield SimEvent(sent, "mail_sent", organisation.tenant, *place, actor=name,
                           target=f"{rng.getrandbits(24):06x}@elsewhere.example",
                           detail="failed" if rng.random() < 0.3 else "delivered")  # fmt: skip


def harvest(story: Story) -> Iterator[SimEvent]:
    """One account reads the whole directory, page by page or object by object, within minutes."""
    organisation, rng = story.organisation, story.rng
    reader = organisation.people[len(organisation.people) // 3]
    place = hosting(rng)
    app, app_id = TOOL_APPS[0]
    count = story.count(260)
    for index, time in enumerate(paced(rng, story.begin(47), count, 1.5)):
        found = organisation.people[index % len(organisation.people)]
        yield SimEvent(
            time, "directory_read", organisation.tenant, *place, ATTACK_AGENTS[0], app, app_id, actor=reader.upn,
            host="DC01", target=found.user_id, detail=("page", "groups", "one", "roles")[index % 4],
            target_id=reader.user_id,
        )  # fmt: skip


def provisioning(story: Story) -> Iterator[SimEvent]:
    """The HR connector creates next month's starters in one batch and checks each name before it does."""
    organisation = story.organisation
    place = Place("198.51.100.40", 64514, "NL")
    service = f"svc-provisioning@{organisation.domain}"
    story.allow("ip", place.src_ip, "HR provisioning connector", 365)
    story.approve("app", service, f"{organisation.netbios}\\svc-provisioning", *CONNECTOR)
    client = Client(place, "HRConnector/5.1", *CONNECTOR, CLIENT_APP, "HR01", interactive=False)
    names = organisation.absent(story.rng, story.count(40))
    for time, name in zip(paced(story.rng, story.begin(26), len(names), 20), names):
        if "sign_in" in story.kinds and "account_created" not in story.kinds:
            yield story.attempt(time, client, name, "not_found", "reset")
        if "account_created" in story.kinds:
            yield created(story, time + 4_000_000, place, service, name, client.user_agent, CONNECTOR[0])


def onboarding(story: Story) -> Iterator[SimEvent]:
    """An approved administrator creates a class of new starters on their first morning."""
    organisation = story.organisation
    admin = organisation.people[0]
    story.approve("user", admin.upn, f"{organisation.netbios}\\{admin.login}")
    rhythm = Rhythm(story.begin(31), 0.1)
    for name in organisation.absent(story.rng, story.count(18)):
        yield created(story, rhythm.moment(story.rng), organisation.offices[0], admin.upn, name, admin.browser)


SCENARIOS = (
    Scenario("account_burst", "One user makes numbered accounts, which start to send", "attack", "account_creation",
             "T1585.002", (*CREATION_SOURCES, "message_trace"),
             "Account Creation Burst by one creator.", burst, aspect="burst", unseen={
                 "windows_security": "it has no address of the maker, and a log of one burst has no past",
                 "message_trace": "a log of one burst of mail has nothing to compare it with"}),
    Scenario("directory_harvest", "One account reads the whole directory", "attack", "identity_gathering", "T1589",
             ("graph_activity", "windows_security"), "Directory Harvest by one account.", harvest, aspect="harvest",
             unseen={"windows_security": "a log that begins with the reads has no past to compare them with"}),
    Scenario("provisioning", "The HR connector creates a batch of accounts", "benign", None, None,
             tuple(dict.fromkeys((*CREATION_SOURCES, *(s for s in SIGN_IN_SOURCES if s != "workspace_login")))),
             "Nothing: the connector is declared.", provisioning, True),
    Scenario("onboarding", "An approved administrator creates new starters", "benign", None, None, CREATION_SOURCES,
             "Nothing: the creator is approved.", onboarding, True),
)  # fmt: skip
