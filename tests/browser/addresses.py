"""Every address of the house: who looks at it, for whom it exists, and which addresses are not pages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, resolve

NOBODY = "nobody"
CAST = ("cass", "ana", "bo", "max", "dee", "sol", "aud", "pat")
EVERYBODY = " ".join((NOBODY, *CAST))
PEOPLE = " ".join(CAST)
STAFF = "ana bo max"


@dataclass(frozen=True)
class Address:
    """One page. `path`: with names of ids to fill in; `looks`: who looks at it, as one word each; `may`: for whom it
    exists, by default those who look; `unsure`: for whom it may exist, as the rota wills, or lead to another page."""

    path: str
    looks: str
    may: str = ""
    unsure: str = ""

    def filled(self, ids: Mapping[str, str]) -> str:
        """The path with the ids of the demonstration."""
        return self.path.format(**ids)

    def exists_for(self, who: str) -> bool:
        """Whether this person gets the page."""
        return who in (self.may or self.looks).split()

    def is_sure_for(self, who: str) -> bool:
        """Whether it is known if this person gets the page."""
        return who not in self.unsure.split()


ADDRESSES = (
    Address("/", "cass ana bo max dee sol aud pat", EVERYBODY),
    Address("/about/", "nobody cass", EVERYBODY),
    Address("/help/", "nobody cass", EVERYBODY),
    Address("/transparency/", "nobody aud", EVERYBODY),
    Address("/account/login/", "nobody", EVERYBODY, unsure=PEOPLE),
    Address("/account/begin/", "nobody", EVERYBODY, unsure=PEOPLE),
    Address("/account/closed/", "nobody", EVERYBODY),
    Address("/account/recover/", "nobody", EVERYBODY, unsure=PEOPLE),
    Address("/account/logout/", "cass", EVERYBODY),
    Address("/account/", "cass", PEOPLE),
    Address("/account/passphrase/", "cass", PEOPLE),
    Address("/account/keys/", "cass", PEOPLE),
    Address("/account/recovery-code/", "cass", PEOPLE),
    Address("/account/again/", "cass", PEOPLE),
    Address("/account/passkeys/", "cass", PEOPLE),
    Address("/messages/", "cass ana bo", PEOPLE),
    Address("/messages/sent/", "cass", PEOPLE),
    Address("/messages/calendar/", "cass", PEOPLE),
    Address("/people/welcome/{token}/", "nobody", EVERYBODY),
    Address("/people/return/{return}/", "nobody", EVERYBODY),
    Address("/people/back/{way_back}/", "ana bo"),
    Address("/people/{other}/back/", "ana"),
    Address("/people/me/", "cass ana bo max sol aud pat", PEOPLE),
    Address("/mine/", "cass ana bo sol", PEOPLE),
    Address("/mine/said/", "cass", PEOPLE),
    Address("/mine/said/keeping/", "cass ana", PEOPLE),
    Address("/mine/said/participation/", "cass", PEOPLE),
    Address("/mine/due/", "ana"),
    Address("/mine/leave/", "cass ana", PEOPLE),
    Address("/readers/", "cass ana bo sol", PEOPLE),
    Address("/people/", "ana"),
    Address("/people/table/", "ana"),
    Address("/people/out/", "ana"),
    Address("/people/new/", "ana"),
    Address("/people/{person}/", "ana"),
    Address("/people/{waiting}/", "ana"),
    Address("/people/{person}/change/", "ana"),
    Address("/people/{person}/role/", "ana"),
    Address("/people/{person}/role/member/", "ana"),
    Address("/groups/", "ana"),
    Address("/groups/cycles/{cycle}/", "ana"),
    Address("/groups/cycles/{cycle}/proposal/", "ana"),
    Address("/groups/places/", "ana"),
    Address("/groups/places/new/", "ana"),
    Address("/groups/places/{venue}/", "ana"),
    Address("/groups/mine/", "cass bo pat", PEOPLE),
    Address("/groups/mine/all/", "cass bo pat", PEOPLE),
    Address("/groups/mine/left/", "cass", PEOPLE),
    Address("/groups/{group}/", "cass bo ana"),
    Address("/groups/{elsewhere}/", "dee", "dee ana", unsure="bo"),
    Address("/groups/{group}/leave/", "cass"),
    Address("/evenings/", "cass ana bo max pat", PEOPLE),
    Address("/evenings/{led}/", "cass ana", "cass ana bo", unsure="bo max"),
    Address("/evenings/{played}/", "cass ana", "cass ana bo", unsure="bo max"),
    Address("/evenings/{led}/needs/", "cass"),
    Address("/evenings/needs/", "ana"),
    Address("/evenings/{led}/tonight/", "bo", unsure="max"),
    Address("/evenings/{accompanied}/tonight/", "max", unsure="bo"),
    Address("/evenings/{led}/guide/", "bo", unsure="max"),
    Address("/evenings/{led}/run/", "bo", unsure="max"),
    Address("/evenings/{led}/seats/", "bo", unsure="max"),
    Address("/evenings/{played}/tonight/", "bo", unsure="max"),
    Address("/evenings/{played}/record/", "bo", unsure="max"),
    Address("/evenings/{played}/attendance/", "bo", unsure="max"),
    Address("/evenings/{played}/debrief/", "bo", unsure="max"),
    Address("/evenings/{accompanied}/hand-over/", "max", unsure="bo"),
    Address("/evenings/{led}/schedule/", "ana"),
    Address("/evenings/{led}/cover/", "ana"),
    Address("/evenings/group/{group}/", "ana"),
    Address("/evenings/swaps/", "ana"),
    Address("/evenings/swaps/{swap}/", "ana"),
    Address("/evenings/rota/{cycle}/", "ana"),
    Address("/hello/", "nobody cass", EVERYBODY),
    Address("/hello/near/", "nobody", EVERYBODY),
    Address("/hello/back/", "nobody", EVERYBODY),
    Address("/notes/", "ana"),
    Address("/notes/near/", "ana"),
    Address("/notes/new/", "bo", "ana bo sol"),
    Address("/notes/{contact}/", "ana"),
    Address("/space/{group}/", "cass bo"),
    Address("/space/{group}/write/", "cass", "cass bo"),
    Address("/space/{group}/quiet/", "bo", unsure="cass"),
    Address("/space/{group}/rules/", "cass bo"),
    Address("/space/{group}/rules/new/", "cass", "cass bo"),
    Address("/space/thread/{thread}/", "cass bo"),
    Address("/space/post/{post}/change/", "cass", unsure="bo"),
    Address("/space/post/{post}/strike/", "cass", unsure="bo"),
    Address("/space/post/{post}/hide/", "bo", unsure="cass"),
    Address("/space/again/", "ana"),
    Address("/notes/{contact}/decide/", "ana bo", "ana bo sol"),
    Address("/notes/{contact}/welcome/", "ana"),
    Address("/start/", "cass", "cass dee"),
    Address("/start/apart/", "cass", "cass dee"),
    Address("/start/{person}/", "ana"),
    Address("/space/evening/{played}/", "cass", unsure="cass bo"),
    Address("/space/{group}/felt/", "cass", "cass bo"),
    Address("/between/", "cass max", "cass dee max"),
    Address("/between/hours/", "max"),
    Address("/between/ask/", "cass", "cass dee"),
    Address("/between/asked/{question}/", "cass"),
    Address("/between/questions/", "max"),
    Address("/between/questions/{question}/", "max"),
    Address("/between/talk/{exchange}/", "cass max"),
    Address("/between/talk/{exchange}/name/", "cass", "cass max"),
    Address("/between/{pair}/", "cass max"),
    Address("/between/{pair}/quiet/", "cass"),
    Address("/care/", "sol"),
    Address("/care/new/", "cass bo max", "cass dee bo max ana sol"),
    Address("/care/mine/", "cass", PEOPLE),
    Address("/care/mine/{concern}/", "max"),
    Address("/care/back/", "nobody", EVERYBODY),
    Address("/care/team/", "ana sol"),
    Address("/care/team/{appointment}/end/", "ana", "ana sol"),
    Address("/care/calls/", "ana sol"),
    Address("/care/drills/", "ana sol"),
    Address("/care/letters/", "sol"),
    Address("/care/letters/new/", "sol"),
    Address("/care/letters/{demand}/", "sol"),
    Address("/care/letters/{demand}/step/hold/", "sol"),
    Address("/care/law/", "sol", "ana sol"),
    Address("/care/figures/", "sol", "ana sol"),
    Address("/care/learnt/", "sol", "ana sol"),
    Address("/care/sheet/", "cass dee", PEOPLE),
    Address("/care/sheet/write/", "cass", PEOPLE),
    Address("/care/sheet/paper/", "cass dee", PEOPLE),
    Address("/care/sheet/erase/", "cass", PEOPLE, unsure="ana bo max dee sol aud pat"),
    Address("/care/sheet/copy/", "cass", "cass dee"),
    Address("/care/sheet/seen/", "cass dee", PEOPLE),
    Address("/care/sheets/", "bo", "bo max"),
    Address("/care/sheets/{plan}/", "bo"),
    Address("/care/asked/", "ana"),
    Address("/care/asked/{opening}/", "ana"),
    Address("/care/limits/", "sol"),
    Address("/care/{concern}/", "sol"),
    Address("/care/{concern}/step/decide/", "sol"),
    Address("/library/", "ana bo", STAFF),
    Address("/library/twelve-evenings/", "ana bo", STAFF),
    Address("/library/twelve-evenings/orientation/", "bo", STAFF),
)

# Routes that are no pages, or pages that only a walk comes to; each with the reason or the test that looks at it.
ANSWERS_A_FORM, A_FILE = "answers a form", "a file"
ONWARD = "leads to another page"
OTHERWISE = {
    "month/": "wayhouse/core/tests/test_browser.py",
    "leave/": ANSWERS_A_FORM,
    "language/": ANSWERS_A_FORM,
    "theme/": ANSWERS_A_FORM,
    "manifest.webmanifest": A_FILE,
    "health/": A_FILE,
    "transparency/head.txt": A_FILE,
    "transparency/proof.json": A_FILE,
    "account/here/": "test_waiting.py",
    "account/sessions/end/": ANSWERS_A_FORM,
    "account/login/passkey/": ANSWERS_A_FORM,
    "account/second/": ONWARD,
    "account/codes/list.txt": A_FILE,
    "messages/stop/": ANSWERS_A_FORM,
    "messages/try/": ANSWERS_A_FORM,
    "messages/browser/": ANSWERS_A_FORM,
    "messages/browser/stop/": ANSWERS_A_FORM,
    "messages/calendar/stop/": ANSWERS_A_FORM,
    "messages/calendar/<str:token>.ics": A_FILE,
    "messages/worker.js": A_FILE,
    "people/table.<slug:suffix>": A_FILE,
    "people/out/table.<slug:suffix>": A_FILE,
    "mine/copy.html": A_FILE,
    "mine/copy.json": A_FILE,
    "mine/erase/": "test_leaving.py",
    "evenings/needs/plan/": ANSWERS_A_FORM,
    "evenings/needs/<uuid:task_id>/": ANSWERS_A_FORM,
    "evenings/needs/<uuid:task_id>/back/": ANSWERS_A_FORM,
    "mine/said/<slug:purpose>/back/": ANSWERS_A_FORM,
    "people/me/pause/": ANSWERS_A_FORM,
    "people/me/back/": ANSWERS_A_FORM,
    "people/me/language/": ANSWERS_A_FORM,
    "people/back/<uuid:way_back_id>/stop/": ANSWERS_A_FORM,
    "groups/cycles/<uuid:cycle_id>/drawing/": "test_main_job.py",
    "groups/cycles/<uuid:cycle_id>/drawing/stop/": ANSWERS_A_FORM,
    "groups/cycles/<uuid:cycle_id>/compare/": "test_main_job.py",
    "groups/proposals/<uuid:proposal_id>/": "test_main_job.py",
    "groups/proposals/<uuid:proposal_id>/move/": "test_main_job.py",
    "groups/proposals/<uuid:proposal_id>/lock/": ANSWERS_A_FORM,
    "groups/proposals/<uuid:proposal_id>/drop/": ANSWERS_A_FORM,
    "groups/places/<uuid:venue_id>/use/": ANSWERS_A_FORM,
    "groups/<uuid:group_id>/name/": ANSWERS_A_FORM,
    "groups/<uuid:group_id>/seat/": ANSWERS_A_FORM,
    "evenings/<uuid:meeting_id>/answer/": ANSWERS_A_FORM,
    "evenings/<uuid:meeting_id>/cover/reserve/": ANSWERS_A_FORM,
    "evenings/<uuid:meeting_id>/cover/gap/": ANSWERS_A_FORM,
    "evenings/<uuid:meeting_id>/cover/off/": ANSWERS_A_FORM,
    "evenings/swaps/<uuid:swap_id>/keep/": ANSWERS_A_FORM,
    "evenings/rota/<uuid:cycle_id>/propose/": ANSWERS_A_FORM,
    "hello/words/": "test_arrivals.py",
    "hello/notes/": "test_arrivals.py",
    "hello/end/": "test_arrivals.py",
    "hello/in/": ANSWERS_A_FORM,
    "notes/list.csv": A_FILE,
    "start/<uuid:person_id>/<slug:step>/": ANSWERS_A_FORM,
    "notes/<uuid:contact_id>/renew/": ANSWERS_A_FORM,
    "notes/<uuid:contact_id>/<slug:act>/": ANSWERS_A_FORM,
    "space/post/<uuid:post_id>/again/": ANSWERS_A_FORM,
    "space/post/<uuid:post_id>/pick/": ANSWERS_A_FORM,
    "space/thread/<uuid:thread_id>/turn/": ANSWERS_A_FORM,
    "space/again/<uuid:appeal_id>/": ANSWERS_A_FORM,
    "between/<uuid:pair_id>/end/": ANSWERS_A_FORM,
    "between/<uuid:pair_id>/hello/": ANSWERS_A_FORM,
    "between/asked/<uuid:question_id>/back/": ANSWERS_A_FORM,
    "between/talk/<uuid:exchange_id>/end/": ANSWERS_A_FORM,
    "between/words/<uuid:letter_id>/back/": ANSWERS_A_FORM,
    "between/begin/<uuid:hours_id>/": "wayhouse/mentoring/tests/test_threads.py",
    "evenings/rota/<uuid:cycle_id>/drawing/": "test_main_job.py",
    "evenings/rota/<uuid:cycle_id>/drawing/stop/": ANSWERS_A_FORM,
    "evenings/rota/<uuid:cycle_id>/compare/": "test_main_job.py",
    "evenings/rota/<uuid:cycle_id>/drop/": ANSWERS_A_FORM,
    "care/mine/<uuid:concern_id>/care/": ANSWERS_A_FORM,
    "care/<uuid:concern_id>/care/": ANSWERS_A_FORM,
    "care/sheet/show/": ANSWERS_A_FORM,
    "care/sheet/back/": ANSWERS_A_FORM,
    "care/sheet/copy/back/": ANSWERS_A_FORM,
    "care/<uuid:concern_id>/ask/": ANSWERS_A_FORM,
    "care/<uuid:concern_id>/sheet/": "wayhouse/safeguarding/tests/test_break_glass.py",
    "care/calls/<int:on_call_id>/swap/": ANSWERS_A_FORM,
    "care/calls/swaps/<uuid:swap_id>/": ANSWERS_A_FORM,
    "care/letters/<uuid:demand_id>/colleague/": ANSWERS_A_FORM,
    "care/<uuid:concern_id>/colleague/": ANSWERS_A_FORM,
    "care/<uuid:concern_id>/done/<slug:duty>/": ANSWERS_A_FORM,
    "care/<uuid:concern_id>/say/": ANSWERS_A_FORM,
    "care/<uuid:concern_id>/write/": ANSWERS_A_FORM,
    "care/<uuid:concern_id>/strike/<uuid:entry_id>/": "wayhouse/safeguarding/tests/test_concerns.py",
    "people/welcome/": "test_main_job.py",
    "people/<uuid:person_id>/invite/": "test_main_job.py",
    "groups/proposals/<uuid:proposal_id>/accept/": "test_main_job.py",
    "evenings/rota/<uuid:cycle_id>/accept/": "test_main_job.py",
    "evenings/rota/<uuid:cycle_id>/<uuid:group_id>/<int:week>/": "test_main_job.py",
    "account/recovery-code/keep/": "test_signing_in.py",
    "account/open/": "test_signing_in.py",
    "account/login/second/": "test_signing_in.py",
    "account/again/code/": "test_signing_in.py",
    "account/again/passkey/": "test_signing_in.py",
    "account/second/app/add/": "test_signing_in.py",
    "account/passkeys/add/": "test_signing_in.py",
    "account/second/app/remove/": "test_signing_in.py",
    "account/passkeys/<int:pk>/": "test_signing_in.py",
    "account/passkeys/<int:pk>/remove/": "test_signing_in.py",
    "account/codes/": "test_signing_in.py",
    "account/codes/new/": "test_signing_in.py",
}


def all_routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """Every route of the house, as Django writes it."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route
        else:
            yield from all_routes(entry, route)


def listed_routes(ids: Mapping[str, str]) -> set[str]:
    """The routes of the lists above."""
    return {resolve(address.filled(ids)).route for address in ADDRESSES} | OTHERWISE.keys()
