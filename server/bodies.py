"""Bodies of requests: taken as bytes on the server's loop, read and checked in a thread.

What reads JSON keeps the interpreter to itself as long as there are values, in a thread too: they are counted first.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from chains.files.notation import values_in

MAX_VALUES = 1_000_000
"""Names and values."""
TOO_MANY = f"The body holds more than {MAX_VALUES:,} names and values."
NO_UTF8 = "It is not UTF-8, in which JSON is sent."
NO_JSON = "The header Content-Type must be application/json."

_REFS = "#/components/schemas/{model}"

ModelT = TypeVar("ModelT", bound=BaseModel)


def body_of(model: type[ModelT]) -> Callable[[Request], Awaitable[ModelT]]:
    """A dependency that gives the body as a `model`. Raises `RequestValidationError`, and 413 for too many values."""

    async def read(request: Request) -> ModelT:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
            raise RequestValidationError([{"loc": ("header", "Content-Type"), "type": "no_json", "msg": NO_JSON}])
        try:
            data = await request.body()
        except ClientDisconnect:
            raise HTTPException(400, "The client left before its request was whole.") from None
        return await run_in_threadpool(_read, model, data)

    return read


def described_body(model: type[BaseModel]) -> dict[str, Any]:
    """What a route says of its body, as FastAPI's `openapi_extra` takes it."""
    schema = {"$ref": _REFS.format(model=model.__name__)}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def describe_bodies(api: FastAPI, *models: type[BaseModel]) -> None:
    """Adds to the description of `api` what `described_body` refers to."""
    described = api.openapi

    def with_bodies() -> dict[str, Any]:
        if api.openapi_schema is None:
            schemas = described()["components"]["schemas"]
            for model in models:
                schema = model.model_json_schema(ref_template=_REFS)
                schemas |= {**schema.pop("$defs", {}), model.__name__: schema}
        return described()

    api.openapi = with_bodies  # type: ignore[method-assign]


def _read(model: type[ModelT], data: bytes) -> ModelT:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RequestValidationError([{"loc": ("body",), "type": "no_utf8", "msg": NO_UTF8}]) from None
    if values_in(text, MAX_VALUES) > MAX_VALUES:
        raise HTTPException(413, TOO_MANY)
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        raise RequestValidationError(
            error.errors(include_url=False, include_context=False, include_input=False)
        ) from None
