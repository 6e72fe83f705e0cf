"""The button that compares a prompt with itself without each section: what it says, what it runs, when it cannot."""

import pytest
from streamlit.testing.v1 import AppTest

from chains.documents.document import OffSection
from chains.images import to_uri
from chains.spec import MAX_INPUTS, MAX_VARIANTS, RunRequest
from runs.opened import engine
from runs.store.filter import Filter
from tests.components.app import kept, ready, run_of, said, templates, write
from tests.support.pictures import weighing
from tests.support.playground import request

PROMPT = "# Role\nA cook.\n# Task\nCook {topic}.\n# Format\nA list."
NAMES = ["all on", "all on, again", "without Role", "without Task", "without Format"]


@pytest.fixture
def sectioned(app: AppTest) -> AppTest:
    """The playground with a prompt of three sections."""
    return write(app.run(), PROMPT)


def test_a_prompt_without_sections_has_no_button(app: AppTest) -> None:
    app.run()
    assert _button(app) is None
    assert not [box for box in app.checkbox if box.key == "all_on_twice"]


def test_the_button_says_how_much_it_runs(sectioned: AppTest) -> None:
    assert _label(sectioned) == "Compare without each section: 5 runs"
    sectioned.checkbox(key="all_on_twice").uncheck().run()
    assert _label(sectioned) == "Compare without each section: 4 runs"
    sectioned.segmented_control(key="mode").set_value("batch").run()
    assert _label(sectioned) == "Compare without each section: 12 runs"
    assert "4 variants × 3 inputs" in said(sectioned)


def test_it_runs_the_whole_prompt_twice_and_without_each_section(sectioned: AppTest) -> None:
    asked = _compared(sectioned)
    assert asked.variants is not None
    assert [variant.name for variant in asked.variants] == NAMES
    texts = [variant.messages[0].template for variant in asked.variants]
    assert texts == [
        PROMPT,
        PROMPT,
        "# Task\nCook {topic}.\n# Format\nA list.",
        "# Role\nA cook.\n# Format\nA list.",
        "# Role\nA cook.\n# Task\nCook {topic}.\n",
    ]
    assert (asked.mode, asked.run_with, asked.inputs) == ("batch", "engine", ({"topic": "ice cream"},))
    assert asked.chain.messages[0].template == PROMPT
    assert not sectioned.exception


def test_images_that_are_too_large_in_all_variants_together_keep_it_from_starting(sectioned: AppTest) -> None:
    sectioned.selectbox(key="model").set_value("simulated-vision").run()
    sectioned.session_state["images_0"] = [to_uri(weighing(4_500_000))] * 3
    sectioned.run()
    assert ready(sectioned)
    assert "With all variants these are 68 MB of images; 60 MB at most can run." in said(sectioned)
    assert sectioned.button(key="compare_sections").disabled
    sectioned.checkbox(key="all_on_twice").uncheck().run()
    assert _label(sectioned) == "Compare without each section: 4 runs"


def test_it_takes_the_table_of_a_batch_and_its_lanes(sectioned: AppTest) -> None:
    sectioned.segmented_control(key="mode").set_value("batch").run()
    sectioned.number_input(key="max_concurrency").set_value(7).run()
    asked = _compared(sectioned)
    assert [inputs["topic"] for inputs in asked.inputs] == ["ice cream", "chocolate", "vanilla"]
    assert (asked.items, asked.max_concurrency) == (15, 7)


def test_langchain_s_own_method_is_not_asked_to_run_variants(sectioned: AppTest) -> None:
    sectioned.segmented_control(key="run_with").set_value("async").run()
    assert _compared(sectioned).run_with == "engine"


def test_sections_of_several_messages_are_told_apart(sectioned: AppTest) -> None:
    sectioned.button(key="add_message").click().run()
    write(sectioned, "# Task\nAgain.", row=1)
    asked = _compared(sectioned)
    assert [variant.name for variant in asked.variants or ()][3:] == [
        "without Task in message 1",
        "without Format in message 1",
        "without Task in message 2",
    ]


def test_without_deeper_sections_there_is_nothing_to_choose(sectioned: AppTest) -> None:
    assert not [control for control in sectioned.segmented_control if control.key == "compare_depth"]


def test_every_section_is_left_out_when_that_is_chosen(app: AppTest) -> None:
    write(app.run(), "Cook {topic}.\n# Role\nA cook.\n## Tone\nKind.\n# Format\nA list.")
    assert _label(app) == "Compare without each section: 4 runs"
    app.segmented_control(key="compare_depth").set_value("every").run()
    assert _label(app) == "Compare without each section: 7 runs"
    asked = _compared(app)
    assert [variant.name for variant in asked.variants or ()] == [
        "all on",
        "all on, again",
        "without the text before the first heading",
        "without Role",
        "without the text of Role itself",
        "without Role › Tone",
        "without Format",
    ]
    assert [variant.messages[0].template for variant in asked.variants or ()][4:6] == [
        "Cook {topic}.\n# Role\n## Tone\nKind.\n# Format\nA list.",
        "Cook {topic}.\n# Role\nA cook.\n# Format\nA list.",
    ]


