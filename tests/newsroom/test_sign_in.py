"""Signing in at the desk: with a password, with a second factor where one is set up, and not by trying."""

from __future__ import annotations

import io
import json
import re
import secrets
from typing import Any

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.models import User
from django.core.cache import caches
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from fido2.utils import websafe_encode

from newsroom.desk.sessions import person_of
from newsroom.models import AuditLine, Membership
from tests import factories
from tests.newsroom.desk import act_address, change_address

pytestmark = pytest.mark.django_db

LOGIN = "/admin/account/login/"
PASSWORD = "correct horse battery"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def nothing_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts of its own: a shared cache cannot be emptied beside other tests."""
    monkeypatch.setattr(caches["default"], "key_prefix", secrets.token_hex(8))


@pytest.fixture
def erik() -> User:
    return factories.user("erik")


def sign_in(client: Client, name: str = "erik", password: str = PASSWORD, **fields: Any) -> Any:
    headers = fields.pop("headers", {})
    return client.post(LOGIN, {"login": name, "password": password, **fields}, headers=headers)


def code(secret: str = SECRET) -> str:
    """Of this half minute: that of the one before may be too old by the time it is looked at."""
    _before, now, _after = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(secret, now))


def is_in(client: Client) -> bool:
    return bool(client.get("/desk/session/").json()["alive"])


def test_the_admin_s_door_leads_here_and_back_to_where_one_wanted(client: Client, erik: User) -> None:
    sent = client.get("/admin/newsroom/entry/", follow=True).redirect_chain
    assert sent[-1][0] == f"{LOGIN}?next=%2Fadmin%2Fnewsroom%2Fentry%2F"
    assert sign_in(client, next="/admin/newsroom/entry/")["Location"] == "/admin/newsroom/entry/"
    assert client.get("/desk/session/").json()["user"] == "erik"
    assert list(AuditLine.objects.values_list("who", "verb")) == [("erik", "sign_in")]


def test_it_leads_nowhere_else(client: Client, erik: User) -> None:
    assert sign_in(client, next="https://evil.example.org/")["Location"] == "/admin/"


def test_an_account_that_is_not_there_is_answered_as_a_wrong_password(client: Client, erik: User) -> None:
    answers = {name: sign_in(client, name, "wrong").content.decode().replace(f'value="{name}"', "") for name in ("erik", "nobody")}
    bare = [re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page) for page in answers.values()]
    assert "errorlist" in bare[0]
    assert bare[0] == bare[1]
    assert not is_in(client)


def test_nobody_makes_an_account_of_their_own(client: Client) -> None:
    for path in ("signup/", "password/reset/", "email/"):
        assert client.get(f"/admin/account/{path}").status_code in {302, 404}
        assert client.post(f"/admin/account/{path}", {"username": "eve", "password1": PASSWORD}).status_code in {302, 404}
    assert User.objects.count() == 0


def test_after_some_wrong_tries_the_right_password_is_refused_too(client: Client, erik: User) -> None:
    for _ in range(6):
        sign_in(client, password="wrong")
    sign_in(client)
    assert not is_in(client)


def test_a_forged_header_starts_no_new_count(client: Client, erik: User) -> None:
    for number in range(11):
        sign_in(client, f"name{number}", "wrong", headers={"X-Forwarded-For": f"203.0.113.{number}"})
    sign_in(client, headers={"X-Forwarded-For": "203.0.113.99"})
    assert not is_in(client)


def test_behind_a_proxy_each_visitor_has_a_count_of_their_own(client: Client, erik: User, settings: Any) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    for number in range(11):
        sign_in(client, f"name{number}", "wrong", headers={"X-Forwarded-For": f"10.0.0.{number}, 203.0.113.1"})
    sign_in(client, headers={"X-Forwarded-For": "10.0.0.99, 203.0.113.1"})
    assert not is_in(client)
    sign_in(client, headers={"X-Forwarded-For": "203.0.113.2"})
    assert is_in(client)


def test_with_an_authenticator_app_the_password_is_half_of_it(client: Client, erik: User) -> None:
    TOTP.activate(erik, SECRET)
    asked = sign_in(client, next="/admin/newsroom/entry/")["Location"]
    assert asked.startswith(reverse("mfa_authenticate"))
    assert not is_in(client)
    assert client.post(asked, {"code": "000000"}).status_code == 200
    assert not is_in(client)
    assert client.post(asked, {"code": code()})["Location"] == "/admin/newsroom/entry/"
    assert is_in(client)


def test_a_recovery_code_works_once(client: Client, erik: User) -> None:
    TOTP.activate(erik, SECRET)
    spare = RecoveryCodes.activate(erik).get_unused_codes()[0]
    asked = sign_in(client)["Location"]
    client.post(asked, {"code": spare})
    assert is_in(client)
    again = Client()
    again.post(sign_in(again)["Location"], {"code": spare})
    assert not is_in(again)


def test_where_a_second_factor_is_required_nothing_is_open_without_one(client: Client, erik: User, settings: Any) -> None:
    settings.REQUIRE_TWO_FACTOR = True
    sign_in(client)
    assert client.get("/admin/")["Location"] == reverse("mfa_index")
    blog = factories.blog(chief=factories.admin("ada"))
    Membership.objects.create(blog=blog, user=erik, role="editor")
    entry = factories.published(blog)
    pages = [reverse(f"admin:newsroom_{name}_changelist") for name in ("entry", "liveblog", "image", "byline", "tag")]
    pages += [change_address(entry), act_address("withdraw", entry), reverse("admin:newsroom_liveblog_desk", args=[blog.pk])]
    for page in pages:
        for ask in (client.get, client.post):
            assert ask(page)["Location"] == reverse("mfa_index")
    for address in ("desk:entries", "desk:feed", "desk:state", "desk:images", "desk:preview"):
        for ask in (client.get, client.post):
            assert ask(reverse(address, args=[blog.slug])).status_code == 403
    assert client.post(reverse("desk:act", args=[blog.slug, entry.ref, "pin"])).status_code == 403
    blog.refresh_from_db()
    assert blog.pinned is None
    assert client.get(reverse("mfa_index")).status_code == 200
    assert person_of(client.session.session_key) is None
    TOTP.activate(erik, SECRET)
    assert client.get("/admin/").status_code == 200
    assert person_of(client.session.session_key) == erik


def test_a_lost_second_factor_is_taken_off_on_the_server(client: Client, erik: User) -> None:
    TOTP.activate(erik, SECRET)
    client.post(sign_in(client)["Location"], {"code": code()})
    assert is_in(client)
    call_command("reset_second_factor", "erik", stdout=io.StringIO())
    assert not is_in(client)
    sign_in(client)
    assert is_in(client)
    assert AuditLine.objects.filter(verb="reset_second_factor", who="operator", subject="erik").exists()


def test_a_password_changed_on_the_server_ends_every_session_and_leaves_a_line(
    client: Client, erik: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client)
    key = client.session.session_key
    assert person_of(key) == erik
    typed = iter(["short", "short", "another horse battery", "a slip", "another horse battery", "another horse battery"])
    monkeypatch.setattr("getpass.getpass", lambda _prompt="": next(typed))
    call_command("changepassword", "erik", stdout=io.StringIO(), stderr=io.StringIO())
    # What an open desk asks every ten seconds.
    assert person_of(key) is None
    assert not is_in(client)
    sign_in(client, password="another horse battery")
    assert is_in(client)
    assert AuditLine.objects.filter(verb="set_password", who="operator", subject="erik").count() == 1


def test_a_password_that_is_refused_three_times_stays(erik: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getpass", lambda _prompt="": "12345678")
    with pytest.raises(CommandError):
        call_command("changepassword", "erik", stderr=io.StringIO())
    erik.refresh_from_db()
    assert erik.check_password(PASSWORD)
    assert not AuditLine.objects.exists()


def test_a_session_is_ended_from_another_device(client: Client, erik: User) -> None:
    laptop, phone = Client(), Client()
    for device in (client, laptop, phone):
        sign_in(device)
    rows = {row.session_key: row.pk for row in erik.usersession_set.all()}
    client.post(reverse("usersessions_list"), {"end": rows[laptop.session.session_key]})
    assert [is_in(device) for device in (client, laptop, phone)] == [True, False, True]
    client.post(reverse("usersessions_list"), {"end": "others"})
    assert [is_in(device) for device in (client, laptop, phone)] == [True, False, False]


def test_nobody_ends_a_session_of_somebody_else(client: Client, erik: User) -> None:
    factories.user("eve")
    eve = Client()
    sign_in(client)
    sign_in(eve, "eve")
    eve.post(reverse("usersessions_list"), {"end": erik.usersession_set.get().pk})
    assert is_in(client)


def test_a_new_password_ends_every_other_session(client: Client, erik: User) -> None:
    other = Client()
    for device in (client, other):
        sign_in(device)
    new = "an even longer horse"
    answer = client.post("/admin/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert answer.status_code == 302
    assert [is_in(device) for device in (client, other)] == [True, False]
    assert AuditLine.objects.filter(verb="password_changed", who="erik").exists()


def test_asking_whether_one_is_signed_in_sets_no_cookie(client: Client) -> None:
    answer = client.get("/desk/session/")
    assert (answer.json(), dict(answer.cookies)) == ({"alive": False}, {})
    assert "no-store" in answer["Cache-Control"]


PAGES = ("", "login/", "2fa/", "sessions/", "password/", "2fa/totp/activate/", "2fa/webauthn/", "2fa/webauthn/add/", "reauthenticate/")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_the_account_is_there(client: Client, erik: User, path: str) -> None:
    assert client.get(f"/admin/account/{path}", follow=True).status_code == 200
    sign_in(client)
    assert client.get(f"/admin/account/{path}", follow=True).status_code == 200


def refusals() -> list[tuple[str, str, str]]:
    return list(AuditLine.objects.filter(verb__endswith="refused").order_by("id").values_list("verb", "who", "subject"))


def test_what_was_tried_and_refused_leaves_a_line_and_no_name_that_is_no_account(client: Client, erik: User) -> None:
    sign_in(client, password="wrong")
    sign_in(client, "my password by mistake", "erik")
    TOTP.activate(erik, SECRET)
    client.post(sign_in(client)["Location"], {"code": "000000"})
    assert refusals() == [
        ("sign_in_refused", "somebody", "erik"),
        ("sign_in_refused", "somebody", ""),
        ("code_refused", "somebody", "erik"),
    ]
    assert "mistake" not in str(list(AuditLine.objects.values()))
    assert AuditLine.objects.filter(verb="code_refused", after={"address": "127.0.0.1"}).exists()


def test_a_passkey_that_is_refused_leaves_a_line(client: Client, erik: User) -> None:
    """At the door, where it says itself whose it is, and as the second factor."""
    door = reverse("mfa_login_webauthn")
    client.get(door, headers={"X-Requested-With": "XMLHttpRequest"})
    client.post(door, {"credential": json.dumps(passkey(erik))})
    client.post(door, {"credential": json.dumps(passkey(User(pk=erik.pk + 1)))})
    client.post(door, {"credential": '["no", "key"]'})
    TOTP.activate(erik, SECRET)
    client.post(sign_in(client)["Location"], {"credential": json.dumps(passkey(erik))})
    assert refusals() == [("passkey_refused", "somebody", name) for name in ("erik", "", "", "erik")]
    assert not is_in(client)


def passkey(user: User) -> dict[str, Any]:
    """As a browser sends it, by a key that nobody has set up."""
    said = json.dumps({"type": "webauthn.get", "challenge": "AAAA", "origin": "http://testserver", "crossOrigin": False})
    parts = {
        "clientDataJSON": said.encode(),
        "authenticatorData": bytes(37),
        "signature": b"-",
        "userHandle": user_pk_to_url_str(user).encode(),
    }
    return {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {name: websafe_encode(part) for name, part in parts.items()}}


def test_who_is_stopped_from_trying_fills_no_audit(client: Client, erik: User) -> None:
    for _ in range(12):
        sign_in(client, password="wrong")
    assert 5 <= len(refusals()) < 10


def test_the_admin_s_own_way_out_leaves_a_line_too(client: Client, erik: User) -> None:
    sign_in(client)
    assert client.post(reverse("admin:logout"))["Location"] == reverse("account_login")
    assert not is_in(client)
    assert list(AuditLine.objects.values_list("who", "verb")) == [("erik", "sign_out"), ("erik", "sign_in")]


def test_factors_leave_lines_as_they_come_and_go(client: Client, erik: User, django_capture_on_commit_callbacks: Any) -> None:
    sign_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    good = code(secret)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("mfa_activate_totp"), {"code": good}).status_code == 302
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    verbs = list(AuditLine.objects.filter(who="erik").order_by("id").values_list("verb", flat=True))
    assert verbs[0] == "sign_in"
    assert {"totp_activated", "totp_deactivated"} <= set(verbs)


def test_what_an_administrator_does_to_an_account_leaves_lines(erik: User) -> None:
    ada = factories.admin("ada")
    client = Client()
    client.force_login(ada)
    page = reverse("admin:auth_user_change", args=[erik.pk])
    assert client.post(page, {"username": "erik", "is_active": "on", "is_superuser": "on"}).status_code == 302
    line = AuditLine.objects.get(verb="change_account")
    assert (line.who, line.subject, line.before, line.after) == (
        "ada",
        "erik",
        {"is_staff": True, "is_superuser": False},
        {"is_staff": False, "is_superuser": True},
    )
    new = {"password1": "an even longer horse", "password2": "an even longer horse", "usable_password": "true"}
    client.post(reverse("admin:auth_user_password_change", args=[erik.pk]), new)
    assert AuditLine.objects.get(verb="set_password").subject == "erik"
    added = {"username": "nora", "password1": "an even longer horse", "password2": "an even longer horse", "usable_password": "true"}
    client.post(reverse("admin:auth_user_add"), added)
    assert AuditLine.objects.get(verb="add_account").after["username"] == "nora"
    assert client.post(reverse("admin:auth_user_delete", args=[erik.pk]), {"post": "yes"}).status_code == 403
    # Secrets and rights that would change without a line have no page.
    for elsewhere in ("auth/group", "mfa/authenticator", "account/emailaddress", "usersessions/usersession"):
        assert client.get(f"/admin/{elsewhere}/").status_code == 404


AGENTS = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox on Windows",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1": "Safari on iPhone",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Safari/537.36 Edg/150.0": "Edge on Linux",
    "curl/8.1": "A program that does not say what it is",
    "<script>alert(1)</script> Firefox": "Firefox",
}


def test_the_list_of_sessions_calls_a_browser_what_a_person_calls_it(client: Client, erik: User) -> None:
    for agent in AGENTS:
        sign_in(Client(), headers={"User-Agent": agent})
    sign_in(client)
    page = client.get(reverse("usersessions_list"))
    assert {row.device for row in page.context["sessions"]} >= set(AGENTS.values())
    assert "<script>alert" not in page.content.decode()


def test_allauth_s_pages_speak_as_the_desk_does(client: Client, erik: User) -> None:
    refused = sign_in(client, password="wrong").content.decode()
    assert "The name or the password is not right." in refused
    sign_in(client)
    said = client.get(reverse("mfa_index")).content.decode()
    assert "<h1>" in said
    for words in ("Passkeys and security keys", "None is set up. It is an app on your phone"):
        assert words in said
    assert "Two-Factor" not in said
