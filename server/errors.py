"""Every error of the API in one form: `{"error": {"code", "message", "hint"}}`."""

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, JsonValue
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from chains.events import encode_json
from chains.outcomes import Refused
from chains.templates.problems import RefusedTemplate
from runs.errors import UnknownRun

SEND_LESS = "Send fewer inputs at once."

_log = logging.getLogger(__name__)


class Error(BaseModel):
    """What happened, what to do next, and of a broken template where: its row from 0, line and column from 1."""

    code: str
    message: str
    hint: str
    row: int | None = None
    line: int | None = None
    column: int | None = None


class ErrorBody(BaseModel):
    """The body of every answer that is an error."""

    error: Error


_WHEN = {
    403: "The host or the origin is not allowed, or a browser's XSRF token is missing.",
    404: "There is no run of this id.",
    413: "The body is too large.",
    422: "The request cannot run; nothing was run or written.",
    500: "Something went wrong inside the playground.",
    503: "The server is shutting down.",
}


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error answers of these statuses, as FastAPI's `responses` take them."""
    return {status: {"model": ErrorBody, "description": _WHEN[status]} for status in statuses}


class Json(JSONResponse):
    """JSON that can be sent whatever a model or a client put into it: half characters, NaN."""

    def render(self, content: object) -> bytes:
        return encode_json(content).encode()


def error_body(code: str, message: str, hint: str, **more: JsonValue) -> dict[str, JsonValue]:
    return {"error": {"code": code, "message": message, "hint": hint, **more}}


def install(api: FastAPI) -> None:
    """Gives `api` the error form for whatever its routes raise."""
    api.add_exception_handler(RequestValidationError, _malformed)
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(UnknownRun, _unknown)
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(Exception, _internal)


async def _malformed(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    lines = [f"{_place(e['loc'])}: {_reason(e)}" for e in error.errors()]
    return _invalid("; ".join(lines[:5]))


def _invalid(message: str) -> JSONResponse:
    hint = "Correct the request's body; GET /api/openapi.json describes it. Nothing was run or written."
    return Json(error_body("invalid_request", message, hint), 422)


def _place(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in loc if part != "body") or "body"


def _reason(error: dict[str, object]) -> str:
    return "unknown field" if error.get("type") == "extra_forbidden" else str(error.get("msg"))


async def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refused)
    outcome = error.outcome
    more: dict[str, JsonValue] = {}
    message, hint = outcome.message, outcome.hint
    if isinstance(error, RefusedTemplate):
        first = error.problems[0]
        message, hint = first.text, first.advice
        more = {"row": first.row, "line": first.line, "column": first.column}
        if error.variant:
            more["variant"] = error.variant
    return Json(error_body(outcome.code, message, hint, **more), 503 if outcome.code == "closing" else 422)


async def _unknown(request: Request, error: Exception) -> JSONResponse:
    hint = "It may have been deleted. The Runs page lists what is kept."
    return JSONResponse(error_body("unknown_run", "There is no run of this id.", hint), 404)


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}.get(error.status_code, "http_error")
    hint = SEND_LESS if error.status_code == 413 else "GET /api/openapi.json lists the routes."
    return Json(error_body(code, str(error.detail), hint), error.status_code, error.headers)


async def _internal(request: Request, error: Exception) -> JSONResponse:
    _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    message, hint = "Something went wrong inside the playground.", "The server's log has the details."
    return JSONResponse(error_body("internal", message, hint), 500)
