"""Who may speak to the server, and what its pages may load: a middleware around everything, Streamlit's own included.

A request must name an allowed host (so that a foreign name resolved to this machine gets nothing). On our own routes a
request from a browser must come from our own pages, and one that changes something must carry Streamlit's XSRF token.
A program sends no Origin and needs no token.
"""

from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_app_utils import validate_xsrf_token

from server.errors import SEND_LESS, error_body
from settings import settings

MAX_BODY = 64_000_000
TOO_LARGE = f"The body is larger than {MAX_BODY // 1_000_000} MB."
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' data: blob:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "frame-src 'self' blob:",
        "frame-ancestors 'self'",
        "form-action 'self'",
        "base-uri 'self'",
        "object-src 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # A run's address is its secret: no other site is told it.
    "Referrer-Policy": "same-origin",
}
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refusal = _refusal(scope)
        if scope["type"] == "websocket":
            if refusal is None:
                await self._app(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 1008, "reason": refusal[2]})
            return
        if refusal is not None:
            status, code, message, hint = refusal[0], refusal[1], refusal[2], refusal[3]
            await JSONResponse(error_body(code, message, hint), status, HEADERS)(scope, receive, send)
            return
        await self._app(scope, _capped(receive) if _is_ours(scope["path"]) else receive, _with_headers(send))


def _refusal(scope: Scope) -> tuple[int, str, str, str] | None:
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    if not is_allowed(_hostname(host), settings().hosts):
        hint = "Add the name under which the server is reached to PLAYGROUND_ALLOWED_HOSTS."
        return 403, "foreign_host", "This host is not allowed.", hint
    if not _is_ours(scope["path"]):
        return None
    origin = headers.get("origin")
    if origin is not None:
        if not _is_same(origin, host):
            return 403, "foreign_origin", "Requests from other sites are not allowed.", "Use the playground's own page."
        if scope["type"] == "http" and scope["method"] not in _SAFE and not _has_token(headers):
            hint = "Send the cookie _streamlit_xsrf's value in the header X-Xsrftoken."
            return 403, "no_xsrf_token", "The XSRF token is missing or does not fit.", hint
    if scope["type"] == "http" and int(headers.get("content-length") or 0) > MAX_BODY:
        return 413, "too_large", TOO_LARGE, SEND_LESS
    return None


def _is_same(origin: str, host: str) -> bool:
    try:
        return urlsplit(origin).netloc.lower() == host.lower()
    except ValueError:
        return False


def is_allowed(hostname: str, allowed: frozenset[str]) -> bool:
    """Whether a name is one of `allowed`; `*.example.org` allows what is below, `*` everything."""
    if hostname in allowed or "*" in allowed:
        return True
    return any(name.startswith("*.") and hostname.endswith(name[1:]) for name in allowed)


def _is_ours(path: str) -> bool:
    return path == "/api" or path.startswith("/api/") or "/api/" in path


def _hostname(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").lower().rstrip(".")
    except ValueError:
        return ""


def _has_token(headers: Headers) -> bool:
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(headers.get("cookie", ""))
    except CookieError:
        return False
    cookie = cookies.get("_streamlit_xsrf")
    return cookie is not None and validate_xsrf_token(headers.get("x-xsrftoken"), cookie.value)


def _capped(receive: Receive) -> Receive:
    """A body whose length is not announced is counted while it comes."""
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > MAX_BODY:
            raise HTTPException(413, TOO_LARGE)
        return message

    return counted


def _with_headers(send: Send) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return guarded
