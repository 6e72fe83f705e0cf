"""The library page's script: list, search, one chain's versions, open, restore, describe, delete, files."""

from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from chains.documents.document import Document, FieldSpec, OffSection
from chains.files import notation
from chains.files.chain_file import ChainFile, FileVersion, read_chain, write_chain
from chains.remembered import Remembered
from chains.spec import MessageSpec
from components.library import taking
from runs.errors import UnknownSaved
from runs.opened import engine
from runs.saved import About, SavedChain, Sought
from tests.components.app import LIBRARY, PLAYGROUND, fields, said, templates, write
from tests.support.asked import simulated
from tests.support.playground import ROOT

KINDS: tuple[notation.Notation, ...] = ("yaml", "json")
CURRENT = {"export_yaml_current", "export_json_current"}
EVERY = {"export_yaml_all", "export_json_all"}


@pytest.fixture
def page(app: AppTest) -> AppTest:
    """The library, with nothing in it."""
    app.run()
    return app.switch_page(LIBRARY).run()


@pytest.fixture
def other(page: AppTest) -> AppTest:
    """The same in another tab."""
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=20).run()
    return app.switch_page(LIBRARY).run()


def written(template: str) -> Document:
    return Document(chain=simulated(template))


def begun(*texts: str, name: str = "Jokes", tags: tuple[str, ...] = ()) -> str:
    """A chain with a version for each text."""
    library = engine().library
    chain = library.begin(About(name, tags=tags), written(texts[0]), "first").chain
    for base, text in enumerate(texts[1:], start=1):
        library.save(chain, written(text), base=base)
    return chain


def opened(page: AppTest, chain: str) -> AppTest:
    page.query_params["chain"] = chain
    page.run()
    assert not page.exception
    return page


def press(page: AppTest, key: str) -> AppTest:
    page.button(key=key).click().run()
    assert not page.exception
    return page


def chain_of(chain: str) -> SavedChain:
    return engine().library.open(chain)


def keys(page: AppTest) -> set[str]:
    return {str(button.key) for button in page.button}


def listed(page: AppTest) -> list[str]:
    """The names in the list, in order."""
    return list(page.dataframe[0].value["name"]) if page.dataframe else []


def toasts(page: AppTest) -> str:
    return "\n".join(str(toast.value).replace("\\", "") for toast in page.toast)


def test_it_says_how_to_begin_when_nothing_is_saved(page: AppTest) -> None:
    assert "Nothing is saved yet." in said(page)
    assert "Press Save beside the chain's name" in said(page)


def test_chains_are_listed_and_found_by_words_and_tags(page: AppTest) -> None:
    begun("about rain", name="Weather", tags=("sky", "demo"))
    begun("about seals", name="Sea", tags=("demo",))
    page.run()
    assert listed(page) == ["Sea", "Weather"]
    assert "2 saved chains, the last used first" in said(page)
    page.text_input(key="find_chain").set_value("seals").run()
    assert listed(page) == ["Sea"]
    page.text_input(key="find_chain").set_value("").run()
    page.multiselect(key="find_tags").set_value(["sky"]).run()
    assert listed(page) == ["Weather"]
    page.text_input(key="find_chain").set_value("seals").run()
    assert listed(page) == []
    assert "No saved chain fits." in said(page)


def test_two_hundred_chains_are_listed_page_by_page(page: AppTest) -> None:
    for number in range(200):
        engine().library.begin(About(f"chain {number:03}"), written("x"))
    page.run()
    assert listed(page) == [f"chain {number:03}" for number in range(199, 149, -1)]
    page.session_state["library_page"] = 4
    page.run()
    assert listed(page)[-1] == "chain 000"
    page.text_input(key="find_chain").set_value("chain 007").run()
    assert listed(page) == ["chain 007"]


