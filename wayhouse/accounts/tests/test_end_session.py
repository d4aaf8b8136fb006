import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from wayhouse.accounts.actions import end_session
from wayhouse.accounts.models import Session
from wayhouse.accounts.tests.conftest import Account
from wayhouse.audit.models import AuditLeaf

SECURITY, END = "/account/", "/account/sessions/end/"


def twice(account: Account) -> tuple[Client, Client]:
    """Signed in here and elsewhere."""
    elsewhere = account.sign_in()
    account.browser = Client()
    return account.sign_in(), elsewhere


def test_one_sees_ones_own_sessions_and_no_others(fox: Account, wren: Account) -> None:
    here, elsewhere = twice(fox)
    wren.sign_in()
    shown = here.get(SECURITY).context["sessions"]
    sids = [sid_of(each) for each in (here, elsewhere)]
    assert [(row["sid"], row["here"]) for row in shown] == [(sids[0], True), (sids[1], False)]


def sid_of(browser: Client) -> str:
    return str(browser.session.sid)  # type: ignore[attr-defined]


def test_another_session_is_ended(fox: Account) -> None:
    here, elsewhere = twice(fox)
    here.post(END, {"session": sid_of(elsewhere)})
    assert elsewhere.get(SECURITY).status_code == 302
    assert here.get(SECURITY).status_code == 200
    assert AuditLeaf.objects.order_by("index").last().kind == "session.ended"  # type: ignore[union-attr]


def test_all_others_are_ended_at_once(fox: Account, wren: Account) -> None:
    here, elsewhere = twice(fox)
    wren.sign_in()
    here.post(END, {"session": "others"})
    assert elsewhere.get(SECURITY).status_code == 302
    assert [each.get(SECURITY).status_code for each in (here, wren.browser)] == [200, 200]
    assert AuditLeaf.objects.order_by("index").last().kind == "sessions.ended"  # type: ignore[union-attr]


def test_sessions_of_others_do_not_exist(fox: Account, wren: Account) -> None:
    fox.sign_in()
    wren.sign_in()
    unknown = wren.browser.post(END, {"session": "0" * 64})
    foreign = wren.browser.post(END, {"session": sid_of(fox.browser)})
    assert (unknown.status_code, foreign.status_code) == (404, 404)
    assert fox.browser.get(SECURITY).status_code == 200


def test_this_session_is_ended_by_signing_out_only(fox: Account) -> None:
    fox.sign_in()
    assert fox.browser.post(END, {"session": sid_of(fox.browser)}).status_code == 404


def test_nothing_is_kept_about_device_or_network() -> None:
    kept = {field.name for field in Session._meta.get_fields()}
    assert kept == {"sid", "user", "box", "created_at", "idle_at", "ends_at"}


def test_dee_may_not_end_the_session_of_cass(db: None) -> None:
    cass, dee = Account("cass"), Account("dee")
    cass.sign_in()
    session = Session.objects.get(user=cass.user)
    with pytest.raises(PermissionDenied):
        end_session(session, actor=dee.user)
    assert Session.objects.filter(user=cass.user).count() == 1
    end_session(session, actor=cass.user)
    assert Session.objects.filter(user=cass.user).count() == 0


@pytest.mark.parametrize("others", [1, 20])
def test_the_page_costs_the_same_with_one_session_or_twenty(
    fox: Account, django_assert_num_queries: object, others: int
) -> None:
    for _ in range(others):
        fox.browser = Client()
        fox.sign_in()
    with django_assert_num_queries(5):  # type: ignore[operator]
        fox.browser.get(reverse("accounts:security"))
