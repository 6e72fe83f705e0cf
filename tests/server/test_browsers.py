"""The name of a browser: given once, with a page, and kept from scripts and other sites."""

import pytest

from server.browsers import COOKIE
from tests.support.served import Served


@pytest.mark.parametrize("cookie", ["", "a=b", f"{COOKIE}=", f"{COOKIE}=short", f"{COOKIE}=<script>alert(1)</scr"])
async def test_a_page_names_a_browser_that_has_no_name(served: Served, cookie: str) -> None:
    given = (await served.get("/html", cookie=cookie)).headers["set-cookie"].split("; ")
    name = given[0].removeprefix(f"{COOKIE}=")
    assert len(name) == 22
    assert given[1:] == ["Path=/", "Max-Age=34560000", "HttpOnly", "SameSite=Lax"]
    again = (await served.get("/html")).headers["set-cookie"]
    assert name not in again


@pytest.mark.parametrize("other", ["a=b", 'theme={"dark": 1}', "two words=1", "=", 'a="'])
async def test_a_name_is_given_once_whatever_other_cookies_the_host_has(served: Served, other: str) -> None:
    answer = await served.get("/html", cookie=f"{other}; {COOKIE}={'x' * 22}")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/page", "/api/health", "/api/nothing", "/nothing"])
async def test_nothing_but_a_page_gives_one(served: Served, path: str) -> None:
    assert "set-cookie" not in (await served.get(path)).headers


async def test_over_https_it_goes_over_https_alone(served: Served) -> None:
    answer = await served.get("/html", x_forwarded_proto="https")
    assert answer.headers["set-cookie"].endswith("; Secure")
