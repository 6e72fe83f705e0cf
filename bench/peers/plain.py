"""The least that a page can do: fetch the provider's stream through a server and append it to one text node.

`python -m bench.peers.plain PORT PROVIDER_URL`
"""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, StreamingResponse
from starlette.routing import Route

PAGE = Path(__file__).parent / "plain.html"
provider = httpx.AsyncClient(timeout=None, trust_env=False)


async def page(request: Request) -> HTMLResponse:
    return HTMLResponse(PAGE.read_text("utf-8"))


async def answer(request: Request) -> StreamingResponse:
    body = {"model": request.query_params["model"], "stream": True, "messages": [{"role": "user", "content": "go"}]}

    async def parts() -> AsyncIterator[bytes]:
        async with provider.stream("POST", f"{sys.argv[2]}/chat/completions", json=body) as response:
            async for part in response.aiter_raw():
                yield part

    return StreamingResponse(parts(), media_type="text/event-stream")


if __name__ == "__main__":
    app = Starlette(routes=[Route("/", page), Route("/answer", answer)])
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
