"""A document in an address: it comes back the same, and what is foreign is refused with its reason."""

import json
import random
import string
import tracemalloc
import zlib
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains.documents.document import Document, FieldSpec, OffSection
from chains.documents.keepable import MAX_DOCUMENT_BYTES
from chains.files.link import MAX_CHARACTERS, from_json, from_link, to_json, to_link
from chains.outcomes import Outcome, Refused
from chains.phrases import filled
from chains.spec import ChainSpec, MessageSpec, ModelSpec

SHOWN = "{reason}"


def document(template: str = "Tell me about {topic}", **more: object) -> Document:
    model = {"provider": "simulated", "model": "simulated", **more}
    chain = {"name": "a name", "messages": [{"role": "human", "template": template}], "model": model}
    return Document(
        chain=ChainSpec.model_validate(chain),
        fields={"topic": FieldSpec(kind="choice", choices=("snow", "rain"))},
        off=(OffSection(row=0, before=0, text="# Role\nx"),),
        inputs={"topic": "snow", "list": [1, {"a": None}]},
    )


def packed(value: object) -> str:
    return urlsafe_b64encode(zlib.compress(json.dumps(value).encode())).decode().rstrip("=")


def refusal(written: str) -> Outcome:
    with pytest.raises(Refused) as refused:
        from_link(written)
    assert refused.value.outcome.code == "bad_link"
    return refused.value.outcome


def reason(written: str) -> str:
    return filled(SHOWN, refusal(written).values, str)


def test_a_document_comes_back_the_same() -> None:
    link = to_link(document(parameters={"seed": 1, "ttft_ms": 0.5}))
    assert link is not None
    assert set(link) <= {*string.ascii_letters, *string.digits, "-", "_"}
    assert from_link(link) == document(parameters={"seed": 1, "ttft_ms": 0.5})


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_template_comes_back_the_same(template: str) -> None:
    found = document(template)
    link = to_link(found)
    assert link is not None
    assert from_link(link) == found
    assert from_json(to_json(found).encode()) == found


def test_a_long_document_is_no_address() -> None:
    noise = "".join(random.Random(1).choices(string.printable, k=4_000))
    assert to_link(document(noise)) is None
    assert len(to_link(document("a" * 40_000)) or "") in range(1, MAX_CHARACTERS)


def test_what_may_not_be_kept_is_not_shared() -> None:
    for foreign in ({"base_url": "http://me:secret@h/v1"}, {"parameters": {"api_key": "sk-x"}}):
        with pytest.raises(Refused):
            to_link(document(**foreign))


@pytest.mark.parametrize(
    "written", ["", "x", "한글", "////", "a" * 30_000, "eJw", packed({})[:-6], packed({}) + "AAAA"]
)
def test_what_is_not_whole_is_refused(written: str) -> None:
    assert refusal(written)


def test_what_would_unpack_to_very_much_is_refused_at_once() -> None:
    flat = urlsafe_b64encode(zlib.compress(b"0" * 14_000_000, 9)).decode()
    assert len(flat) <= 20_000
    tracemalloc.start()
    try:
        assert "not whole" in reason(flat)
        assert tracemalloc.get_traced_memory()[1] < 4 * MAX_DOCUMENT_BYTES
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"key": "sk-1"}, "key: this field is unknown"),
        ({"chain": {}}, "chain.messages: this field is missing"),
        ({"off": [{"row": -1, "before": 0, "text": ""}]}, "off[0].row: what stands there cannot be used"),
        ({"fields": {"a": {"kind": "secret"}}}, "fields.a.kind: one of"),
    ],
)
def test_what_does_not_fit_is_named(changed: dict[str, object], said: str) -> None:
    assert reason(packed({**document().model_dump(mode="json"), **changed})).startswith(said)


def test_a_key_in_a_foreign_link_is_refused() -> None:
    foreign = document().model_copy(
        update={
            "chain": ChainSpec(
                messages=(MessageSpec(role="human", template="x"),),
                model=ModelSpec(provider="openai-compatible", base_url="http://a:b@h/v1"),
            )
        }
    )
    assert refusal(packed(foreign.model_dump(mode="json")))