def test_a_version_is_opened_in_the_playground_with_fields_and_sections_and_remembered(page: AppTest) -> None:
    document = Document(
        chain=simulated("{topic} in {style}", seed=7),
        fields={"topic": FieldSpec(kind="long")},
        off=(OffSection(row=0, before=0, text="# Off\n"),),
        inputs={"style": "verse"},
    )
    chain = engine().library.begin(About("Poems"), document).chain
    engine().library.save(chain, written("newer"), base=1)
    opened(page, chain)
    assert "Version 1" in said(page)
    press(page, "open_version_1")
    page.switch_page(PLAYGROUND).run()
    assert templates(page)[0] == "{topic} in {style}"
    assert fields(page) == {"topic": "ice cream", "style": "verse"}
    assert page.session_state["param_seed"] == 7
    assert page.session_state["off_sections"] == [{"row": 0, "before": 0, "text": "# Off\n"}]
    assert page.session_state["field_specs"] == {"topic": {"kind": "long", "choices": []}}
    assert "Poems · version 1 · version 2 is the current one" in said(page)
    write(page, "edited {topic}")
    assert "Poems · edited since version 1" in said(page)
    press(page, "save")
    assert chain_of(chain).is_beside(3)


def test_mode_and_table_stay_when_a_version_is_opened(page: AppTest) -> None:
    chain = begun("about {topic}")
    page.session_state["mode"] = "batch"
    opened(page, chain)
    press(page, "open_chain")
    page.switch_page(PLAYGROUND).run()
    assert page.session_state["mode"] == "batch"
    assert [row["topic"] for row in page.session_state["table"]] == ["ice cream", "chocolate", "vanilla"]


def test_a_version_with_values_is_saved_with_them_again(page: AppTest) -> None:
    library = engine().library
    chain = library.begin(About("Poems"), Document(chain=simulated("{topic}"), inputs={"topic": "tea"})).chain
    opened(page, chain)
    press(page, "open_chain")
    page.switch_page(PLAYGROUND).run()
    press(page, "save")
    assert "Nothing has changed: this is version 1." in toasts(page)
    page.text_area(key="var_topic").set_value("snow").run()
    press(page, "save")
    assert library.document(chain, 2).inputs == {"topic": "snow"}


def test_a_section_of_a_message_that_is_not_there_is_left_out(page: AppTest) -> None:
    off = (OffSection(row=0, before=0, text="# Off\n"), OffSection(row=1, before=0, text="# Nowhere\n"))
    document = Document(chain=simulated("{topic}"), off=off)
    opened(page, engine().library.begin(About("Poems"), document).chain)
    press(page, "open_chain")
    assert [section["text"] for section in page.session_state["off_sections"]] == ["# Off\n"]


def test_bound_values_come_from_the_version_and_who_runs_it_and_a_zero_stay(page: AppTest) -> None:
    chain = simulated("{style} of {count} lines").model_copy(update={"partials": {"style": "verse"}})
    document = Document(chain=chain, fields={"count": FieldSpec(kind="number")})
    page.session_state["run_with"], page.session_state["var_count"] = "sync", 0.0
    page.session_state["var_style"] = "prose"
    opened(page, engine().library.begin(About("Poems"), document).chain)
    press(page, "open_chain")
    page.switch_page(PLAYGROUND).run()
    assert fields(page)["style"] == "verse"
    assert page.number_input(key="var_count").value == 0
    assert page.session_state["run_with"] == "sync"


def test_an_old_version_is_restored_as_a_new_one(page: AppTest) -> None:
    chain = begun("one", "two")
    opened(page, chain)
    assert "restore_2" not in keys(page)
    press(page, "restore_1")
    assert "Version 1 is restored as version 3." in toasts(page)
    assert "Version 1 restored" in said(page)
    assert engine().library.document(chain, 3) == written("one")
    assert _compared(page) == (2, 3)
    press(page, "restore_1")
    assert "nothing has changed" in toasts(page)


def test_the_current_version_is_compared_with_the_one_before_and_any_two_can_be_chosen(page: AppTest) -> None:
    chain = begun("one", "two", "three")
    opened(page, chain)
    assert _compared(page) == (2, 3)
    page.selectbox(key="compare_one").set_value(1).run()
    assert _compared(page) == (1, 3)
    page.selectbox(key="compare_other").set_value(2).run()
    assert _compared(page) == (1, 2)
    press(page, "compare_2")
    assert _compared(page) == (2, 3)
    opened(page, begun("other", "chain"))
    assert _compared(page) == (1, 2)
    opened(page, begun("alone"))
    assert "Two versions can be compared here once there are two." in said(page)


