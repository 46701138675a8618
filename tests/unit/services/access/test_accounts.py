"""Users accept invitations, sign in and out, and change their passwords."""

from __future__ import annotations

import logging

import pytest

from domain.errors import FailedPrecondition, InvalidInput, Overloaded, Unauthenticated
from domain.types import DEFAULT_PRINCIPAL, Principal
from services.access.accounts import Accounts
from services.access.secret import new_secret
from services.access.session import SessionOptions
from services.access.sessions import Sessions
from services.access.sign_in_limits import PER_ADDRESS, PER_EMAIL
from services.access.user import Role, User
from services.access.user_token import Purpose
from services.access.users import UserChange, Users
from services.audit.audit_filter import AuditFilter
from services.audit.trail import AuditTrail
from services.sql.database import Database
from tests.unit.services.access.conftest import Clock, CountingHasher

ADMIN = DEFAULT_PRINCIPAL
EMAIL, PASSWORD, OTHER_PASSWORD = "ann@shop.example", "correct horse battery", "tr0ub4dor and three"
HERE = "192.0.2.1"
HOUR_US = 3_600_000_000
INVITED, RESET = (Purpose.INVITATION, "password"), (Purpose.RESET, "new_password")


async def joined(users: Users, accounts: Accounts, email: str = EMAIL, role: Role = Role.REVIEWER) -> User:
    """A user who has accepted an invitation."""
    _, token = await users.invite(ADMIN, email, role, tenant="shop")
    return await accounts.use_token(INVITED[0], token.text, INVITED[1], PASSWORD, HERE)


async def sign_in(accounts: Accounts, password: str = PASSWORD, email: str = EMAIL) -> str:
    """The text of the new session's cookie."""
    return (await accounts.sign_in(email, password, HERE))[1].text


async def ended(sessions: Sessions, text: str) -> bool:
    try:
        await sessions.principal(text)
    except Unauthenticated as error:
        return error.reason == "SESSION_ENDED"
    return False


async def test_whoever_signs_in_has_the_scopes_of_the_role(
    users: Users, accounts: Accounts, sessions: Sessions, clock: Clock
) -> None:
    user = await joined(users, accounts)
    clock.us += 5
    signed, new = await accounts.sign_in("Ann@SHOP.example", PASSWORD, HERE)
    assert (signed.id, signed.last_sign_in_us) == (user.id, clock.us)
    assert await sessions.principal(new.text) == user.principal
    assert new.text not in repr(new)
    assert new.session.expire_us == clock.us + 24 * HOUR_US
    found = await users.get(user.id)
    assert found is not None
    assert found.last_sign_in_us == clock.us
    assert await accounts.me(user.principal) == found
    assert await accounts.me(ADMIN) is None


@pytest.mark.parametrize(
    ("email", "password"), [(EMAIL, "wrong password"), ("bob@shop.example", PASSWORD), ("x", "y")]
)
async def test_an_unknown_address_and_a_wrong_password_are_refused_alike(
    users: Users, accounts: Accounts, hasher: CountingHasher, email: str, password: str
) -> None:
    await joined(users, accounts)
    await sign_in(accounts)
    hasher.hashed = hasher.verified = 0
    with pytest.raises(Unauthenticated) as refused:
        await accounts.sign_in(email, password, HERE)
    assert (refused.value.reason, refused.value.message) == (
        "SIGN_IN_REFUSED",
        "the e-mail address or the password is wrong",
    )
    assert (hasher.hashed, hasher.verified) == (0, 1)


async def test_whoever_has_no_password_or_is_disabled_is_refused_alike(
    users: Users, accounts: Accounts, hasher: CountingHasher
) -> None:
    await users.invite(ADMIN, "new@shop.example", Role.VIEWER)
    user = await joined(users, accounts)
    await users.update(ADMIN, user.id, UserChange(disabled=True))
    for email in (EMAIL, "new@shop.example"):
        hasher.verified = 0
        with pytest.raises(Unauthenticated, match="the e-mail address or the password is wrong"):
            await accounts.sign_in(email, PASSWORD, HERE)
        assert hasher.verified == 1


