"""What a batch is measured against: workers that pull an iterator of inputs and stream each, with nothing beside it.

`python -m bench.pool WAY PROVIDER_URL MODEL COUNT AT_ONCE` prints the seconds that it took and those of CPU, after
a warm-up.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from bench.processes import ROOT

WARM = 100

Stream = Callable[[str], AsyncIterator[object]]


@dataclass(frozen=True, slots=True)
class Took:
    """How long it took by the clock on the wall, and how much CPU of the process."""

    seconds: float
    cpu_s: float


def pool(way: str, url: str, model: str, *, count: int, at_once: int) -> Took:
    """What `count` inputs take in a process of its own; the ways are those of `_ways`."""
    command = [sys.executable, "-m", "bench.pool", way, url, model, str(count), str(at_once)]
    told = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    return Took(*map(float, told.split()))


def _ways(url: str, model: str) -> dict[str, Stream]:
    """`raw` only counts what comes, so that it is the provider's own pace."""
    chat = ChatOpenAI(
        model=model, base_url=url, api_key=SecretStr("EMPTY"), timeout=60, max_retries=0, stream_usage=True
    )
    piped = ChatPromptTemplate.from_messages([("human", "Tell me a joke about {topic}")]) | chat
    parsed = piped | StrOutputParser()
    return {
        "raw": lambda topic: _raw(url, model, topic),
        "prompt | model": lambda topic: piped.astream({"topic": topic}),
        "prompt | model | parser": lambda topic: parsed.astream({"topic": topic}),
    }


async def _raw(url: str, model: str, topic: str) -> AsyncIterator[object]:
    parts = urlsplit(url)
    body = json.dumps({"model": model, "stream": True, "messages": [{"role": "user", "content": topic}]})
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(f"POST {parts.path}/chat/completions HTTP/1.1\r\ncontent-length: {len(body)}\r\n\r\n{body}".encode())
    while part := await reader.read(65_536):
        yield part
    writer.close()


async def _work(stream: Stream, topics: Iterator[str]) -> None:
    for topic in topics:
        count = 0
        async for _ in stream(topic):
            count += 1
        assert count, topic


async def _all(stream: Stream, count: int, at_once: int) -> Took:
    topics = iter([f"topic {n}" for n in range(count)])
    began, used = time.perf_counter(), time.process_time()
    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(_work(stream, topics))
    return Took(time.perf_counter() - began, time.process_time() - used)


async def _main(way: str, url: str, model: str, count: str, at_once: str) -> None:
    stream = _ways(url, model)[way]
    await _all(stream, WARM, int(at_once))
    took = await _all(stream, int(count), int(at_once))
    print(took.seconds, took.cpu_s)


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
