"""A saved chain as a file: the same after a round trip, unknown fields refused by their path, no key in it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chains.documents.document import Document, FieldSpec, OffSection
from chains.files.chain_file import ChainFile, FileVersion, read_chain, write_chain
from chains.files.notation import Notation, write
from chains.outcomes import Refused
from chains.spec import BranchSpec, ChainSpec, MessageSpec, ModelSpec
from tests.support.asked import simulated

texts = st.text(st.sampled_from("ab {}#:\n\t\r'\"-가😀\x85"), max_size=20) | st.text(max_size=12)
json_values = st.recursive(
    texts | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
messages = st.builds(MessageSpec, role=st.sampled_from(["system", "human", "ai", "placeholder"]), template=texts)
branches = st.sampled_from([None, ("use", "buy")])
instants = st.integers(0, 10**15).map(lambda us: datetime(1970, 2, 1, tzinfo=UTC) + timedelta(microseconds=us))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    names = draw(branches)
    parted = tuple(BranchSpec(name=name, messages=(draw(messages),)) for name in names) if names else None
    chain = ChainSpec(
        name=draw(texts),
        branches=parted,
        messages=tuple(draw(st.lists(messages, min_size=1, max_size=3))),
        template_format=draw(st.sampled_from(["f-string", "mustache"])),
        model=ModelSpec(provider="simulated", model=draw(texts), parameters={"p": draw(json_values)}),
    )
    off = draw(st.lists(st.builds(OffSection, row=st.just(0), before=st.integers(0, 5), text=texts), max_size=2))
    fields = draw(st.dictionaries(texts, st.builds(FieldSpec, kind=st.just("choice"), choices=st.tuples(texts))))
    inputs = draw(st.none() | st.dictionaries(texts, json_values, max_size=2))
    return Document(chain=chain, fields=fields, off=tuple(off), inputs=inputs)


@st.composite
def files(draw: st.DrawFn) -> ChainFile:
    count = draw(st.integers(1, 3))
    versions = tuple(
        FileVersion(
            number=number,
            parent=number - 1 or None,
            created=draw(instants),
            message=draw(texts),
            restores=None,
            document=draw(documents()),
        )
        for number in range(1, count + 1)
    )
    tags = tuple(draw(st.lists(st.text(min_size=1, max_size=10), max_size=2)))
    return ChainFile(name=draw(texts), description=draw(texts), tags=tags, current=count, versions=versions)


@pytest.mark.parametrize("notation", ["json", "yaml"])
@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(file=files())
def test_what_is_exported_is_imported_the_same(notation: Notation, file: ChainFile) -> None:
    assert read_chain(f"a.{notation}", write_chain(file, notation)) == file


def test_a_file_reads_well() -> None:
    chain = simulated("# Role\nYou are {who}.\n# Task\nTell a joke.\n")
    version = FileVersion(number=4, created=datetime(2026, 1, 31, 9, tzinfo=UTC), document=Document(chain=chain))
    written = write_chain(ChainFile(name="Jokes", current=4, versions=(version,)), "yaml").decode()
    assert written.startswith("format: lcel-playground-chain\nformat_version: 1\nname: Jokes\n")
    assert "created: '2026-01-31T09:00:00Z'" in written
    block = "template: |\n          # Role\n          You are {who}.\n          # Task\n          Tell a joke.\n"
    assert block in written


def data(**changed: Any) -> dict[str, Any]:
    """What a file holds, with a field of it changed."""
    version = {"number": 1, "created": "2026-01-31T09:00:00Z", "document": {"chain": simulated().model_dump()}}
    return {"format": "lcel-playground-chain", "name": "a", "current": 1, "versions": [version], **changed}


def version(**changed: Any) -> dict[str, Any]:
    return data(versions=[{**data()["versions"][0], **changed}])


def with_chain(**changed: Any) -> dict[str, Any]:
    return version(document={"chain": {**simulated().model_dump(), **changed}})


def test_what_was_written_by_hand_with_the_least_is_taken() -> None:
    assert read_chain("a.json", write(data(), "json")).versions[0].parent is None


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (data(colour="red"), "colour: this field is unknown"),
        (with_chain(temperature=1), "versions[0].document.chain.temperature: this field is unknown"),
        (
            with_chain(messages=[{"role": "human", "template": "a", "x": 1}]),
            "chain.messages[0].x: this field is unknown",
        ),
        (with_chain(messages=[{"role": "human", "template": 1}]), "messages[0].template: text is wanted"),
        (with_chain(messages=[{"role": "wizard", "template": ""}]), "messages[0].role: one of 'system', 'human'"),
        (
            with_chain(messages=[{"role": "user", "template": ""}]),
            "messages[0].role: the role user is called human here",
        ),
        (with_chain(messages=[{"role": "developer", "template": ""}]), "the role developer is called system here"),
        (with_chain(messages=[{"role": "ai", "template": "x" * 50_001}]), "a length of 50000 at most"),
        (with_chain(messages="text"), "messages: a list is wanted"),
        (with_chain(model=None), "chain.model: an object is wanted"),
        (with_chain(messages=[]), "messages: what stands there cannot be used"),
        ({"format": "lcel-playground-chain"}, "name: this field is missing"),
        (data(format="other"), "format: one of 'lcel-playground-chain' is wanted"),
        (data(format_version=2), "format_version: one of 1 is wanted"),
        (version(created="yesterday"), "versions[0].created: an instant with its zone is wanted"),
        (version(created="2026-01-31T09:00:00"), "created: an instant with its zone is wanted"),
        (version(created="9999-12-31T23:59:59Z"), "created: what stands there cannot be used"),
        (version(number="one"), "number: a number is wanted"),
        (version(parent=1), "version 1 names version 1, which is not before it"),
        (data(versions=[*data()["versions"] * 2]), "version 1 does not follow the one before it"),
        (data(current=2), "version 2 is said to be the current one and is not in the file"),
        (data(versions=[]), "versions: what stands there cannot be used"),
        ([1], "it holds no chain"),
        ("text", "it holds no chain"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_path(held: Any, said: str) -> None:
    for notation in ("json", "yaml"):
        with pytest.raises(Refused) as refused:
            read_chain(f"a.{notation}", write(held, notation))
        assert said in refused.value.outcome.message


def test_a_file_with_what_looks_like_a_key_is_refused() -> None:
    model = {"provider": "openai-compatible", "base_url": "http://me:pw@host/v1"}
    with pytest.raises(Refused) as refused:
        read_chain("a.json", write(with_chain(model=model), "json"))
    assert refused.value.outcome.code == "bad_base_url"
