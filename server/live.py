"""The live socket: one a tab, shared by all views of its page. Whoever follows gets what is new in one frame."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect

from chains.events import encode_json
from runs.errors import UnknownRun
from runs.log import RunLog
from runs.opened import engine

PAUSE_S = 0.004
"""Between two frames of a run: what arrives meanwhile shares the next one."""
FRAME_EVENTS = 2_000
MOST_FOLLOWED = 200


async def live(websocket: WebSocket) -> None:
    """Serves `{"op": "follow", "run", "after"}` and `{"op": "unfollow", "run"}` until the client leaves.

    `{"op": "ping"}` is answered `{"pong": true}`: a client tells a silent model from a dead connection.
    """
    await websocket.accept()
    socket = _Socket(websocket)
    try:
        while True:
            socket.take(await websocket.receive_text())
    except (WebSocketDisconnect, KeyError):
        # A binary frame has no text: such a client is let go.
        pass
    finally:
        await socket.close()


@dataclass(slots=True)
class _Socket:
    websocket: WebSocket
    following: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)
    _pong: "asyncio.Task[None] | None" = None
    """The answer that is on its way: a client that reads none gets no more."""

    def take(self, text: str) -> None:
        """Does what the client asks; what cannot be read is ignored."""
        try:
            order = json.loads(text)
            if order["op"] == "ping":
                self._answer_ping()
                return
            op, run, after = order["op"], str(order["run"]), int(order.get("after", -1))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            return
        if not run.isascii():
            return
        self._leave(run)
        if op == "follow" and len(self.following) < MOST_FOLLOWED:
            task = self.following[run] = asyncio.create_task(self._carry(run, max(after, -1)))
            task.add_done_callback(lambda done: self._carried(run, done))

    def _answer_ping(self) -> None:
        if self._pong is None or self._pong.done():
            self._pong = asyncio.create_task(self._say_pong())

    async def _say_pong(self) -> None:
        with suppress(WebSocketDisconnect, RuntimeError):
            await self.websocket.send_text('{"pong":true}')

    async def close(self) -> None:
        tasks = [*self.following.values(), *([self._pong] if self._pong else ())]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _leave(self, run: str) -> None:
        task = self.following.pop(run, None)
        if task is not None:
            task.cancel()

    def _carried(self, run: str, task: "asyncio.Task[None]") -> None:
        if self.following.get(run) is task:
            del self.following[run]

    async def _carry(self, run: str, after: int) -> None:
        try:
            await self._send(await run_in_threadpool(_log, run), after)
        except UnknownRun:
            await self._send_unknown(run)
        except (WebSocketDisconnect, RuntimeError):
            return  # The client left while a frame was on its way.

    async def _send_unknown(self, run: str) -> None:
        with suppress(WebSocketDisconnect, RuntimeError):
            await self.websocket.send_text(encode_json({"run": run, "error": {"code": "unknown_run"}}))

    async def _send(self, log: RunLog, after: int) -> None:
        head = f'{{"run":{encode_json(log.run)},"events":['
        if not log.ended:
            # A view that joins in the middle of a silence counts on from here.
            await self.websocket.send_text(f'{{"run":{encode_json(log.run)},"events":[],"now":{log.now_ms():.3f}}}')
        async for lines in log.follow_lines(after):
            for start in range(0, len(lines), FRAME_EVENTS):
                await self.websocket.send_text(f"{head}{','.join(lines[start : start + FRAME_EVENTS])}]}}")
            await asyncio.sleep(PAUSE_S)
        # A client that misses the end now has seen more than a crash let us keep: it asks anew, from the start.
        await self.websocket.send_text(f'{{"run":{encode_json(log.run)},"events":[],"end":true}}')


def _log(run: str) -> RunLog:
    """In a thread: the first use of the engine opens the store."""
    return engine().log(run)
