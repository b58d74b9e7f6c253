"""How the large mail providers fold several spellings of an address into one mailbox.

Source of each rule: the provider's own help pages on dots, plus addresses, hyphen addresses and subdomain addresses.
"""

from __future__ import annotations

from typing import Dict, FrozenSet, Tuple

_GMAIL = "gmail.com"


def _under(name: str, top_levels: str) -> FrozenSet[str]:
    return frozenset(f"{name}.{top_level}" for top_level in top_levels.split())


def _domains(names: str) -> FrozenSet[str]:
    return frozenset(names.split())


_OUTLOOK = _under(
    "outlook",
    """
    com com.ar com.au com.br com.tr com.vn at be cl co.id co.il co.kr co.th cz dk es fr gr hu ie in it jp lv my ph
    pt sa sg sk
    """,
)
_HOTMAIL = _under(
    "hotmail",
    """
    com com.ar com.au com.br com.hk com.tr com.tw be ca ch cl co.id co.il co.in co.jp co.kr co.nz co.th co.uk co.za
    cz de dk es fi fr gr hu it lt lv my nl no ph rs se sg sk
    """,
)
_LIVE = _under(
    "live",
    """
    com com.ar com.au com.mx com.my com.ph com.pt com.sg at be ca ch cl cn co.in co.kr co.uk co.za de dk fi fr hk ie
    in it jp nl no ru se
    """,
)
_YAHOO = _under(
    "yahoo",
    """
    com com.ar com.au com.br com.co com.hk com.mx com.my com.ph com.sg com.tr com.tw com.vn ae at be bg ca ch cl cn
    co.id co.il co.in co.jp co.kr co.nz co.th co.uk co.za cz de dk ee es fi fr gr hr hu ie in it lt lv nl no pl pt
    ro rs se si sk
    """,
)
_FASTMAIL = _domains(
    """
    fastmail.com fastmail.fm fastmail.cn fastmail.co.uk fastmail.com.au fastmail.de fastmail.es fastmail.im
    fastmail.in fastmail.jp fastmail.mx fastmail.net fastmail.nl fastmail.org fastmail.se fastmail.to fastmail.tw
    fastmail.uk fastmail.us 123mail.org airpost.net eml.cc fmail.co.uk fmgirl.com fmguy.com mailbolt.com mailcan.com
    mailhaven.com mailmight.com ml1.net mm.st myfastmail.com proinbox.com promessage.com sent.as sent.at sent.com
    speedymail.org warpmail.net xsmail.com 150mail.com 16mail.com 2-mail.com 4email.net 50mail.com allmail.net
    bestmail.us cluemail.com elitemail.org emailcorner.net emailengine.net emailengine.org emailgroups.net
    emailplus.org emailuser.net f-m.fm fast-email.com fast-mail.org fastem.com fastemail.us fastemailer.com
    fastest.cc fastimap.com fastmailbox.net fastmessaging.com fea.st fmailbox.com ftml.net h-mail.us hailmail.net
    imap-mail.com imap.cc imapmail.org inoutbox.com internet-e-mail.com internet-mail.org internetemails.net
    internetmailing.net jetemail.net justemail.net letterboxes.org mail-central.com mail-page.com mailandftp.com
    mailas.com mailc.net mailforce.net mailftp.com mailingaddress.org mailite.com mailnew.com mailsent.net
    mailservice.ms mailup.net mailworks.org mymacmail.com nospammail.net ownmail.net petml.com postinbox.com
    postpro.net realemail.net reallyfast.biz reallyfast.info rushpost.com ssl-mail.com swift-mail.com
    the-fastest.net the-quickest.com theinternetemail.com veryfast.biz veryspeedy.net yepmail.net your-mail.com
    """
)
_RULES: Dict[str, str] = {
    **dict.fromkeys(_OUTLOOK | _HOTMAIL | _LIVE | _FASTMAIL, "plus"),
    **dict.fromkeys(_domains("msn.com passport.com windowslive.com icloud.com me.com mac.com"), "plus"),
    **dict.fromkeys(_YAHOO | _domains("ymail.com rocketmail.com myyahoo.com"), "hyphen"),
    **dict.fromkeys(_domains("gmail.com googlemail.com"), "gmail"),
}


def mailbox_of(local: str, domain: str) -> Tuple[str, str]:
    """Return (local part, domain) of the mailbox an address reaches; both must be in lower case.

    Unknown providers keep both as they are. A part that would become empty is kept whole.
    """
    rule = _RULES.get(domain)
    if rule is None:
        label, dot, parent = domain.partition(".")
        # user@tag form: tag@user.fastmail.com reaches user@fastmail.com
        return (label, parent) if dot and parent in _FASTMAIL else (local, domain)
    if rule == "hyphen":
        return local.partition("-")[0] or local, domain
    base = local.partition("+")[0] or local
    if rule == "plus":
        return base, domain
    return base.replace(".", "") or local, _GMAIL
