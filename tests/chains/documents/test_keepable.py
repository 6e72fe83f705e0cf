"""What is kept holds no key, is JSON, and is not larger than what could run."""

import json

import pytest
from pydantic import JsonValue

from chains.documents.document import Document
from chains.documents.keepable import MAX_DOCUMENT_BYTES, MAX_DOCUMENT_VALUES, check_keepable
from chains.outcomes import Refused
from chains.spec import MessageSpec
from tests.support.asked import remote, simulated
from tests.support.pictures import uri, weighing

TOOL: JsonValue = {"parameters": {"properties": {"password": {"type": "string"}}, "required": ["password"]}}


def code(document: Document) -> str:
    with pytest.raises(Refused) as refused:
        check_keepable(document)
    return refused.value.outcome.code


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("api_key", {"api_key": "sk-1"}),
        ("extra_headers.Authorization", {"extra_headers": {"Authorization": "Bearer x"}}),
        ("tools.0.x-api-key", {"tools": [{"x-api-key": "1"}]}),
        ("access_token", {"access_token": ["x"]}),
        ("api_key.password", {"api_key": {"password": "x"}}),
    ],
)
def test_what_looks_like_a_key_is_refused_by_its_path(path: str, parameters: dict[str, JsonValue]) -> None:
    with pytest.raises(Refused) as refused:
        check_keepable(Document(chain=remote("http://host/v1", **parameters)))
    outcome = refused.value.outcome
    assert (outcome.code, outcome.values["parameter"]) == ("bad_parameter", path)


@pytest.mark.parametrize("url", ["http://me:pw@host/v1", "http://me@host", "http://host/v1?key=1", "http://[x@y"])
def test_an_address_with_a_password_or_a_query_is_refused(url: str) -> None:
    assert code(Document(chain=remote(url))) == "bad_base_url"


def test_parameters_that_only_sound_alike_are_kept() -> None:
    document = Document(chain=remote("http://host/v1", max_tokens=5, logit_bias={"42": 1}, tools=[TOOL]))
    assert Document.model_validate_json(check_keepable(document)) == document


def test_values_that_are_no_json_are_refused() -> None:
    assert code(Document(chain=simulated(), inputs={"topic": "half \ud83d"})) == "bad_value"
    assert code(Document(chain=simulated(), inputs={"topic": [float("nan")]})) == "bad_value"


@pytest.mark.parametrize("value", ["half \ud83d", {"\ud83d": 1}, [float("inf")]])
def test_bound_values_that_are_no_json_are_refused(value: JsonValue) -> None:
    assert code(Document(chain=simulated().model_copy(update={"partials": {"topic": value}}))) == "bad_value"


def test_a_document_that_could_not_run_for_its_size_is_refused() -> None:
    row = MessageSpec(role="human", template="가" * 50_000)
    fits = Document(chain=simulated().model_copy(update={"messages": (row,) * 6}))
    assert len(check_keepable(fits).encode()) < MAX_DOCUMENT_BYTES
    assert json.loads(check_keepable(fits))["chain"]["messages"][5]["template"] == row.template
    assert code(Document(chain=simulated().model_copy(update={"messages": (row,) * 7}))) == "document_too_large"


def test_images_do_not_count() -> None:
    rows = tuple(MessageSpec(role="human", template="", images=(uri(weighing(5_000_000 - n)),)) for n in range(4))
    document = Document(chain=simulated().model_copy(update={"messages": rows}))
    assert Document.model_validate_json(check_keepable(document)) == document


def test_more_values_than_a_file_may_hold_are_refused() -> None:
    fits = Document(chain=simulated(), inputs={"list": [1] * (MAX_DOCUMENT_VALUES - 100)})
    assert check_keepable(fits)
    assert code(Document(chain=simulated(), inputs={"list": [1] * MAX_DOCUMENT_VALUES})) == "document_too_large"
