import hashlib

import pytest
from pydantic import ValidationError

from chains.documents.document import Document, FieldSpec, OffSection
from chains.spec import BranchSpec, ChainSpec, MessageSpec, ModelSpec
from tests.support.pictures import drawn, uri

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


def test_a_fingerprint_tells_documents_and_their_images_apart_whatever_their_values() -> None:
    def pictured(size: int) -> Document:
        row = MessageSpec(role="human", template="Look", images=(uri(drawn(size=(size, 1))),))
        branches = [BranchSpec(name=name, messages=(row,)) for name in ("a", "b")]
        return Document(chain=CHAIN.model_copy(update={"messages": (), "branches": tuple(branches)}))

    prints = {pictured(1).fingerprint, pictured(2).fingerprint, Document(chain=CHAIN).fingerprint}
    assert len(prints) == 3
    assert pictured(1).model_copy(update={"inputs": {"a": 1}}).fingerprint == pictured(1).fingerprint
    # What drafts have kept: a form must not count as edited since it was saved by an earlier version of ours.
    text = Document(chain=CHAIN).model_dump_json()
    assert Document(chain=CHAIN).fingerprint == hashlib.sha256(text.encode()).hexdigest()
