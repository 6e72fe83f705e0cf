import pytest
from pydantic import ValidationError

from chains.document import Document, FieldSpec, OffSection
from chains.spec import ChainSpec, MessageSpec, ModelSpec

CHAIN = ChainSpec(messages=(MessageSpec(role="human", template="Tell {topic}"),), model=ModelSpec(provider="simulated"))


def test_a_document_comes_back_from_its_json() -> None:
    document = Document(
        chain=CHAIN,
        fields={"topic": FieldSpec(kind="choice", choices=("a", "b"))},
        off=(OffSection(row=0, before=1, text="# Format\n"),),
        inputs={"topic": "a"},
    )
    assert Document.model_validate_json(document.model_dump_json()) == document


@pytest.mark.parametrize("unknown", ["secret", "key"])
def test_an_unknown_field_is_refused_by_name(unknown: str) -> None:
    with pytest.raises(ValidationError, match=unknown):
        Document.model_validate({"chain": CHAIN.model_dump(), unknown: 1})
