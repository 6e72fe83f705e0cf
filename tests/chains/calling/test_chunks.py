"""What a LangChain chunk is to a reader."""

import pytest
from langchain_core.messages import AIMessage, AIMessageChunk

from chains.calling.chunks import Piece, pieces


def call(arguments: str, name: str | None = None) -> dict[str, object]:
    return {"name": name, "args": arguments, "id": None, "index": 0, "type": "tool_call_chunk"}


USAGE = {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3}
CHUNKS: dict[str, tuple[AIMessageChunk, tuple[Piece, ...]]] = {
    "text": (AIMessageChunk(content="hi"), (("text", "hi"),)),
    "a space": (AIMessageChunk(content=" "), (("text", " "),)),
    "reasoning": (AIMessageChunk(content="", additional_kwargs={"reasoning_content": "hm"}), (("reasoning", "hm"),)),
    "both": (
        AIMessageChunk(content="hi", additional_kwargs={"reasoning_content": "hm"}),
        (("reasoning", "hm"), ("text", "hi")),
    ),
    "blocks": (
        AIMessageChunk(content=[{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "hi"}, "!"]),
        (("reasoning", "hm"), ("text", "hi"), ("text", "!")),
    ),
    "an empty block": (AIMessageChunk(content=[{"type": "text", "text": ""}]), (("text", ""),)),
    "a tool's name": (AIMessageChunk(content="", tool_call_chunks=[call("", "look")]), (("tool", "look"),)),
    "a tool's arguments": (AIMessageChunk(content="", tool_call_chunks=[call('{"a"')]), (("tool", '{"a"'),)),
    "finish": (AIMessageChunk(content="", response_metadata={"finish_reason": "stop"}), (("finish", ""),)),
    "text with finish": (AIMessageChunk(content=".", response_metadata={"finish_reason": "stop"}), (("text", "."),)),
    "usage": (AIMessageChunk(content="", usage_metadata=USAGE), (("usage", ""),)),
    "LangChain's last": (AIMessageChunk(content="", chunk_position="last"), (("finish", ""),)),
    "nothing": (AIMessageChunk(content=""), (("text", ""),)),
}


@pytest.mark.parametrize(("chunk", "found"), CHUNKS.values(), ids=CHUNKS)
def test_a_chunk_is_what_it_holds(chunk: AIMessageChunk, found: tuple[Piece, ...]) -> None:
    assert pieces(chunk, first=False) == found


def test_an_empty_chunk_that_opens_a_stream_is_the_role() -> None:
    assert pieces(AIMessageChunk(content=""), first=True) == (("role", ""),)


def test_a_whole_message_is_read_like_a_chunk() -> None:
    message = AIMessage(content="hi", additional_kwargs={"reasoning_content": "hm"})
    assert pieces(message, first=False) == (("reasoning", "hm"), ("text", "hi"))