def test_a_version_beside_is_marked_and_can_be_made_the_current_one(page: AppTest) -> None:
    chain = begun("one", "two")
    engine().library.save(chain, written("beside"), base=1)
    opened(page, chain)
    assert "beside the current one" in said(page)
    assert "restore_3" not in keys(page)
    press(page, "make_current_3")
    assert chain_of(chain).head == 3
    assert "make_current_2" in keys(page)


def test_it_is_renamed_described_and_tagged(page: AppTest) -> None:
    chain = begun("one", tags=("old",))
    opened(page, chain)
    page.session_state["about_chain"] = True
    page.run()
    page.text_input(key=f"about_name_{chain}").set_value("Better jokes")
    page.text_area(key=f"about_description_{chain}").set_value("what for")
    page.multiselect(key=f"about_tags_{chain}").set_value([])
    press(page, "about_now")
    assert chain_of(chain).about == About("Better jokes", "what for", ())
    assert "Better jokes" in said(page)


def test_who_describes_it_later_sees_both_and_says_which_stays(page: AppTest, other: AppTest) -> None:
    chain = begun("one", tags=("old",))
    for each, name in ((page, "Mine"), (other, "Theirs")):
        opened(each, chain)
        each.session_state["about_chain"] = True
        each.run().text_input(key=f"about_name_{chain}").set_value(name)
    other.multiselect(key=f"about_tags_{chain}").set_value(["new"])
    press(other, "about_now")
    press(page, "about_now")
    assert "Somebody else has changed this meanwhile" in toasts(page)
    assert chain_of(chain).about == About("Theirs", tags=("new",))
    assert {"Theirs", "new"} <= {text.value for text in page.text}
    assert page.text_input(key=f"about_name_{chain}").value == "Mine"
    engine().library.describe(chain, About("Third"), instead_of=chain_of(chain).about)
    press(page, "about_now")
    assert chain_of(chain).about.name == "Third"
    press(page, "about_now")
    assert chain_of(chain).about == About("Mine", tags=("old",))


def test_who_describes_it_later_can_take_what_is_there(page: AppTest) -> None:
    chain = begun("one")
    opened(page, chain)
    page.session_state["about_chain"] = True
    page.run().text_input(key=f"about_name_{chain}").set_value("Mine").run()
    engine().library.describe(chain, About("Theirs", "what for"), instead_of=chain_of(chain).about)
    page.run()
    press(page, "about_theirs")
    assert page.text_input(key=f"about_name_{chain}").value == "Theirs"
    assert page.text_area(key=f"about_description_{chain}").value == "what for"
    assert "about_theirs" not in keys(page)


def test_a_version_that_was_saved_after_the_page_was_drawn_is_not_displaced(page: AppTest) -> None:
    chain = begun("one", "two")
    opened(page, chain)
    engine().library.save(chain, written("three"), base=2)
    press(page, "restore_1")
    assert "Another version has become the current one meanwhile; it is shown now." in toasts(page)
    assert (chain_of(chain).head, len(chain_of(chain).versions)) == (3, 3)
    press(page, "restore_1")
    assert engine().library.document(chain, chain_of(chain).head) == written("one")


def test_what_is_typed_of_one_chain_does_not_show_at_another(page: AppTest) -> None:
    one, other = begun("one", name="One"), begun("other", name="Other")
    for chain, name in ((one, "One"), (other, "Other")):
        opened(page, chain)
        page.session_state["about_chain"] = True
        page.run()
        assert page.text_input(key=f"about_name_{chain}").value == name


def test_it_is_deleted_after_a_word_of_confirmation(page: AppTest) -> None:
    chain = begun("one")
    opened(page, chain)
    assert "Deletes this chain with all its versions for good." in said(page)
    press(page, "delete_chain_now")
    with pytest.raises(UnknownSaved):
        chain_of(chain)
    assert "chain" not in page.query_params
    assert "Nothing is saved yet." in said(page)
    opened(page, chain)
    assert "This chain is kept no more." in said(page)


