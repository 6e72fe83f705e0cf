"""OpenAI and every server that speaks its chat completions API. Heavy: import it in factories only.

A vendor's class is always given a key, a timeout and no retries, so that it neither takes a key from the environment,
nor hangs, nor repeats a request unseen. Redirects are not followed: a key goes where its owner sent it. Headers that
OPENAI_CUSTOM_HEADERS holds, which may be keys too, go nowhere.
"""

import json
import socket
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, cast

import httpx2
import openai
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, BaseMessageChunk
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_openai import ChatOpenAI
from pydantic import JsonValue, SecretStr

from chains.models.openai_clients import MAX_RESPONSE_BYTES, ResponseTooLarge, client, sync_client, timeout
from chains.models.parameters import SENT_AS_THEY_ARE
from chains.models.provider import Pool
from chains.outcomes import Outcome
from chains.phrases import Phrase

LIST_CONNECT_S = 3.0
ERRORS = (openai.OpenAIError, httpx2.HTTPError, httpx2.InvalidURL, ValueError, TypeError, AttributeError)
"""What asking a stranger's server can raise."""


_UNFIT = (openai.BadRequestError, openai.UnprocessableEntityError)


class OpenAIChat(ChatOpenAI):
    """`ChatOpenAI` that keeps a compatible server's reasoning, and does without usage where a server refuses it."""

    def _convert_chunk_to_generation_chunk(
        self,
        chunk: dict[str, Any],
        default_chunk_class: type[BaseMessageChunk],
        base_generation_info: dict[str, Any] | None,
    ) -> ChatGenerationChunk | None:
        made = super()._convert_chunk_to_generation_chunk(chunk, default_chunk_class, base_generation_info)
        choices = chunk.get("choices")
        if made is not None and choices and isinstance(made.message, AIMessageChunk):
            _keep_reasoning(made.message, choices[0].get("delta"))
        return made

    def _create_chat_result(
        self, response: dict[str, Any] | openai.BaseModel, generation_info: dict[str, Any] | None = None
    ) -> ChatResult:
        result = super()._create_chat_result(response, generation_info)
        wire = response if isinstance(response, dict) else response.model_dump(warnings=False)
        for generation, choice in zip(result.generations, wire.get("choices") or (), strict=False):
            if isinstance(generation.message, AIMessage):
                _keep_reasoning(generation.message, choice.get("message"))
        return result

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        try:
            async with aclosing(self._attempt(messages, stop, run_manager, kwargs)) as chunks:
                async for chunk in chunks:
                    yield chunk
        except _UNFIT as error:
            if not self._refuses_usage(error):
                raise
            less = {**kwargs, "stream_usage": False}
            async with aclosing(self._attempt(messages, stop, run_manager, less)) as chunks:
                async for chunk in chunks:
                    yield chunk

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        try:
            yield from super()._stream(messages, stop, run_manager, **kwargs)
        except _UNFIT as error:
            if not self._refuses_usage(error):
                raise
            less = {**kwargs, "stream_usage": False}
            yield from super()._stream(messages, stop, run_manager, **less)

    def _refuses_usage(self, error: Exception) -> bool:
        return bool(self.stream_usage) and "stream_options" in str(error)

    def _attempt(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None,
        run_manager: AsyncCallbackManagerForLLMRun | None,
        more: Mapping[str, Any],
    ) -> AsyncGenerator[ChatGenerationChunk, None]:
        chunks = super()._astream(messages, stop, run_manager, **more)
        return cast(AsyncGenerator[ChatGenerationChunk, None], chunks)


def chat(
    *, model: str, base_url: str, key: SecretStr, parameters: Mapping[str, JsonValue], connect_s: float, pool: Pool
) -> OpenAIChat:
    """A model that sends `parameters` and nothing else of its own; unknown ones go into the body as they are."""
    known = {name: value for name, value in parameters.items() if name in SENT_AS_THEY_ARE}
    extra = {name: value for name, value in parameters.items() if name not in SENT_AS_THEY_ARE}
    ours = client(base_url, key, connect_s, pool)
    blocking = sync_client(base_url, key, connect_s, pool)
    return OpenAIChat(
        model=model,
        api_key=key,
        base_url=base_url,
        timeout=timeout(connect_s),
        max_retries=0,
        stream_usage=True,
        stream_chunk_timeout=None,
        use_responses_api=False,
        extra_body=extra or None,
        root_async_client=ours,
        async_client=ours.chat.completions,
        root_client=blocking,
        client=blocking.chat.completions,
        **cast(dict[str, Any], known),
    )


async def list_models(base_url: str, key: SecretStr, pool: Pool) -> Sequence[str]:
    """The names at `{base_url}/models`, sorted. Raises one of `ERRORS`."""
    page = await client(base_url, key, LIST_CONNECT_S, pool).models.list(
        timeout=httpx2.Timeout(5.0, connect=LIST_CONNECT_S)
    )
    return sorted({model.id for model in page.data or () if model.id})