async def test_an_account_and_an_address_have_so_many_attempts(users: Users, accounts: Accounts) -> None:
    await joined(users, accounts)
    for _ in range(PER_EMAIL.amount):
        with pytest.raises(Unauthenticated):
            await accounts.sign_in(EMAIL.upper(), "wrong password", HERE)
    for email in (EMAIL, EMAIL.upper()):
        with pytest.raises(Overloaded, match="for this account") as limited:
            await accounts.sign_in(email, PASSWORD, "192.0.2.2")
        assert limited.value.reason == "SIGN_IN_LIMITED"
    for number in range(PER_ADDRESS.amount - PER_EMAIL.amount - 1):  # one went to the invitation
        with pytest.raises(Unauthenticated):
            await accounts.sign_in(f"{number}@shop.example", PASSWORD, HERE)
    with pytest.raises(Overloaded, match="from this network address"):
        await accounts.sign_in("other@shop.example", PASSWORD, HERE)


async def test_a_sign_in_forgets_the_attempts_before(users: Users, accounts: Accounts) -> None:
    await joined(users, accounts)
    for _ in range(3):
        for _ in range(PER_EMAIL.amount - 1):
            with pytest.raises(Unauthenticated):
                await accounts.sign_in(EMAIL, "wrong password", HERE)
        await sign_in(accounts)


async def test_a_network_of_ipv6_counts_as_one_address(accounts: Accounts) -> None:
    for number in range(PER_ADDRESS.amount):
        with pytest.raises(InvalidInput):
            await accounts.use_token(*RESET[:1], new_secret(), RESET[1], PASSWORD, f"2001:db8::{number:x}")
    with pytest.raises(Overloaded):
        await accounts.use_token(RESET[0], new_secret(), RESET[1], PASSWORD, "2001:db8::ffff:1")
    with pytest.raises(InvalidInput):
        await accounts.use_token(RESET[0], new_secret(), RESET[1], PASSWORD, "2001:db8:0:1::1")


