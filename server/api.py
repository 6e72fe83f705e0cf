"""The HTTP contract: runs, their events, chat, health."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, Request
from pydantic import BaseModel, JsonValue, SecretStr
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Match, Route
from starlette.types import Receive, Scope, Send

import settings
from chains.calling.coercion import PlainRequest
from chains.events import Event, encode_json, to_wire
from runs.log import AT_ONCE, RunLog
from runs.opened import engine
from runs.record import listed
from server.bodies import body_of, describe_bodies, described_body
from server.chat import ChatRequest, to_run, tokens
from server.errors import Json, described, error_body, install
from server.live import live

EVENT_STREAM = "text/event-stream"
STREAMED: dict[int | str, dict[str, Any]] = {
    200: {"content": {EVENT_STREAM: {}}, "description": "Server-Sent Events; docs/http.md says which."}
}
UNBUFFERED = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}

ProviderKey = Annotated[SecretStr | None, Header(alias="X-Provider-Key")]

api = FastAPI(
    title="LCEL Playground",
    version=settings.VERSION,
    docs_url=None,
    redoc_url=None,
    description="Run a LangChain chain by invoke, batch or stream, and read every chunk with its instant.",
    responses=described(403, 500),
)
install(api)
describe_bodies(api, PlainRequest, ChatRequest)


class Started(BaseModel):
    """A run that has begun: its id, and the path of the page that shows it live."""

    id: str
    url: str


@api.head("/health", include_in_schema=False)
@api.get("/health")
def health() -> dict[str, JsonValue]:
    """Whether the server is up, its version, and how many runs are under way."""
    return {"status": "ok", "version": settings.VERSION, "runs": {"active": engine().active}}


@api.post("/runs", status_code=201, responses=described(413, 422, 503), openapi_extra=described_body(PlainRequest))
def start_run(
    request: Annotated[PlainRequest, Depends(body_of(PlainRequest))], x_provider_key: ProviderKey = None
) -> Started:
    """Starts a run. A provider's key, if any, comes in the header `X-Provider-Key`."""
    run = engine().start(request, x_provider_key)
    return Started(id=run, url=f"/runs?run={run}")


@api.get("/runs/{run}", responses=described(404, 422))
def get_run(run: str) -> JSONResponse:
    """The record of a run so far."""
    return Json(engine().record(run))


@api.get("/runs/{run}/inputs", responses=described(404, 422))
def get_inputs(run: str) -> JSONResponse:
    """What each item of a run was asked, in order; long texts are cut, for a list."""
    return Json(listed(engine().request(run)))


@api.get("/runs/{run}/events", response_class=StreamingResponse, responses={**STREAMED, **described(404, 422)})
async def get_events(
    run: str, last_event_id: Annotated[int | None, Header(alias="Last-Event-ID", ge=-1)] = None
) -> StreamingResponse:
    """The events of a run as Server-Sent Events, from the start or after `Last-Event-ID`; `event: end` comes last."""
    log = await run_in_threadpool(_log, run)
    after = -1 if last_event_id is None else last_event_id
    return StreamingResponse(_events(log, after), media_type=EVENT_STREAM, headers=UNBUFFERED)


@api.post("/runs/{run}/stop", responses=described(404, 422))
def stop_run(run: str) -> dict[str, str]:
    """Stops a run: its provider's connection closes, the partial text stays."""
    engine().stop(run)
    return {"id": run}


@api.post(
    "/chat",
    response_class=StreamingResponse,
    responses={**STREAMED, **described(413, 422, 503)},
    openapi_extra=described_body(ChatRequest),
)
async def chat(
    request: Annotated[ChatRequest, Depends(body_of(ChatRequest))], x_provider_key: ProviderKey = None
) -> StreamingResponse:
    """Answers a question as Server-Sent Events: tokens, an error on failure, `[DONE]` always last.

    Closing the connection stops the model.
    """
    log = await run_in_threadpool(_start_chat, request, x_provider_key)
    return _Answer(log)


class _Answer(StreamingResponse):
    """Stops the model when the client leaves, also before the first byte."""

    def __init__(self, log: RunLog) -> None:
        super().__init__(_answer(log), media_type=EVENT_STREAM, headers={**UNBUFFERED, "X-Run-Id": log.run})
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            if not self._log.ended:
                engine().stop(self._log.run)


def _log(run: str) -> RunLog:
    return engine().log(run)


def _start_chat(request: ChatRequest, key: SecretStr | None) -> RunLog:
    return engine().log(engine().start(to_run(request), key))


async def _events(log: RunLog, after: int) -> AsyncIterator[str]:
    async for events in log.follow(after):
        yield _written(events) if len(events) <= AT_ONCE else await run_in_threadpool(_written, events)
    yield "event: end\ndata: {}\n\n"


def _written(events: Sequence[Event]) -> str:
    return "".join(f"id: {event.seq}\ndata: {encode_json(to_wire(event))}\n\n" for event in events)


async def _answer(log: RunLog) -> AsyncIterator[str]:
    async for token in tokens(log):
        yield f"data: {encode_json(token)}\n\n"
    yield "data: [DONE]\n\n"


METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@api.api_route("/{path:path}", methods=METHODS, include_in_schema=False)
def no_route(request: Request) -> JSONResponse:
    """Its own 404 and 405: an unknown path elsewhere gets Streamlit's page."""
    path, fitting = request.url.path, sorted(_methods(request))
    if fitting:
        message, hint = f"{request.method} does not fit {path}.", f"Use {' or '.join(fitting)}."
        return Json(error_body("method_not_allowed", message, hint), 405, {"Allow": ", ".join(fitting)})
    return Json(error_body("not_found", f"There is no route {path}.", "GET /api/openapi.json lists the routes."), 404)


def _methods(request: Request) -> set[str]:
    """The methods of the routes that have the path of a request."""
    partly = (route for route in api.routes if route.matches(request.scope)[0] is Match.PARTIAL)
    return {method for route in partly if isinstance(route, Route) for method in route.methods or ()}


api.websocket("/live")(live)
