"""A planned answer in LangChain's messages, in the shape that a real provider's stream has."""

from collections.abc import Iterator
from dataclasses import dataclass

from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.messages.ai import UsageMetadata

from chains.models.simulated.traffic import Plan
from chains.outcomes import SimulatedFault

MODEL_NAME = "simulated"
SEEING_NAME = "simulated-vision"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One call's traffic with what a provider says at its end."""

    plan: Plan
    finish_reason: str
    input_tokens: int
    output_tokens: int
    model_name: str = MODEL_NAME

    @property
    def ends(self) -> float:
        """The instant of the end or the failure, in seconds since the request."""
        return self.plan.ends

    @property
    def failure(self) -> SimulatedFault | None:
        """What is to be raised at `ends`, after all chunks."""
        return self.plan.failure

    def stream(self) -> Iterator[tuple[float, AIMessageChunk]]:
        """The chunks with their instants: an empty one with the role, the texts, an empty finish, the usage."""
        if self.plan.begins is not None:
            yield self.plan.begins, AIMessageChunk(content="")
        for due, text in self.plan.chunks:
            yield due, AIMessageChunk(content=text)
        if self.plan.completes:
            yield self.ends, AIMessageChunk(content="", response_metadata=self._metadata())
            yield self.ends, AIMessageChunk(content="", usage_metadata=self._usage())

    def message(self) -> AIMessage:
        """The whole answer in one message; without finish reason and usage where the stream would have none."""
        if not self.plan.completes:
            return AIMessage(content=self.plan.text, response_metadata={"model_name": self.model_name})
        return AIMessage(content=self.plan.text, response_metadata=self._metadata(), usage_metadata=self._usage())

    def _metadata(self) -> dict[str, str]:
        return {"finish_reason": self.finish_reason, "model_name": self.model_name}

    def _usage(self) -> UsageMetadata:
        return UsageMetadata(
            input_tokens=self.input_tokens,
            output_tokens=self.output_tokens,
            total_tokens=self.input_tokens + self.output_tokens,
        )
