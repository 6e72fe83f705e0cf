"""Who may speak to the server: programs, our own pages with their token, and nobody from elsewhere."""

import socket
from collections.abc import AsyncIterator

import pytest
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from server.guard import CONTENT_SECURITY_POLICY, MAX_BODY, is_allowed
from tests.support.asked import simulated
from tests.support.served import Served, body, error

FOREIGN = "http://evil.example"


@pytest.mark.parametrize("path", ["/page", "/api/health", "/nothing", "/api/nothing"])
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:80", "", "[", "evil.example:x"])
async def test_a_foreign_host_is_403_on_pages_and_api(served: Served, path: str, host: str) -> None:
    answer = await served.get(path, host=host)
    assert answer.status_code == 403
    assert error(answer)["code"] == "foreign_host"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "LOCALHOST:8501", "localhost."])
async def test_an_allowed_host_is_served(served: Served, host: str) -> None:
    assert (await served.get("/api/health", host=host)).status_code == 200


@pytest.mark.parametrize("origin", [FOREIGN, "null", "http://127.0.0.1:1", "http://[", "http://127.0.0.1.evil.example"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_foreign_origin_is_403_on_the_api(served: Served, method: str, origin: str) -> None:
    async with served.client() as client:
        answer = await client.request(method, "/api/runs/x", headers={"origin": origin})
    assert (answer.status_code, error(answer)["code"]) == (403, "foreign_origin")


async def test_our_own_page_reads_without_a_token_and_changes_nothing_without_one(served: Served) -> None:
    assert (await served.get("/api/health", origin=served.url)).status_code == 200
    answer = await served.post("/api/runs", body(simulated()), origin=served.url)
    assert (answer.status_code, error(answer)["code"]) == (403, "no_xsrf_token")
    token = generate_xsrf_token_string()
    forged = {"origin": served.url, "cookie": f"_streamlit_xsrf={token}", "x_xsrftoken": "2|00|00|0"}
    assert (await served.post("/api/runs", body(simulated()), **forged)).status_code == 403


async def test_our_own_page_with_its_token_starts_a_run(served: Served) -> None:
    token = generate_xsrf_token_string()
    headers = {"origin": served.url, "cookie": f"a=b; _streamlit_xsrf={token}", "x_xsrftoken": token}
    assert (await served.post("/api/runs", body(simulated()), **headers)).status_code == 201


async def test_a_program_needs_no_token(served: Served) -> None:
    assert (await served.post("/api/runs", body(simulated()))).status_code == 201


@pytest.mark.parametrize(
    ("host", "origin"), [("evil.example", ""), ("evil.example", "http://evil.example"), ("", FOREIGN), ("", "null")]
)
async def test_a_foreign_socket_is_refused(served: Served, host: str, origin: str) -> None:
    headers = {"Origin": origin} if origin else {}
    port = int(served.host.split(":")[1])
    uri = f"ws://{host}:{port}/api/live" if host else served.live
    with pytest.raises(InvalidStatus) as refused:
        async with connect(uri, host="127.0.0.1", port=port, additional_headers=headers, proxy=None):
            pass
    assert refused.value.response.status_code == 403


async def test_our_own_socket_is_served(served: Served) -> None:
    async with connect(served.live, additional_headers={"Origin": served.url}, proxy=None) as live:
        await live.send('{"op": "ping"}')
        assert await live.recv() == '{"pong":true}'


@pytest.mark.parametrize("path", ["/page", "/nothing", "/api/health", "/api/nothing", "/api/runs/unknown"])
async def test_every_answer_carries_the_policy(served: Served, path: str) -> None:
    for answer in (await served.get(path), await served.get(path, host="evil.example"), await served.post(path, "{")):
        assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"


def test_the_policy_lets_nothing_be_fetched_from_elsewhere() -> None:
    assert "default-src 'self'" in CONTENT_SECURITY_POLICY
    assert not {"*", "http:", "https:", "ws:", "wss:"} & set(CONTENT_SECURITY_POLICY.replace(";", " ").split())


async def test_a_body_that_announces_to_be_too_large_is_413_unread(served: Served) -> None:
    host, port = served.host.split(":")
    with socket.create_connection((host, int(port)), timeout=5) as client:
        head = f"POST /api/runs HTTP/1.1\r\nhost: {served.host}\r\ncontent-length: {MAX_BODY + 1}\r\n\r\n"
        client.sendall(head.encode())
        assert client.recv(1_000).startswith(b"HTTP/1.1 413")


async def test_a_body_that_does_not_say_how_large_it_is_ends_at_the_cap(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.guard.MAX_BODY", 1_000_000)

    async def parts() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 65_536

    async with served.client() as client:
        answer = await client.post("/api/runs", content=parts(), headers={"content-type": "application/json"})
    assert (answer.status_code, error(answer)["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("name", "allowed", "fits"),
    [
        ("a.example.org", "*.example.org", True),
        ("example.org", "*.example.org", False),
        ("evilexample.org", "*.example.org", False),
        ("anything", "*", True),
        ("a.example.org", "example.org", False),
        ("", "localhost", False),
    ],
)
def test_a_star_allows_what_is_below_a_name(name: str, allowed: str, fits: bool) -> None:
    assert is_allowed(name, frozenset({allowed})) is fits