@pytest.mark.parametrize(
    ("email", "password", "field"),
    [
        ("", PASSWORD, "email"),
        ("x" * 255, PASSWORD, "email"),
        (EMAIL, "", "password"),
        (EMAIL, "x" * 129, "password"),
    ],
)
async def test_what_nobody_can_have_is_refused_by_name(
    accounts: Accounts, email: str, password: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await accounts.sign_in(email, password, HERE)
    assert refused.value.violations[0].field == field


async def test_a_session_ends_when_it_is_idle_or_old(
    users: Users, accounts: Accounts, sessions: Sessions, clock: Clock
) -> None:
    await joined(users, accounts)
    idle, used = await sign_in(accounts), await sign_in(accounts)
    for _ in range(25):
        clock.us += HOUR_US - 1
        old = await ended(sessions, used)
        if old:
            break
    assert old
    assert 24 * HOUR_US <= clock.us - 1_000_000_000 < 25 * HOUR_US
    assert await ended(sessions, idle)


async def test_an_idle_session_ends(
    users: Users, accounts: Accounts, sessions: Sessions, clock: Clock
) -> None:
    await joined(users, accounts)
    text = await sign_in(accounts)
    clock.us += HOUR_US - 1
    assert not await ended(sessions, text)
    clock.us += HOUR_US
    assert await ended(sessions, text)


async def test_a_use_is_seen_by_other_processes(
    users: Users, accounts: Accounts, sessions: Sessions, clock: Clock, keys_database: Database
) -> None:
    elsewhere = Sessions(keys_database, SessionOptions(idle_s=3600), clock)
    await joined(users, accounts)
    text = await sign_in(accounts)
    clock.us += HOUR_US - 1
    assert not await ended(sessions, text)
    clock.us += HOUR_US - 1
    assert not await ended(elsewhere, text)


async def test_sign_out_ends_a_session_here_and_soon_elsewhere(
    users: Users, accounts: Accounts, sessions: Sessions, clock: Clock, keys_database: Database
) -> None:
    elsewhere = Sessions(keys_database, SessionOptions(), clock)
    await joined(users, accounts)
    text, other = await sign_in(accounts), await sign_in(accounts)
    assert not await ended(elsewhere, text)
    await accounts.sign_out(text)
    await accounts.sign_out(text)
    await accounts.sign_out("nothing")
    assert await ended(sessions, text)
    clock.us += 2_000_000
    assert await ended(elsewhere, text)
    assert not await ended(sessions, other)


async def test_a_disabled_user_s_sessions_end_at_once(
    users: Users, accounts: Accounts, sessions: Sessions
) -> None:
    user = await joined(users, accounts)
    text = await sign_in(accounts)
    assert not await ended(sessions, text)
    await users.update(ADMIN, user.id, UserChange(disabled=True))
    assert await ended(sessions, text)
    await users.update(ADMIN, user.id, UserChange(disabled=False))
    assert await ended(sessions, text)
    assert not await ended(sessions, await sign_in(accounts))


async def test_another_role_counts_at_once(users: Users, accounts: Accounts, sessions: Sessions) -> None:
    user = await joined(users, accounts)
    text = await sign_in(accounts)
    assert (await sessions.principal(text)).scopes == user.principal.scopes
    changed = await users.update(ADMIN, user.id, UserChange(role=Role.ADMINISTRATOR))
    assert (await sessions.principal(text)).scopes == changed.principal.scopes != user.principal.scopes


async def test_a_deleted_user_s_sessions_end(users: Users, accounts: Accounts, sessions: Sessions) -> None:
    user = await joined(users, accounts)
    text = await sign_in(accounts)
    assert not await ended(sessions, text)
    await users.delete(ADMIN, user.id)
    assert await ended(sessions, text)


async def test_a_user_has_so_many_sessions(
    users: Users, accounts: Accounts, sessions: Sessions, clock: Clock
) -> None:
    await joined(users, accounts)
    await joined(users, accounts, "bob@shop.example")
    theirs = await sign_in(accounts, email="bob@shop.example")
    texts = []
    for _ in range(4):
        clock.us += 1
        texts.append(await sign_in(accounts))
    assert [await ended(sessions, text) for text in texts] == [True, False, False, False]
    assert not await ended(sessions, theirs)


async def test_signing_in_again_ends_the_session_before(
    users: Users, accounts: Accounts, sessions: Sessions
) -> None:
    await joined(users, accounts)
    old = await sign_in(accounts)
    _, new = await accounts.sign_in(EMAIL, PASSWORD, HERE, old)
    assert await ended(sessions, old)
    assert not await ended(sessions, new.text)


@pytest.mark.parametrize("text", ["", "x", "a" * 43, "a" * 100_000, "\u00e9" * 43])
async def test_a_text_that_is_no_session_opens_nothing(sessions: Sessions, text: str) -> None:
    assert await ended(sessions, text)


async def test_a_changed_password_ends_the_other_sessions(
    users: Users, accounts: Accounts, sessions: Sessions
) -> None:
    user = await joined(users, accounts)
    here, there = await sign_in(accounts), await sign_in(accounts)
    new = await accounts.change_password(user.principal, PASSWORD, OTHER_PASSWORD, HERE)
    assert [await ended(sessions, text) for text in (here, there, new.text)] == [True, True, False]
    with pytest.raises(Unauthenticated):
        await sign_in(accounts)
    assert await sign_in(accounts, OTHER_PASSWORD)


async def test_each_change_of_a_password_leaves_a_record(
    users: Users, accounts: Accounts, trail: AuditTrail
) -> None:
    user = await joined(users, accounts)
    await accounts.change_password(user.principal, PASSWORD, OTHER_PASSWORD, HERE)
    with pytest.raises(InvalidInput):
        await accounts.change_password(user.principal, "wrong password", PASSWORD, HERE)
    found = await trail.list(AuditFilter(actor=user.principal.subject), 10)
    assert len(found) == 2, "of the invitation and of the change"
    for record in found:
        assert (record.tenant_id, record.resource, record.before) == ("shop", f"users/{user.id}", {})
        assert record.after == {"password_changed": True}


async def test_each_sign_in_and_sign_out_leaves_a_record(
    users: Users, accounts: Accounts, trail: AuditTrail, clock: Clock
) -> None:
    user = await joined(users, accounts)
    clock.us += 1
    text = await sign_in(accounts)
    with pytest.raises(Unauthenticated):
        await sign_in(accounts, "wrong password")
    clock.us += 1
    for ended in (text, text, "nothing"):
        await accounts.sign_out(ended)
    found = await trail.list(AuditFilter(actor=user.principal.subject), 10)
    whose = {(record.tenant_id, record.resource) for record in found}
    assert whose == {("shop", f"users/{user.id}")}
    assert [record.after for record in found] == [
        {"signed_out": True},
        {"signed_in": True},
        {"password_changed": True},
    ]


async def test_a_password_is_changed_by_its_owner_only(
    users: Users, accounts: Accounts, sessions: Sessions
) -> None:
    user = await joined(users, accounts)
    text = await sign_in(accounts)
    with pytest.raises(InvalidInput) as wrong:
        await accounts.change_password(user.principal, "wrong password", OTHER_PASSWORD, HERE)
    assert (wrong.value.reason, wrong.value.violations[0].field) == ("PASSWORD_WRONG", "current_password")
    with pytest.raises(InvalidInput, match="new_password"):
        await accounts.change_password(user.principal, PASSWORD, "short", HERE)
    for nobody in (ADMIN, Principal("shop", "key:1"), Principal("shop", "token:user:1")):
        with pytest.raises(FailedPrecondition) as refused:
            await accounts.change_password(nobody, PASSWORD, OTHER_PASSWORD, HERE)
        assert refused.value.reason == "NOT_A_USER"
    assert not await ended(sessions, text)


@pytest.mark.parametrize(("purpose", "hours"), [(Purpose.INVITATION, 7 * 24), (Purpose.RESET, 24)])
async def test_a_token_expires_and_works_once(
    users: Users, accounts: Accounts, clock: Clock, purpose: Purpose, hours: int
) -> None:
    user, invitation = await users.invite(ADMIN, EMAIL, Role.VIEWER)
    token = invitation if purpose is Purpose.INVITATION else await users.create_reset(ADMIN, user.id)
    other = Purpose.RESET if purpose is Purpose.INVITATION else Purpose.INVITATION

    async def use(purpose: Purpose = purpose, password: str = PASSWORD) -> User:
        return await accounts.use_token(purpose, token.text, "password", password, HERE)

    with pytest.raises(InvalidInput, match="token: is not valid"):
        await use(other)
    with pytest.raises(InvalidInput, match="password: must have"):
        await use(password="short")
    clock.us += hours * HOUR_US
    with pytest.raises(InvalidInput, match="token: is not valid"):
        await use()
    clock.us -= 1
    assert (await use()).id == user.id
    with pytest.raises(InvalidInput) as used:
        await use()
    assert used.value.reason == "TOKEN_INVALID"


async def test_a_reset_ends_sessions_and_earlier_tokens(
    users: Users, accounts: Accounts, sessions: Sessions
) -> None:
    user = await joined(users, accounts)
    text = await sign_in(accounts)
    first, second = [await users.create_reset(ADMIN, user.id) for _ in range(2)]
    with pytest.raises(InvalidInput):
        await accounts.use_token(RESET[0], first.text, RESET[1], OTHER_PASSWORD, HERE)
    assert not await ended(sessions, text)
    await accounts.use_token(RESET[0], second.text, RESET[1], OTHER_PASSWORD, HERE)
    assert await ended(sessions, text)
    assert await sign_in(accounts, OTHER_PASSWORD)


async def test_an_unknown_token_costs_no_hash(accounts: Accounts, hasher: CountingHasher) -> None:
    for text in (new_secret(), "x", ""):
        with pytest.raises(InvalidInput):
            await accounts.use_token(RESET[0], text, RESET[1], PASSWORD, HERE)
    assert (hasher.hashed, hasher.verified) == (0, 0)


async def test_the_log_has_neither_passwords_nor_addresses_nor_tokens(
    users: Users, accounts: Accounts, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="armoire.access")
    user, token = await users.invite(ADMIN, EMAIL, Role.VIEWER)
    await accounts.use_token(INVITED[0], token.text, INVITED[1], PASSWORD, HERE)
    text = await sign_in(accounts)
    with pytest.raises(Unauthenticated):
        await accounts.sign_in(EMAIL, "wrong password", HERE)
    with pytest.raises(Unauthenticated):
        await accounts.sign_in("bob@shop.example", "wrong password", HERE)
    await accounts.change_password(user.principal, PASSWORD, OTHER_PASSWORD, HERE)
    await accounts.sign_out(text)
    lines = [record.getMessage() for record in caplog.records if record.name == "armoire.access"]
    assert lines == [
        f"anonymous invited user {user.id} as viewer",
        f"user {user.id} has a password by invitation",
        f"user {user.id} signed in",
        f"a sign-in of user {user.id} was refused",
        "a sign-in of nobody was refused",
        f"user {user.id} changed the password",
    ]
