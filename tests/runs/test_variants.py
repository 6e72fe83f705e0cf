"""Variants in the engine: every input with the messages of each, on one model; what is recorded and kept of them."""

from pathlib import Path

import pytest

from chains.events import RunStarted
from chains.outcomes import RefusedModel
from chains.spec import Inputs, MessageSpec, VariantSpec
from chains.templates.problems import RefusedTemplate
from runs.engine import Engine
from runs.store.filter import Filter
from tests.support.asked import remote, request, simulated
from tests.support.behaviours import SCRIPT, answers, by_prompt
from tests.support.engines import finish, items, opened, until
from tests.support.pictures import drawn, uri
from tests.support.provider import Provider

TOPICS: list[Inputs] = [{"topic": "비"}, {"topic": "snow"}, {"topic": "fog"}]
WAYS = {"all on": "Tell me about {topic}.", "bare": "{topic}?", "loud": "{topic}!"}


def test_every_input_is_asked_with_every_variant_s_messages_in_order(engine: Engine, provider: Provider) -> None:
    provider.script["varied"] = answers()
    chain = remote(provider.url, "varied")
    log = finish(engine, request(chain, mode="batch", inputs=TOPICS, variants=WAYS, max_concurrency=1))
    asked = [str(each.body["messages"]) for each in provider.requests]
    assert asked == [str([{"content": text, "role": "user"}]) for text in (
        "Tell me about 비.", "비?", "비!",
        "snow!", "snow?", "Tell me about snow.",
        "Tell me about fog.", "fog?", "fog!",
    )]  # fmt: skip
    begun = next(event.what for event in log.events if isinstance(event.what, RunStarted))
    assert begun.items == 9


def test_the_record_says_input_and_variant_of_each_item(engine: Engine, provider: Provider) -> None:
    prompts = {"snow?": answers(["white", "?"]), "snow!": answers(["white", "!"])}
    provider.script["varied"] = by_prompt(prompts)
    asked = request(
        remote(provider.url, "varied"),
        mode="batch",
        inputs=[{"topic": "snow"}] * 2,
        variants={"bare": "{topic}?", "loud": "{topic}!"},
    )
    record = engine.record(finish(engine, asked).run)
    assert record["status"] == "done"
    whole = [(item["index"], item["input"], item["variant"], item["text"]) for item in items(record)]
    assert whole == [
        (0, 0, "bare", "white?"), (1, 0, "loud", "white!"), (2, 1, "loud", "white!"), (3, 1, "bare", "white?"),
    ]  # fmt: skip


def test_items_of_a_run_without_variants_say_neither(engine: Engine) -> None:
    (item,) = items(engine.record(finish(engine, request(simulated(), mode="batch")).run))
    assert not {"input", "variant"} & set(item)


def test_never_more_run_at_once_than_may(engine: Engine, provider: Provider) -> None:
    provider.script["brief"] = answers(pause=0.02)
    finish(
        engine, request(remote(provider.url, "brief"), mode="batch", inputs=TOPICS, variants=WAYS, max_concurrency=4)
    )
    assert len(provider.requests) == 9
    assert provider.most_at_once == 4


def test_stop_leaves_the_items_that_never_began_with_their_variant(engine: Engine, provider: Provider) -> None:
    provider.script["slow"] = SCRIPT["slow"]
    asked = request(remote(provider.url, "slow"), mode="batch", inputs=TOPICS, variants=WAYS, max_concurrency=1)
    log = engine.log(engine.start(asked))
    provider.wait_for(1)
    engine.stop(log.run)
    until(lambda: log.ended)
    found = items(engine.record(log.run))
    assert [item["status"] for item in found] == ["stopped"] * 9
    assert [item["variant"] for item in found] == ["all on", "bare", "loud", "loud", "bare", "all on", *WAYS]


@pytest.mark.parametrize("template", ["Tell {", "{{#on}}x"])
def test_a_variant_that_cannot_run_is_refused_by_its_name_before_anything_is_kept(
    engine: Engine, template: str
) -> None:
    chain = simulated().model_copy(update={"template_format": "mustache"}) if "#" in template else simulated()
    with pytest.raises(RefusedTemplate) as refused:
        engine.start(request(chain, mode="batch", variants={"good": "x", "broken": template}))
    assert refused.value.variant == "broken"
    assert (refused.value.problems[0].row, refused.value.line) == (0, 1)
    assert engine.find(Filter(), limit=1)[1] == 0


def test_the_chain_itself_is_still_checked(engine: Engine) -> None:
    with pytest.raises(RefusedTemplate) as refused:
        engine.check(request(simulated("Tell {"), mode="batch", variants=WAYS))
    assert refused.value.variant == ""


def test_a_value_that_only_another_variant_wants_is_not_missed(engine: Engine) -> None:
    asked = request(simulated(), mode="batch", variants={"topic": "About {topic}", "place": "In {place}"})
    found = items(engine.record(finish(engine, asked).run))
    assert [item["status"] for item in found] == ["done", "failed"]
    error = found[1]["error"]
    assert isinstance(error, dict)
    assert error["message"] == "No value for place."


def test_a_bound_value_fills_every_variant(engine: Engine, provider: Provider) -> None:
    provider.script["varied"] = answers()
    chain = remote(provider.url, "varied").model_copy(update={"partials": {"place": "Seoul"}})
    finish(engine, request(chain, mode="batch", variants={"one": "In {place}", "two": "{topic} in {place}"}))
    asked = sorted(str(each.body["messages"]) for each in provider.requests)
    assert ["In Seoul" in asked[0], "rain in Seoul" in asked[1]] == [True, True]


def test_images_of_a_variant_that_the_model_cannot_see_are_refused(engine: Engine) -> None:
    seen = MessageSpec(role="human", template="Look", images=(uri(drawn()),))
    asked = request(simulated(), mode="batch").model_copy(
        update={"variants": (VariantSpec(name="seen", messages=(seen,)),)}
    )
    with pytest.raises(RefusedModel, match="simulated"):
        engine.check(asked)


def test_a_run_with_variants_is_kept_as_it_was_asked_and_found_by_their_words(tmp_path: Path) -> None:
    asked = request(simulated(), mode="batch", inputs=TOPICS, variants={"all on": "About {topic}", "rare": "Zebra"})
    with opened(tmp_path) as engine:
        log = finish(engine, asked)
        live = engine.record(log.run)
    with opened(tmp_path) as again:
        assert again.record(log.run) == live
        assert again.request(log.run) == asked
        (kept,), _count = again.find(Filter(), limit=5)
        assert kept.items == 6
        assert [len(again.find(Filter(text=word), limit=5)[0]) for word in ("zebra", "rare", "lion")] == [1, 1, 0]
