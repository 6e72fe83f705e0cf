"""LangChain's parser of JSON answers, with bounds: a model's answer is anything that a stranger can make it say.

For text that is no JSON LangChain looks for the longest beginning that can be completed. Its time grows with the square
of the length (a second for 20,000 characters, hours for the longest answer), so longer answers are parsed strictly.
"""

import json
from collections.abc import Sequence

from langchain_core.exceptions import OutputParserException
from langchain_core.output_parsers import BaseCumulativeTransformOutputParser, BaseOutputParser, JsonOutputParser
from langchain_core.outputs import Generation
from langchain_core.utils.json import parse_json_markdown
from pydantic import JsonValue

MAX_LENIENT_CHARACTERS = 10_000
MAX_DEPTH = 100
_BEGINS = (*'{["-0123456789', "true", "false", "null")
_ENDS = ("}", "]", "`")


class JsonParser(BaseOutputParser[JsonValue]):
    """Raises `OutputParserException` for what is no JSON, and for what is nested more than 100 deep."""

    def parse(self, text: str) -> JsonValue:
        try:
            if len(text) <= MAX_LENIENT_CHARACTERS:
                value: JsonValue = JsonOutputParser().parse(text)
            else:
                value = parse_json_markdown(text.strip(), parser=json.loads)
        except OutputParserException:
            raise
        # Also what is JSON and yet not read: a number of more than 4,300 digits.
        except ValueError as error:
            raise OutputParserException(f"Invalid json output: {error}") from error
        except RecursionError as error:
            raise _too_deep() from error
        if _is_deeper(value, MAX_DEPTH):
            raise _too_deep()
        return value


class GrowingJsonParser(BaseCumulativeTransformOutputParser[JsonValue]):
    """Gives the value so far at every chunk, as LangChain's own parser does, but is bounded in what it reads.

    Prose is not searched for JSON at every chunk, and a text of more than 10,000 characters is read only where it may
    have come to its end. A whole answer is read as by `JsonParser`.
    """

    def parse(self, text: str) -> JsonValue:
        return JsonParser().parse(text)

    def parse_result(self, result: list[Generation], *, partial: bool = False) -> JsonValue:
        """Raises as `JsonParser` unless `partial`; then what cannot be read yet is None."""
        text = result[0].text.strip()
        if not partial:
            return self.parse(text)
        if not text.startswith(_BEGINS) and "```" not in text:
            return None
        if len(text) > MAX_LENIENT_CHARACTERS and not text.endswith(_ENDS):
            return None
        try:
            return self.parse(text)
        except OutputParserException:
            return None


def _is_deeper(value: JsonValue, depth: int) -> bool:
    level = [value]
    for _ in range(depth):
        level = [part for held in level for part in _parts(held)]
    return bool(level)


def _parts(value: JsonValue) -> Sequence[JsonValue]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else ()


def _too_deep() -> OutputParserException:
    return OutputParserException(f"Invalid json output: it is nested more than {MAX_DEPTH} deep.")
