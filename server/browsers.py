"""Gives each browser a secret name, by which it finds its own drafts again: a cookie that no script can read.

Its path is the whole host: behind a proxy that takes a prefix away the server does not know its own. It is a name and
not a login: whoever has the cookie opens the drafts of that browser, and nothing else.
"""

import re
import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "playground_browser"
MAX_AGE_S = 400 * 86_400
"""The longest that browsers keep a cookie."""

_NAME = re.compile(r"[A-Za-z0-9_-]{22}")


class Browsers:
    """ASGI middleware: a page goes out with the cookie, unless its browser has one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        if scope["type"] != "http" or scope["method"] != "GET" or _is_named(headers):
            await self._app(scope, receive, send)
            return
        is_secure = "https" in (scope["scheme"], headers.get("x-forwarded-proto", "").split(",")[0].strip())

        async def naming(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                answer = MutableHeaders(scope=message)
                if answer.get("content-type", "").startswith("text/html"):
                    answer.append("Set-Cookie", _cookie(is_secure=is_secure))
            await send(message)

        await self._app(scope, receive, naming)


def _is_named(headers: Headers) -> bool:
    """Whether it has a name, whatever the cookies of other servers of the same host hold."""
    return _NAME.fullmatch(cookie_parser(headers.get("cookie", "")).get(COOKIE, "")) is not None


def _cookie(*, is_secure: bool) -> str:
    name = secrets.token_urlsafe(16)
    parts = [f"{COOKIE}={name}", "Path=/", f"Max-Age={MAX_AGE_S}", "HttpOnly", "SameSite=Lax"]
    return "; ".join([*parts, *(["Secure"] if is_secure else [])])
