"""Branches of a chain as a value: which are taken, and what is said of the others."""

from keyword import iskeyword

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.runnables import RunnableLambda, RunnableParallel
from pydantic import JsonValue, ValidationError

from chains.branch_names import MAX_BRANCH_NAME, fits
from chains.spec import ChainSpec, RunRequest
from tests.support.asked import bare, branched, simulated

ROW: JsonValue = {"role": "human", "template": "Tell me."}
NAMES = st.from_regex(r"\A[a-z가-힣_][a-z0-9_가-힣]{0,49}\Z").filter(lambda name: not iskeyword(name))


def chain(*names: str, **more: JsonValue) -> ChainSpec:
    branches = [{"name": name, "messages": [ROW]} for name in names]
    return ChainSpec.model_validate({"messages": [], "branches": branches, "model": {"provider": "simulated"}, **more})


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.lists(NAMES, min_size=2, max_size=10, unique=True))
def test_different_names_are_taken_in_their_order(names: list[str]) -> None:
    spec = chain(*names)
    assert spec.names == tuple(names)
    assert ChainSpec.model_validate_json(spec.model_dump_json()) == spec


@settings(deadline=None, derandomize=True)
@given(st.text(max_size=8) | st.sampled_from(["self", "steps__", "class", "ﬁsh", "use", "쓰임", "a\u200db", "__a"]))
def test_a_name_that_fits_is_what_runnable_parallel_gives_back(name: str) -> None:
    if not fits(name):
        with pytest.raises(ValidationError):
            chain(name, "other")
        return
    made: dict[str, object] = {"RunnableParallel": RunnableParallel, "same": RunnableLambda(lambda given: given)}
    exec(f"answer = RunnableParallel({name}=same, zz_other=same).invoke(1)", made)
    assert made["answer"] == {name: 1, "zz_other": 1}


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["use"], "at least two branches are wanted, or none"),
        ([], "at least two branches are wanted, or none"),
        (["use", "buy", "use"], "two branches are named use"),
        (["use", "2buy"], "a branch is named by letters, digits and _"),
        (["use", "buy it"], "a branch is named by letters, digits and _"),
        (["use", "class"], "a branch is named by letters, digits and _"),
        (["use", ""], "a branch is named by letters, digits and _"),
        (["use", "x" * (MAX_BRANCH_NAME + 1)], "at most 50 characters"),
        ([f"b{number}" for number in range(11)], "at most 10 items"),
    ],
)
def test_other_branches_are_refused_with_a_sentence(names: list[str], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        chain(*names)


def test_messages_may_be_missing_only_where_branches_have_theirs() -> None:
    assert chain("use", "buy").messages == ()
    with pytest.raises(ValidationError, match="at least one message is wanted") as refused:
        ChainSpec.model_validate({"messages": [], "model": {"provider": "simulated"}})
    assert refused.value.errors()[0]["loc"] == ("messages",)
    with pytest.raises(ValidationError):
        ChainSpec.model_validate(
            {"messages": [], "branches": [{"name": n, "messages": []} for n in "ab"], "model": {"provider": "x"}}
        )


def test_a_chain_without_branches_is_written_as_before() -> None:
    asked = RunRequest(chain=simulated(), inputs=({"topic": "rain"},))
    assert "branches" not in asked.model_dump(mode="json", exclude_none=True)["chain"]
    assert simulated().rows == simulated().messages


def test_each_branch_is_a_chain_of_the_shared_rows_and_its_own() -> None:
    spec = branched(simulated("Be brief."), use="How to use {it}", buy="Where to buy {it}")
    assert {name: [row.template for row in each.messages] for name, each in spec.parted().items()} == {
        "use": ["Be brief.", "How to use {it}"],
        "buy": ["Be brief.", "Where to buy {it}"],
    }
    assert [row.template for row in spec.rows] == ["Be brief.", "How to use {it}", "Where to buy {it}"]
    assert bare(spec).parted()["buy"].branches is None