def is_url(text: str) -> bool:
    """Whether the client can ask for the host of this address, be it there or not."""
    try:
        url = httpx2.URL(text)
        return bool(url.host and url.raw_host.decode("ascii").encode("idna"))
    except (httpx2.InvalidURL, UnicodeError):
        return False


def explain(error: BaseException) -> Outcome | None:
    """The outcome of what these classes raise; None where the generic reading is right."""
    match error:
        case openai.APIStatusError():
            return _by_status(error)
        case openai.APIResponseValidationError():
            return Outcome("not_an_api", detail=_words(error))
        case openai.APIConnectionError():
            return _before_the_answer(_first_cause(error))
        case openai.APIError():
            return Outcome(
                _by_words(f"{error.code} {error.type} {error.message}") or "server_error", detail=_words(error)
            )
        case httpx2.TransportError():
            return _by_transport(error)
        case httpx2.InvalidURL():
            return Outcome("bad_base_url", {"reason": Phrase("bad_host")}, _words(error))
        case json.JSONDecodeError() | UnicodeDecodeError() | RecursionError():
            return Outcome("malformed", detail=_words(error))
        case TypeError() | AttributeError() | KeyError() | IndexError() | ValueError():
            return Outcome("not_an_api", detail=_words(error))
    return None


_STATUS = {
    401: "wrong_key",
    402: "quota_used_up",
    403: "not_permitted",
    405: "not_an_api",
    408: "server_error",
    413: "context_too_long",
    429: "rate_limited",
}


def _by_status(error: openai.APIStatusError) -> Outcome:
    status, words = error.status_code, _words(error)
    speaks_json = "json" in error.response.headers.get("content-type", "")
    if status == 429 and _by_words(f"{error.code} {error.type} {words}") == "quota_used_up":
        return Outcome("quota_used_up", detail=words)
    if status in _STATUS:
        return Outcome(_STATUS[status], detail=words)
    if status >= 500:
        return Outcome("server_error", detail=words)
    if status < 400 or not speaks_json:
        return Outcome("not_an_api", detail=words)
    if status == 404:
        return Outcome("unknown_model" if "model" in words.lower() else "not_an_api", detail=words)
    return Outcome(_by_words(words) or "bad_request", detail=words)


_WORDS = (
    (
        "context_too_long",
        ("context_length", "context length", "maximum context", "context window", "exceeds the available context"),
    ),
    ("unknown_model", ("model_not_found", "model not found", "unknown model")),
    ("quota_used_up", ("insufficient_quota", "insufficient quota", "insufficient balance", "insufficient credit")),
    ("rate_limited", ("rate_limit", "rate limit", "quota")),
    ("wrong_key", ("invalid_api_key", "incorrect api key")),
)


def _by_words(words: str) -> str:
    lower = words.lower()
    return next((code for code, signs in _WORDS if any(sign in lower for sign in signs)), "")


def _first_cause(error: BaseException) -> BaseException:
    """What the transport raised: LangChain's error comes from OpenAI's, which comes from that."""
    while error.__cause__ is not None and not isinstance(error, httpx2.TransportError):
        error = error.__cause__
    return error


def _before_the_answer(error: BaseException) -> Outcome:
    """What the transport raised while the answer had not begun, or for one that comes as a whole."""
    match error:
        case httpx2.RemoteProtocolError() if "illegal" in str(error):
            return Outcome("not_an_api", detail=_words(error))
        case httpx2.RemoteProtocolError() if "complete message" not in str(error):
            return Outcome("no_answer", detail=_words(error))
        case httpx2.NetworkError() if not isinstance(error, httpx2.ConnectError):
            return Outcome("no_answer", detail=_words(error))
    return _by_transport(error)


def _by_transport(error: BaseException) -> Outcome:
    match error:
        case ResponseTooLarge():
            return Outcome("answer_too_long", {"limit": f"{MAX_RESPONSE_BYTES / 1e6:g} MB"}, _words(error))
        case httpx2.ConnectTimeout():
            return Outcome("connect_timeout", detail=_words(error))
        case httpx2.ConnectError():
            return _by_connecting(error)
        case httpx2.UnsupportedProtocol():
            return Outcome("connection_refused", detail=_words(error))
        case httpx2.TimeoutException():
            return Outcome("stalled", detail=_words(error))
    return Outcome("cut", detail=_words(error))


def _by_connecting(error: BaseException) -> Outcome:
    for cause in _causes(error):
        match cause:
            case socket.gaierror():
                return Outcome("unknown_host", detail=_words(cause))
            case ssl.SSLError():
                return Outcome("no_tls", detail=_words(cause))
    return Outcome("connection_refused", detail=_words(error))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error, and what it came from."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _words(error: BaseException) -> str:
    if isinstance(error, openai.APIStatusError) and isinstance(error.body, dict) and error.body.get("message"):
        return f"{error.status_code}: {error.body['message']}"
    return f"{type(error).__name__}: {error}"


def _keep_reasoning(message: AIMessage, delta: object) -> None:
    if isinstance(delta, dict):
        reasoning = delta.get("reasoning_content") or delta.get("reasoning")
        if isinstance(reasoning, str) and reasoning:
            message.additional_kwargs["reasoning_content"] = reasoning
