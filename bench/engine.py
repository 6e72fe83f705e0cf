"""What a chunk costs without a browser: engine and log alone in this process, beside LangChain's and the bare wire."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from statistics import median

import httpx2
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from bench.provider import Provider
from bench.table import Row
from chains.events import Chunk
from chains.spec import ChainSpec, MessageSpec, ModelSpec, RunRequest
from runs.engine import Engine, Options

TOKENS, ROUNDS = 5_000, 5
MODEL = f"burst-{TOKENS}"


def engine(provider: Provider, folder: Path) -> list[Row]:
    """µs from the first chunk to the last, by chunk, for a burst; in turns."""
    ours = Engine(Options(f"sqlite:///{folder / 'bench.sqlite3'}", folder))
    loop = asyncio.new_event_loop()
    model = ChatOpenAI(
        model=MODEL, base_url=provider.url, api_key=SecretStr("EMPTY"), timeout=60, max_retries=0, stream_usage=True
    )
    piped = ChatPromptTemplate.from_messages([("human", "Tell me a joke")]) | model
    ways: dict[str, Callable[[], float]] = {
        "engine": lambda: _run(ours, provider.url),
        "raw SSE": lambda: loop.run_until_complete(_pace(_raw(provider.url))),
        "model.astream": lambda: loop.run_until_complete(_pace(model.astream("Tell me a joke"))),
        "prompt | model": lambda: loop.run_until_complete(_pace(piped.astream({}))),
        "with a parser": lambda: loop.run_until_complete(_pace((piped | StrOutputParser()).astream({}))),
    }
    costs: dict[str, list[float]] = {name: [] for name in ways}
    try:
        for _ in range(ROUNDS):
            for name, way in ways.items():
                costs[name].append(way())
    finally:
        ours.close()
        loop.close()
    beside = ", ".join(f"{name} {median(rounds):.0f}" for name, rounds in costs.items() if name != "engine")
    ratios = [a / b for a, b in zip(costs["engine"], costs["model.astream"], strict=True)]
    return [
        Row("engine and log, a chunk", costs["engine"], "µs", 150, beside),
        Row("engine and log, a chunk", ratios, "× model.astream"),
    ]


def _run(engine: Engine, url: str) -> float:
    model = ModelSpec(provider="openai-compatible", model=MODEL, base_url=url)
    chain = ChainSpec(name="bench", messages=(MessageSpec(role="human", template="Tell me a joke"),), model=model)
    log = engine.log(engine.start(RunRequest(chain=chain, inputs=({},), mode="stream")))
    while not log.ended:
        time.sleep(0.02)
    at = [event.at for event in log.events if isinstance(event.what, Chunk)]
    assert len(at) >= TOKENS, log.events[-2:]
    return (at[-1] - at[0]) * 1000 / len(at)


async def _pace(chunks: AsyncIterator[object]) -> float:
    count, first = 0, 0.0
    async for _ in chunks:
        count += 1
        first = first or time.perf_counter()
    assert count >= TOKENS
    return (time.perf_counter() - first) * 1e6 / count


async def _raw(url: str) -> AsyncIterator[object]:
    body = {"model": MODEL, "stream": True, "messages": [{"role": "user", "content": "Tell me a joke"}]}
    async with (
        httpx2.AsyncClient(timeout=60, trust_env=False) as client,
        client.stream("POST", f"{url}/chat/completions", json=body) as response,
    ):
        async for line in response.aiter_lines():
            if line.startswith("data: {"):
                yield json.loads(line[6:])
