"""What a LangChain chunk is to a reader: text, reasoning, a part of a tool call, or one of the empty ones."""

from langchain_core.messages.ai import AIMessage, AIMessageChunk

from chains.events import ChunkKind

Piece = tuple[ChunkKind, str]


def pieces(message: AIMessage, *, first: bool) -> tuple[Piece, ...]:
    """The pieces of one chunk (or of a whole message), at least one; `first` says that none came before it.

    An empty chunk is a `finish` (with a finish reason, or LangChain's own last one), a `usage`, the `role` that opens a
    stream, or else an empty text.
    """
    content = message.content
    reasoning = message.additional_kwargs.get("reasoning_content") if message.additional_kwargs else None
    if type(content) is str and content and not reasoning:
        return (("text", content),)
    found: list[Piece] = [("reasoning", reasoning)] if isinstance(reasoning, str) and reasoning else []
    if isinstance(content, str):
        found += [("text", content)] if content else []
    else:
        found += [piece for block in content for piece in _block(block)]
    if isinstance(message, AIMessageChunk):
        found += [("tool", call["args"] or call["name"] or "") for call in message.tool_call_chunks]
    return tuple(found) or (_empty(message, first),)


def _block(block: str | dict[str, object]) -> tuple[Piece, ...]:
    if isinstance(block, str):
        return (("text", block),) if block else ()
    for key, kind in (("text", "text"), ("reasoning", "reasoning"), ("thinking", "reasoning")):
        text = block.get(key)
        if isinstance(text, str) and text:
            return (("reasoning" if kind == "reasoning" else "text", text),)
    return ()


def _empty(message: AIMessage, first: bool) -> Piece:
    if message.response_metadata.get("finish_reason"):
        return "finish", ""
    if message.usage_metadata:
        return "usage", ""
    if first:
        return "role", ""
    last = isinstance(message, AIMessageChunk) and message.chunk_position == "last"
    return ("finish" if last else "text"), ""
