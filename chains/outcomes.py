"""How a run can go wrong: a code, a sentence that says what happened, one that says what to do.

    Outcome                      the value that is kept in an event
    Refused(Exception)           raised before anything is sent
    ├── RefusedTemplate          a template that could not run, with its position
    └── RefusedModel             a provider, a parameter, a key or an address
    SimulatedFault(Exception)    what the simulated model raises in place of a vendor

A vendor's exception becomes an `Outcome` in `chains/calling/faults.py`, once, where `chains/calls.py` meets it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from chains.phrases import Translate, Value, filled, values_as_json, values_of
from chains.words import mark

SENTENCES: Mapping[str, tuple[str, str]] = {
    "no_key": (
        mark("{provider} needs a key, and none was given."),
        mark("Type one under the model, or set {variable} before starting the server."),
    ),
    "bad_key": (
        mark("That is not a key: it holds spaces, line breaks or characters that no key has."),
        mark("Copy the key again, alone and in whole."),
    ),
    "wants_key": (
        mark("{provider} lists its models only to those who give a key."),
        mark("Type one under the model; or type the model's name, if it is known."),
    ),
    "may_not_list": (
        mark("This key may not list the models of {provider}."),
        mark("Type the name of a model, or ask the owner of the account for access."),
    ),
    "no_base_url": (
        mark("{provider} needs a base URL, and none was given."),
        mark("Type the http or https address of the server, such as http://localhost:11434/v1, and press Enter."),
    ),
    "wrong_key": (
        mark("{provider} refused the key."),
        mark("Check that the key is complete, belongs to this provider and has not been revoked."),
    ),
    "no_vision": (
        mark("{model} cannot see images, and the prompt holds some."),
        mark("Choose another model, such as {others}, or remove the images."),
    ),
    "not_permitted": (
        mark("This key may not use {model}."),
        mark("Choose another model, or ask the owner of the account for access."),
    ),
    "unknown_model": (
        mark("{provider} does not know the model {model}."),
        mark("Choose one of the listed models, or check the spelling."),
    ),
    "rate_limited": (
        mark("{provider} is limiting the rate of requests."),
        mark("Wait a little, send fewer at once, or raise the limit of the account."),
    ),
    "quota_used_up": (
        mark("The quota of this account at {provider} is used up."),
        mark("Waiting does not help: add credit or raise the limit of the account, or use another key."),
    ),
    "context_too_long": (
        mark("The prompt is too long for {model}."),
        mark("Shorten the prompt, or choose a model with a longer context."),
    ),
    "bad_request": (
        mark("{provider} refused the request."),
        mark("Its own words are below. Often a parameter does not fit the model: turn it off and run again."),
    ),
    "server_error": (
        mark("{provider} had an error of its own."),
        mark("Run again in a moment. If it stays, look at the provider's status page or log."),
    ),
    "connection_refused": (
        mark("Nothing answers at {address}."),
        mark("Start the server there, or correct the base URL (most end in /v1)."),
    ),
    "unknown_host": (
        mark("The name in {address} is that of no host."),
        mark("Check the spelling of the base URL, and that this server can look up names of that network."),
    ),
    "no_tls": (
        mark("No safe connection to {address} came about."),
        mark("Write http:// if the server speaks no TLS; else give it a certificate that this machine trusts."),
    ),
    "no_answer": (
        mark("{address} closed the connection before it had answered."),
        mark("Check that a chat completions API is at this port and path (most end in /v1), then run again."),
    ),
    "connect_timeout": (
        mark("No connection to {address} within {seconds} s."),
        mark("Check the address and the network between this server and that one."),
    ),
    "timeout": (
        mark("The run took longer than {seconds} s and was ended."),
        mark("Ask for a shorter answer, or raise the limit for the whole run."),
    ),
    "stalled": (
        mark("No chunk came for {seconds} s; the run was ended."),
        mark("The model or a proxy before it may hang. Run again, or raise the limit between chunks."),
    ),
    "cut": (
        mark("The connection was lost in the middle of the answer."),
        mark("What came is kept. Run again; if it repeats, look for a proxy that closes long answers."),
    ),
    "incomplete": (
        mark("The answer ended without a finish reason: it may be incomplete."),
        mark("Compare the end of the text with what you asked for. Some servers never send a finish reason."),
    ),
    "branches_by_method": (
        mark("LangChain's own methods run a plain chain only, and this one has parallel branches."),
        mark("Run it with the engine, or delete the branches."),
    ),
    "branches_failed": (
        mark("These branches failed: {names}."),
        mark("Each says itself what happened and what to do. What came is kept."),
    ),
    "not_an_api": (
        mark("What answers at {address} is not a chat completions API."),
        mark("Check the base URL: most servers want a path that ends in /v1."),
    ),
    "malformed": (
        mark("{provider} sent something that could not be read as an answer."),
        mark("What came is kept. Run again; if it repeats, a proxy in between may garble the answer."),
    ),
    "answer_too_long": (
        mark("The answer passed the limit of {limit} and was ended there."),
        mark("What came is kept. Set a token limit for the answer."),
    ),
    "prompt_too_long": (
        mark("The formatted prompt passes the limit of {limit}."),
        mark("Shorten the template or the values."),
    ),
    "missing_variable": (
        mark("No value for {names}."),
        mark("Fill in every variable that the template names."),
    ),
    "parser_failed": (
        mark("The answer could not be parsed as {parser}."),
        mark("The text is kept. Ask for the form in the prompt, or choose another parser."),
    ),
    "bad_template": (
        mark("The template cannot run."),
        mark("Correct it where the message points."),
    ),
    "bad_value": (
        mark("The value of {name} cannot be used: {reason}."),
        mark("Correct the value."),
    ),
    "bad_history": (
        mark("The value of {name} is not a list of messages: {reason}."),
        mark("Give a list of objects with a role (human, ai or system) and a content."),
    ),
    "bad_table": (
        mark("The file cannot be read as a table: {reason}."),
        mark("Correct the file and load it again; the table is as it was."),
    ),
    "too_many_rows": (
        mark("The file has {count} rows."),
        mark("Take {limit} at most; the table is as it was."),
    ),
    "bad_chain_file": (
        mark("The file cannot be read as a chain: {reason}."),
        mark("Correct the file and load it again; the library is as it was."),
    ),
    "bad_link": (
        mark("The link cannot be opened: {reason}."),
        mark("Ask for the whole link anew; what was on the form stays."),
    ),
    "document_too_large": (
        mark("The chain is larger than {limit}."),
        mark("Shorten its messages or values; nothing was saved."),
    ),
    "not_saved": (
        mark("The database did not take the chain."),
        mark("Try again; the server's log says what was wrong. Nothing was saved."),
    ),
    "too_many_versions": (
        mark("The saved chain is full: it holds {versions} versions, {size}, or {images} of images."),
        mark("Save this as a new chain, or delete the old one."),
    ),
    "too_many_steps": (
        mark("The sections of the template take more than {limit} steps to fill in."),
        mark("Give shorter lists, or nest fewer sections in one another."),
    ),
    "unknown_provider": (
        mark("There is no provider {provider}."),
        mark("Use one of: {known}."),
    ),
    "bad_parameter": (
        mark("The parameter {parameter} does not fit: {reason}."),
        mark("Correct it, or turn it off."),
    ),
    "bad_base_url": (
        mark("The base URL does not fit: {reason}."),
        mark("Give the http or https address of an OpenAI-compatible server, such as http://localhost:11434/v1."),
    ),
    "no_model": (
        mark("No model is chosen."),
        mark("Choose one from the list, or type its name."),
    ),
    "unfit_for_chat": (
        mark("The chain cannot take a question: {reason}."),
        mark("Leave one variable, in the last human message; the history needs no variable of its own."),
    ),
    "closing": (
        mark("The server is shutting down."),
        mark("Run again when it is back."),
    ),
    "internal": (
        mark("Something went wrong inside the playground."),
        mark("The server's log has the details. The text that came is kept."),
    ),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A typed failure: `code` is a key of `SENTENCES`, `values` fill its sentences, `detail` is in foreign words."""

    code: str
    values: Mapping[str, Value] = field(default_factory=dict)
    detail: str = ""

    @property
    def message(self) -> str:
        """What happened, in English."""
        return filled(SENTENCES[self.code][0], self.values)

    def as_json(self) -> dict[str, JsonValue]:
        """The outcome as it stands in events and records."""
        wire: dict[str, JsonValue] = {"code": self.code, "message": self.message, "hint": self.hint}
        wire |= values_as_json(self.values)
        if self.detail:
            wire["detail"] = self.detail
        return wire

    @property
    def hint(self) -> str:
        """What to do next, in English."""
        return filled(SENTENCES[self.code][1], self.values)


def sentences(fault: Mapping[str, JsonValue], translate: Translate) -> tuple[str, str]:
    """What happened and what to do, of an outcome as it stands in events; its own English where the code is unknown."""
    known = SENTENCES.get(str(fault["code"]))
    if known is None:
        return str(fault["message"]), str(fault["hint"])
    values = values_of(fault)
    return filled(known[0], values, translate), filled(known[1], values, translate)


class Refused(Exception):
    """Something in the request cannot run; nothing was sent."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.message)
        self.outcome = outcome


class RefusedModel(Refused):
    """A provider, a parameter, a key or an address does not fit."""


class SimulatedFault(Exception):
    """Raised by the simulated model where a vendor's class would raise its own."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
