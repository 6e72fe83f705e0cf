"""Start, idle memory, and how long the script of a rerun takes."""

import base64
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from playwright.sync_api import Browser, BrowserContext, Page
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench.app import Playground
from bench.browser import Tab, new_context
from bench.processes import free_port
from bench.table import Row

ROUNDS, RERUNS = 3, 12
READY = ".st-key-run button:not([disabled])"


def start(browser: Browser, data: Path) -> list[Row]:
    """Warm: the data and the byte code are there, the browser is running and was here before.

    An interactive page is one whose Run can be pressed. A visitor whose browser has nothing cached waits longer.
    """
    port = free_port()
    warm: list[float] = []
    new: list[float] = []
    idle: list[float] = []
    reruns: list[float] = []
    with new_context(browser) as returning:
        _visit(returning, data, port, [])
        for _ in range(ROUNDS):
            warm.append(_visit(returning, data, port, idle))
            with new_context(browser) as fresh:
                new.append(_visit(fresh, data, port, [], reruns))
    return [
        Row("warm start: process start to an interactive page", warm, "s", 2.5),
        Row("the same for a browser that has nothing cached", new, "s"),
        Row("idle memory of the server after one visit", idle, "MB", 200),
        Row("a rerun of the script, order sent to script finished", reruns, "ms", 60),
    ]


def _visit(
    context: BrowserContext, data: Path, port: int, idle: list[float], reruns: list[float] | None = None
) -> float:
    began = time.monotonic()
    playground = Playground.start(data, port)
    try:
        playground.served.wait("/_stcore/health")
        tab = Tab.open(context, playground.served.url)
        tab.page.locator(READY).wait_for()
        took = time.monotonic() - began
        time.sleep(2)
        idle.append(playground.served.rss_mb())
        if reruns is not None:
            reruns += _reruns(tab.page)
        tab.page.close()
        return took
    finally:
        playground.served.stop()


def _reruns(page: Page) -> Iterator[float]:
    """A person turns the template format to and fro: ms from the page's order to the frame that says the script ended.

    Both instants are taken in the page, at its socket; the frames are read here.
    """
    formats = page.locator(".st-key-template_format")
    for n in range(RERUNS):
        page.evaluate("probe.frames = []")
        orders = page.evaluate("probe.orders.length")
        formats.get_by_text("f-string" if n % 2 else "mustache", exact=True).click()
        ended = _script_finished(page)
        yield ended - page.evaluate("(orders) => probe.orders[orders]", orders)


def _script_finished(page: Page, within_s: float = 10.0) -> float:
    script = "probe.frames.map(([at, data]) => [at, btoa(String.fromCharCode(...new Uint8Array(data)))])"
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        time.sleep(0.3)
        for at, text in cast(list[tuple[float, str]], page.evaluate(script)):
            if ForwardMsg.FromString(base64.b64decode(text)).WhichOneof("type") == "script_finished":
                return at
    raise TimeoutError("the script did not finish")
