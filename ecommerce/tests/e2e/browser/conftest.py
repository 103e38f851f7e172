"""A browser, a page that is watched, and clerks who sign in."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, expect

from apps.accounts import services
from ecommerce.testing.browser import Watched, chromium
from ecommerce.testing.stack import Stack

SignIn = Callable[[str], Watched]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright's loop runs in this thread, which Django would take for an asynchronous one.
    with pytest.MonkeyPatch.context() as environment, chromium() as browser:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield browser


@pytest.fixture
def watched(browser: Browser, stack: Stack) -> Iterator[Watched]:
    """A page with cookies of its own; it asked the shop alone, and met no error."""
    context = browser.new_context(viewport={"width": 1366, "height": 900})
    watched = Watched(context.new_page(), stack.url(""))
    yield watched
    context.close()
    assert (watched.strangers, watched.errors) == ([], [])


@pytest.fixture
def sign_in(watched: Watched) -> SignIn:
    """Sign a new clerk with a role in to the back office."""

    def signed_in(role: str) -> Watched:
        ask_to_enter(watched, role)
        expect(watched.page.get_by_role("heading", name="Dashboard")).to_be_visible()
        return watched

    return signed_in


def ask_to_enter(watched: Watched, role: str) -> None:
    """Make somebody with a role, and send the form that signs them in."""
    email, password = f"{role}-{uuid4().hex[:12]}@example.com", uuid4().hex
    user = services.register_customer(email=email, password=password, first_name="Wilma", last_name="Stone")
    services.give_role(user_id=user.pk, role=role)
    watched.open("/admin/")
    watched.page.get_by_label("Email").fill(email)
    watched.page.get_by_label("Password").fill(password)
    watched.page.get_by_role("button", name="Log in").click()
