"""What stands inside a sentence and is words itself: the reason of a refusal, an amount, a provider's label."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from pydantic import JsonValue

from chains.words import fill, mark

PHRASES: Mapping[str, str] = {
    "chunks": mark("{count} chunks"),
    "bytes": mark("{count} bytes"),
    "simulated_model": mark("Simulated model"),
    "compatible_server": mark("OpenAI-compatible server"),
    "unknown_parameter": mark("it is unknown here; known are {known}"),
    "role_meant": mark("the role {role} is called {meant} here"),
    "one_of": mark("one of {choices} is wanted"),
    "text_wanted": mark("a text is wanted"),
    "texts_wanted": mark("a list of texts is wanted"),
    "number_wanted": mark("a number from {least} to {most} is wanted"),
    "integer_wanted": mark("a whole number from {least} to {most} is wanted"),
    "ours": mark("the playground sets it itself"),
    "own_address": mark("{provider} has its own address; use openai-compatible for another"),
    "no_address": mark("the simulated model has none"),
    "address_wanted": mark("an http or https address with a host is wanted"),
    "bad_host": mark("the host is not valid"),
    "credentials": mark("it must not hold a name or a password; give the key in its own field"),
    "query": mark("it must not have a query or a fragment"),
    "deep": mark("it is nested more than {depth} deep"),
    "half_character": mark("it holds half a character ({character})"),
    "long_number": mark("it holds a number of thousands of digits"),
    "not_finite": mark("it holds an infinity or NaN, which JSON does not have"),
    "not_json": mark("it is not JSON"),
    "it_is": mark("it is {kind}"),
    "message_is": mark("message {number} is {kind}"),
    "content_is": mark("the content of message {number} is {kind}"),
    "no_role": mark("the role of message {number} is none of human, ai and system"),
    "long_history": mark("it has more than {most} messages"),
    "kind_text": mark("text"),
    "kind_boolean": mark("true or false"),
    "kind_number": mark("a number"),
    "kind_list": mark("a list"),
    "kind_object": mark("an object with other fields"),
    "kind_empty": mark("empty"),
    "kind_other": mark("not JSON"),
    "no_human_message": mark("the chain has no human message for the question"),
    "no_question": mark("the last human message has no variable for the question"),
    "no_variable": mark("the last human message must hold the chain's only variable, and the chain has none"),
    "other_variables": mark(
        "the last human message must hold the chain's only variable; the chain's variables are: {names}"
    ),
    "parallel_chain": mark("it has parallel branches, and a chat takes one answer"),
    "no_rows": mark("it has no rows below a line of column names"),
    "unknown_encoding": mark("its letters are neither UTF-8, UTF-16 nor CP949; save it as UTF-8"),
    "binary_file": mark("it is no text; save it as CSV, not as a workbook"),
    "csv_line": mark("line {line} is no CSV ({reason})"),
    "too_many_cells": mark("row {row} has {cells} cells for {columns} columns; put quotes round a cell with commas"),
    "column_twice": mark("the column {column} is there twice"),
    "json_line": mark("line {line} is no JSON; NaN and Infinity are none"),
    "json_line_object": mark("line {line} is no JSON object"),
    "file_too_large": mark("it is larger than {limit}"),
    "not_utf8": mark("its letters are not UTF-8"),
    "file_syntax": mark("line {line}, column {column} is no {notation}"),
    "field_twice": mark("{name} stands twice in one object"),
    "no_json_number": mark("{text} is no number in JSON"),
    "too_many_values": mark("it has more than {most} names and values"),
    "names_and_values": mark("{most} names and values"),
    "yaml_alias": mark("line {line}, column {column} has an anchor or an alias (& or *), which this does not take"),
    "yaml_tag": mark("line {line}, column {column} has a tag (!), which this does not take"),
    "yaml_name": mark("line {line}, column {column} has a list or an object in the place of a name"),
    "yaml_unclear": mark("line {line}, column {column}: {text} can be read in two ways; put it in quotes"),
    "not_a_link": mark("it is not whole, or was not made by a playground"),
    "snapshot_gone": mark("this server does not keep it, or keeps it no more"),
    "not_a_chain": mark("it holds no chain that was exported here"),
    "field_misfit": mark("{path}: {reason}"),
    "field_unknown": mark("this field is unknown"),
    "field_missing": mark("this field is missing"),
    "field_long": mark("it may have a length of {limit} at most"),
    "field_unfit": mark("what stands there cannot be used"),
    "kind_wanted": mark("{kind} is wanted"),
    "kind_an_object": mark("an object"),
    "instant_wanted": mark("an instant with its zone is wanted, such as 2026-01-31T09:30:00Z"),
    "version_order": mark("version {number} does not follow the one before it by its number"),
    "version_parent": mark("version {number} names version {other}, which is not before it in the file"),
    "version_current": mark("version {number} is said to be the current one and is not in the file"),
    "key_field": mark("it looks like a key, and a key is never kept; type it under the model"),
    "full_chain": mark("with the history it has more than {most} messages"),
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that depend on the reader's language: `code` is a key of `PHRASES`, `values` fill it."""

    code: str
    values: Mapping[str, "Value"] = field(default_factory=dict)

    def as_json(self) -> dict[str, JsonValue]:
        """The phrase as it stands in an outcome on the wire."""
        return {"code": self.code, **values_as_json(self.values)}


Value: TypeAlias = str | Phrase
"""What fills a `{name}` of a sentence: a text that is the same in every language, or a phrase."""

Translate: TypeAlias = Callable[[str], str]
"""A message id to its sentence."""


def in_english(message: str) -> str:
    """The `Translate` of the wire and the log: message ids are English."""
    return message


def said(value: Value, translate: Translate = in_english) -> str:
    """A value in words."""
    return value if isinstance(value, str) else filled(PHRASES[value.code], value.values, translate)


def filled(message: str, values: Mapping[str, Value], translate: Translate = in_english) -> str:
    """The sentence of a message id, with its values in words of the same language."""
    return fill(translate(message), {name: said(value, translate) for name, value in values.items()})


def values_as_json(values: Mapping[str, Value]) -> dict[str, JsonValue]:
    """`values` in English, and under `phrases` those that can be said in another language; neither when empty."""
    wire: dict[str, JsonValue] = {}
    if values:
        wire["values"] = {name: said(value) for name, value in values.items()}
    phrases: dict[str, JsonValue] = {name: v.as_json() for name, v in values.items() if isinstance(v, Phrase)}
    return {**wire, "phrases": phrases} if phrases else wire


def values_of(wire: Mapping[str, JsonValue]) -> dict[str, Value]:
    """What `values_as_json` wrote; of a phrase that is unknown here its English words."""
    texts, phrases = wire.get("values"), wire.get("phrases")
    values: dict[str, Value] = {name: str(text) for name, text in texts.items()} if isinstance(texts, dict) else {}
    for name, phrase in phrases.items() if isinstance(phrases, dict) else ():
        if isinstance(phrase, dict) and phrase.get("code") in PHRASES:
            values[name] = Phrase(str(phrase["code"]), values_of(phrase))
    return values