def test_the_choice_stays_for_the_next_prompt(app: AppTest) -> None:
    write(app.run(), "# Role\n## Tone\nKind.\n# Format\nA list.")
    app.segmented_control(key="compare_depth").set_value("every").run()
    write(app, "Tell me about {topic}.")
    write(app, "# Role\nx\n# Task\n## Aim\nTell me about {topic}.")
    assert app.segmented_control(key="compare_depth").value == "every"
    assert _label(app) == "Compare without each section: 5 runs"


def test_the_most_sections_that_one_comparison_takes_are_named(app: AppTest) -> None:
    write(app.run(), "".join(f"# S{number}\nx {{topic}}\n" for number in range(60)))
    assert _label(app) == "Compare without each section: 50 runs"
    assert "Always on: S48 (too many sections for one run); 11 more." in said(app)
    assert "One comparison leaves out 48 sections at most, one at a time: the first ones." in said(app)
    asked = _compared(app)
    assert len(asked.variants or ()) == MAX_VARIANTS


def test_a_draft_that_cannot_run_cannot_be_compared(sectioned: AppTest) -> None:
    write(sectioned, f"{PROMPT}\nTell {{")
    assert _disabled(sectioned)
    assert not ready(sectioned)


def test_branches_are_not_compared_and_it_says_so(sectioned: AppTest) -> None:
    sectioned.button(key="add_branch").click().run()
    assert _disabled(sectioned)
    assert "Sections are compared in a prompt without branches." in said(sectioned)


def test_what_cannot_be_left_out_is_named_with_its_reason(sectioned: AppTest) -> None:
    sectioned.segmented_control(key="template_format").set_value("mustache").run()
    write(sectioned, "# Role\n{{#topic}}\n# Task\n{{/topic}}\n# Format\nA list.")
    sectioned.text_area(key="var_topic").set_value("true").run()
    assert _label(sectioned) == "Compare without each section: 3 runs"
    reason = "without it a mustache tag has no partner"
    assert f"Always on: Role ({reason}); Task ({reason})." in said(sectioned)


def test_the_only_section_of_all_text_cannot_be_left_out(app: AppTest) -> None:
    write(app.run(), "# Only\nTell me about {topic}.")
    assert _disabled(app)
    assert "Always on: Only (without it no message is left)." in said(app)


def test_with_every_section_off_it_says_what_to_do(app: AppTest) -> None:
    app.run()
    app.session_state["off_sections"] = [OffSection(row=0, before=0, text="# Role\nA cook.\n").model_dump()]
    app.run()
    assert _disabled(app)
    assert "Every section is off. Switch one on to compare without it." in said(app)


def test_more_runs_than_one_takes_are_refused_before_the_press(sectioned: AppTest) -> None:
    rows = [{"topic": str(row)} for row in range(MAX_INPUTS // 5 + 1)]
    sectioned.session_state["table"] = rows
    sectioned.session_state["table_now"] = rows
    sectioned.segmented_control(key="mode").set_value("batch").run()
    assert _disabled(sectioned)
    assert "With all variants these are 10,005 runs; 10,000 at most can run." in said(sectioned)


def test_two_presses_of_one_drawing_are_one_run(sectioned: AppTest) -> None:
    _compared(sectioned)
    first = run_of(sectioned)
    assert engine().find(Filter(), limit=5)[1] == 1
    assert sectioned.button(key="compare_sections").disabled or run_of(sectioned) == first


def test_opening_the_run_fills_the_form_from_the_whole_prompt(app: AppTest) -> None:
    asked = request(mode="batch", template=PROMPT)
    role = {"name": "without Role", "messages": [{"role": "human", "template": "# Task\nCook {topic}."}]}
    app.query_params["run"] = kept({**asked, "variants": [role]})
    app.run()
    assert templates(app)[0] == PROMPT
    assert app.segmented_control(key="mode").value == "batch"
    assert not app.exception


def _compared(app: AppTest) -> RunRequest:
    """Presses the button, and gives what was started."""
    app.button(key="compare_sections").click().run()
    assert not app.exception
    return engine().request(run_of(app))


def _button(app: AppTest) -> str | None:
    found = [button.label for button in app.button if button.key == "compare_sections"]
    return found[0] if found else None


def _label(app: AppTest) -> str:
    label = _button(app)
    assert label is not None
    assert not app.button(key="compare_sections").disabled
    return label


def _disabled(app: AppTest) -> bool:
    return app.button(key="compare_sections").disabled
