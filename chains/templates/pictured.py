"""A human message that holds images: its text is a template, its images are not."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from langchain_core.messages import BaseMessage, HumanMessage
from langchain_core.prompts import HumanMessagePromptTemplate

from chains.images import NoPicture, Picture, picture_of


class PicturedHuman(HumanMessagePromptTemplate):
    """LangChain's template of a human message, with images behind the text once that is filled in."""

    images: tuple[str, ...]
    """Data URIs; no template ever reads them."""

    def format(self, **kwargs: Any) -> BaseMessage:
        return self._with_images(super().format(**kwargs))

    async def aformat(self, **kwargs: Any) -> BaseMessage:
        return self._with_images(await super().aformat(**kwargs))

    def _with_images(self, message: BaseMessage) -> BaseMessage:
        said: list[str | dict[str, Any]] = [{"type": "text", "text": message.text}] if message.text else []
        return HumanMessage(content=[*said, *({"type": "image_url", "image_url": {"url": uri}} for uri in self.images)])


def pictures(message: BaseMessage) -> Iterator[Picture]:
    """The images of a message that it holds itself, in order; what no message of ours may hold is passed over."""
    for block in message.content if isinstance(message.content, list) else ():
        if isinstance(block, dict) and isinstance(shown := block.get("image_url"), dict):
            with suppress(NoPicture):
                yield picture_of(str(shown.get("url")))