def test_a_file_becomes_a_chain_of_its_own_and_is_shown(page: AppTest) -> None:
    chain = begun("one", "two")
    data = write_chain(engine().library.file(chain, every=True), "yaml")
    page.file_uploader(key="chain_file").upload("jokes.yaml", data, "application/yaml").run()
    assert not page.exception
    taken = "".join(page.query_params["chain"])
    assert taken != chain
    assert [version.number for version in chain_of(taken).versions] == [1, 2]
    assert "2 versions" in said(page)


def test_a_file_that_does_not_fit_says_where_and_changes_nothing(page: AppTest) -> None:
    data = b"format: lcel-playground-chain\nname: x\ncolour: red\n"
    page.file_uploader(key="chain_file").upload("jokes.yaml", data, "application/yaml").run()
    assert not page.exception
    assert "The file cannot be read as a chain: " in said(page)
    assert engine().library.find(Sought(), limit=1)[1] == 0
    page.file_uploader(key="chain_file").upload("jokes.yaml", b"a: &x 1", "application/yaml").run()
    assert "line 1, column 4 has an anchor" in said(page)


def test_what_is_offered_as_a_file_can_be_imported_again(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    chain = begun("word " * 9_000)
    assert _exports(opened(page, chain)) == CURRENT
    engine().library.save(chain, written("words " * 8_000), base=1)
    assert _exports(opened(page, chain)) == CURRENT | EVERY
    for kind in KINDS:
        file = read_chain(f"a.{kind}", write_chain(engine().library.file(chain, every=True), kind))
        assert len(file.versions) == 2
    for limit, value in (("MAX_FILE_BYTES", 120_000), ("MAX_VALUES", 100)):
        with monkeypatch.context() as changed:
            changed.setattr(taking, "_fitting", Remembered[bool](0))
            changed.setattr(notation, limit, value)
            assert _exports(opened(page, chain)) == CURRENT
            assert "All versions together are more than a file may hold." in said(page)
            changed.setattr(notation, limit, 10)
            assert _exports(opened(page, chain)) == set()
            assert "The current version is more than a file may hold." in said(page)


def test_files_are_reckoned_once_for_the_same_versions(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    chain, read, file = begun("Why?"), [0], engine().library.file

    def counted(chain: str, *, every: bool) -> ChainFile:
        read[0] += 1
        return file(chain, every=every)

    monkeypatch.setattr(engine().library, "file", counted)
    for wanted in (1, 1):
        assert _exports(opened(page, chain)) == CURRENT
        assert read == [wanted]


def test_five_hundred_versions_of_ten_messages_are_offered_and_taken_again(page: AppTest) -> None:
    rows = tuple(MessageSpec(role="human", template=f"message {number}") for number in range(10))
    document = Document(chain=simulated().model_copy(update={"messages": rows}))
    versions = tuple(
        FileVersion(number=number, created=datetime(2026, 1, 1, tzinfo=UTC), document=document)
        for number in range(1, 501)
    )
    chain = engine().library.take(ChainFile(name="Many", current=500, versions=versions))
    assert _exports(opened(page, chain)) == CURRENT | EVERY
    for kind in KINDS:
        assert len(read_chain(f"a.{kind}", write_chain(engine().library.file(chain, every=True), kind)).versions) == 500


def test_many_versions_are_listed_page_by_page(page: AppTest) -> None:
    chain = begun(*(f"text {number}" for number in range(30)))
    opened(page, chain)
    assert "open_version_30" in keys(page)
    assert "open_version_18" not in keys(page)
    page.session_state["versions_page"] = 3
    page.run()
    assert {"open_version_6", "open_version_1"} <= keys(page)
    opened(page, begun("one"))
    assert "open_version_1" in keys(page)


def _compared(page: AppTest) -> tuple[int, int]:
    one, other = (page.selectbox(key=f"compare_{which}").value for which in ("one", "other"))
    return int(one or 0), int(other or 0)


def _exports(page: AppTest) -> set[str]:
    """The files that are offered."""
    page.session_state["export_chain"] = True
    page.run()
    return {str(each.key) for each in page.get("download_button") if each.key}
