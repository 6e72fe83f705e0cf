"""Saved chains in the store: versions that never change, two who save at once, search, files."""

import multiprocessing
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from chains.documents.apart import apart
from chains.documents.document import Document, FieldSpec, OffSection
from chains.files.chain_file import MAX_VERSIONS, read_chain, write_chain
from chains.outcomes import Refused
from chains.spec import MessageSpec
from runs.draft import Place
from runs.engine import Engine
from runs.errors import AboutMoved, HeadMoved, UnknownSaved
from runs.saved import About, Saved, SavedChain, Sought
from runs.store import images
from runs.store import library as library_module
from runs.store.library import Library
from tests.support.asked import request, simulated
from tests.support.engines import age, finish, opened
from tests.support.pictures import drawn, uri, weighing


@pytest.fixture
def library(engine: Engine) -> Library:
    return engine.library


def written(template: str) -> Document:
    return Document(chain=simulated(template))


def begun(library: Library, template: str = "one", name: str = "Jokes", **about: object) -> str:
    """A chain with one version."""
    return library.begin(About(name, **about), written(template)).chain  # type: ignore[arg-type]


def templates(library: Library, chain: str) -> dict[int, str]:
    """The text of each version, by number."""
    versions = library.open(chain).versions
    return {version.number: library.document(chain, version.number).chain.rows[0].template for version in versions}


def test_a_version_keeps_the_whole_document_to_the_letter(tmp_path: Path) -> None:
    document = Document(
        chain=simulated("# 역할\r\n{who} \0 😀"),
        fields={"who": FieldSpec(kind="choice", choices=("a", "b"))},
        off=(OffSection(row=0, before=1, text="# Off\n"),),
        inputs={"who": "me", "list": [1, 2.5, None, {"a": True}]},
    )
    with opened(tmp_path) as engine:
        saved = engine.library.begin(About("a"), document, "first")
    with opened(tmp_path) as engine:
        assert engine.library.document(saved.chain, 1) == document


def test_every_save_is_a_version_with_message_instant_and_parent(library: Library) -> None:
    chain = begun(library)
    assert library.save(chain, written("two"), base=1, message=" shorter\n now ") == Saved(chain, 2, 2)
    assert library.save(chain, written("three"), base=2) == Saved(chain, 3, 3)
    found = library.open(chain)
    assert [(each.number, each.parent, each.message) for each in found.versions] == [
        (1, 0, ""),
        (2, 1, "shorter now"),
        (3, 2, ""),
    ]
    assert found.head == 3
    assert found.versions[0].created <= found.versions[1].created <= found.used
    assert templates(library, chain) == {1: "one", 2: "two", 3: "three"}


def test_who_saves_on_an_older_version_overwrites_nothing(library: Library) -> None:
    chain = begun(library)
    library.save(chain, written("theirs"), base=1)
    mine = library.save(chain, written("mine"), base=1)
    assert (mine.number, mine.head, mine.beside) == (3, 2, True)
    found = library.open(chain)
    assert templates(library, chain) == {1: "one", 2: "theirs", 3: "mine"}
    assert [found.is_beside(number) for number in (1, 2, 3)] == [False, False, True]
    assert library.save(chain, written("mine again"), base=3).beside


def test_mine_can_be_made_the_current_one_unless_the_head_has_moved_again(library: Library) -> None:
    chain = begun(library)
    library.save(chain, written("theirs"), base=1)
    library.save(chain, written("mine"), base=1)
    library.save(chain, written("third"), base=2)
    with pytest.raises(HeadMoved):
        library.make_current(chain, 3, instead_of=2)
    assert library.open(chain).head == 4
    library.make_current(chain, 3, instead_of=4)
    library.make_current(chain, 3, instead_of=4)
    found = library.open(chain)
    assert (found.head, found.is_beside(3), found.is_beside(4), found.is_beside(1)) == (3, False, True, False)
    assert library.save(chain, written("on mine"), base=3).head == 5
    with pytest.raises(UnknownSaved):
        library.make_current(chain, 99, instead_of=5)


def test_saving_the_same_again_keeps_nothing_twice(library: Library) -> None:
    chain = begun(library)
    assert library.save(chain, written("one"), base=1) == Saved(chain, 1, 1, is_new=False)
    library.save(chain, written("two"), base=1)
    assert library.save(chain, written("two"), base=1) == Saved(chain, 2, 2, is_new=False)
    assert library.save(chain, written("one"), base=1) == Saved(chain, 1, 2, is_new=False)
    assert len(library.open(chain).versions) == 2


def test_restoring_is_a_new_version_that_says_which_it_took(library: Library) -> None:
    chain = begun(library)
    library.save(chain, written("two"), base=1)
    assert library.restore(chain, 1, instead_of=2) == Saved(chain, 3, 3)
    last = library.open(chain).versions[-1]
    assert (last.parent, last.restored) == (2, 1)
    assert templates(library, chain) == {1: "one", 2: "two", 3: "one"}
    assert library.restore(chain, 1, instead_of=3) == Saved(chain, 3, 3, is_new=False)
    with pytest.raises(HeadMoved):
        library.restore(chain, 2, instead_of=2)
    with pytest.raises(UnknownSaved):
        library.restore(chain, 9, instead_of=3)


def test_of_many_threads_that_save_at_once_one_is_current_and_all_are_kept(library: Library) -> None:
    chain, saved = begun(library), list[Saved]()
    ready = threading.Barrier(8)

    def save(who: int) -> None:
        ready.wait()
        saved.append(library.save(chain, written(f"by {who}"), base=1))

    savers = [threading.Thread(target=save, args=(who,)) for who in range(8)]
    for saver in savers:
        saver.start()
    for saver in savers:
        saver.join()
    assert sorted(each.number for each in saved) == [*range(2, 10)]
    assert [each.number for each in saved if not each.beside] == [2]
    assert {*templates(library, chain).values()} == {"one", *(f"by {who}" for who in range(8))}
    assert library.open(chain).head == 2


def _save_in_a_process(folder: Path, chain: str, who: str, ready: "multiprocessing.synchronize.Barrier") -> None:
    with opened(folder) as engine:
        ready.wait(30)
        for number in range(5):
            engine.library.save(chain, written(f"{who} {number}"), base=1)


def test_two_processes_that_save_at_once_overwrite_nothing(tmp_path: Path) -> None:
    with opened(tmp_path) as engine:
        chain = begun(engine.library)
        spawning = multiprocessing.get_context("spawn")
        ready = spawning.Barrier(2)
        savers = [spawning.Process(target=_save_in_a_process, args=(tmp_path, chain, who, ready)) for who in "ab"]
        for saver in savers:
            saver.start()
        for saver in savers:
            saver.join(60)
        assert [saver.exitcode for saver in savers] == [0, 0]
        assert {*templates(engine.library, chain).values()} == {
            "one",
            *(f"{who} {n}" for who in "ab" for n in range(5)),
        }
        assert engine.library.open(chain).head == 2


def test_the_last_used_is_listed_first_and_words_are_found_wherever_they_stand(library: Library) -> None:
    rain = begun(library, "About 100% rain", "Weather", tags=("Sky", "sky", " demo "))
    snow = begun(library, "눈은 왜 와?", "", description="Winter only")
    walrus = begun(library, "old walrus", "Sea", tags=("demo",))
    library.save(walrus, written("new seal"), base=1)

    def find(text: str = "", *tags: str) -> list[str]:
        found, total = library.find(Sought(text, tags), limit=9)
        assert total == len(found)
        return [listed.id for listed in found]

    assert find() == [walrus, snow, rain]
    assert find("WEATHER") == find("100%") == find("sky") == [rain]
    assert find("winter") == find("눈은") == [snow]
    assert (find("seal"), find("walrus"), find("_")) == ([walrus], [], [])
    assert find("", "demo") == [walrus, rain]
    assert find("", "demo", "Sky") == find("rain", "demo") == [rain]
    assert library.tags() == ["Sky", "demo"]
    library.note_used(rain)
    assert find() == [rain, walrus, snow]
    assert [listed.about.name for listed in library.find(Sought(), limit=1, offset=2)[0]] == ["눈은 왜 와?"]
    assert library.find(Sought(), limit=1)[1] == 3
    assert [(listed.versions, listed.about.tags) for listed in library.find(Sought("seal"), limit=9)[0]] == [
        (2, ("demo",))
    ]


def test_a_chain_is_renamed_described_and_tagged_without_a_version(library: Library) -> None:
    chain = begun(library, name="a\nb\0" + "x" * 300)
    assert library.open(chain).about.name == "a b" + "x" * 197
    was = library.open(chain).about
    library.describe(chain, About(" ", "what\nfor ", ("b", "A", "B", "", " a ")), instead_of=was)
    with pytest.raises(AboutMoved):
        library.describe(chain, About("late"), instead_of=was)
    assert library.open(chain).about == About("a b" + "x" * 197, "what\nfor", ("A", "b"))
    assert len(library.open(chain).versions) == 1


def test_deleting_a_chain_leaves_the_others_and_the_runs(engine: Engine, tmp_path: Path) -> None:
    chain, other = begun(engine.library, tags=("t",)), begun(engine.library, tags=("t",))
    run = finish(engine, request(simulated())).run
    engine.library.delete(chain)
    for act in (engine.library.open, engine.library.delete, engine.library.note_used):
        with pytest.raises(UnknownSaved):
            act(chain)
    for number in (1, 2):
        with pytest.raises(UnknownSaved):
            engine.library.document(chain, number)
    with pytest.raises(UnknownSaved):
        engine.library.save(chain, written("two"), base=1)
    assert engine.record(run)["status"] == "done"
    assert engine.library.open(other).about.tags == ("t",)
    with closing(sqlite3.connect(tmp_path / "playground.sqlite3")) as store:
        for table in ("saved_chains", "chain_versions", "chain_tags"):
            assert store.execute(f"SELECT count(*) FROM {table}").fetchone() == (1,)


def test_a_full_chain_takes_no_more_and_says_so(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    chain = begun(library)
    monkeypatch.setattr(library_module, "MAX_SIZE", library.open(chain).versions[0].size * 2 + 10)
    library.save(chain, written("two"), base=1)
    with pytest.raises(Refused) as refused:
        library.save(chain, written("three"), base=2)
    assert refused.value.outcome.code == "too_many_versions"
    monkeypatch.setattr(library_module, "MAX_SIZE", 10**9)
    monkeypatch.setattr(library_module, "MAX_VERSIONS", 2)
    with pytest.raises(Refused):
        library.restore(chain, 1, instead_of=2)
    assert templates(library, chain) == {1: "one", 2: "two"}
    assert MAX_VERSIONS == 500


def test_a_file_holds_the_current_version_or_all_and_becomes_a_chain_of_its_own(library: Library) -> None:
    chain = begun(library, "one", description="d", tags=("t",))
    library.save(chain, written("theirs"), base=1, message="m")
    library.save(chain, written("mine"), base=1)
    library.restore(chain, 1, instead_of=2)

    every = library.file(chain, every=True)
    again = library.take(read_chain("a.yaml", write_chain(every, "yaml")))
    assert again != chain
    assert library.file(again, every=True) == every
    assert _shape(library.open(again)) == _shape(library.open(chain))
    instants = [[version.created for version in library.open(each).versions] for each in (again, chain)]
    assert instants[0] == pytest.approx(instants[1], abs=1e-5, rel=0)

    alone = library.file(chain, every=False)
    single = library.open(library.take(read_chain("a.json", write_chain(alone, "json"))))
    assert (single.head, [(v.number, v.parent, v.restored) for v in single.versions]) == (4, [(4, 0, 0)])
    assert library.save(single.id, written("next"), base=4).number == 5


def _shape(chain: SavedChain) -> tuple[object, ...]:
    versions = [(v.number, v.parent, v.message, v.restored) for v in chain.versions]
    return chain.about, chain.head, versions


def pictured(template: str, *images: str) -> Document:
    row = MessageSpec(role="human", template=template, images=images)
    return Document(chain=simulated().model_copy(update={"messages": (row,)}))


def test_images_are_saved_once_a_chain_and_go_with_it(library: Library, tmp_path: Path) -> None:
    one, other = uri(weighing(5_000_000)), uri(drawn())
    documents = [pictured("a", one), pictured("b", one, other), pictured("c")]
    chain = library.begin(About("a"), documents[0]).chain
    for base, document in enumerate(documents[1:], start=1):
        library.save(chain, document, base=base)
    assert [library.document(chain, number) for number in (1, 2, 3)] == documents
    assert not library.save(chain, pictured("b", one, other), base=2).is_new
    assert library.restore(chain, 1, instead_of=3).number == 4
    assert library.document(chain, 4) == documents[0]
    assert library.open(chain).versions[1].size == len(documents[1].model_dump_json())
    again = library.take(read_chain("a.json", write_chain(library.file(chain, every=False), "json")))
    assert library.document(again, 4) == documents[0]
    with closing(sqlite3.connect(tmp_path / "playground.sqlite3")) as store:
        kept = "SELECT (SELECT count(*) FROM images), (SELECT max(length(document)) < 10000 FROM chain_versions)"
        assert store.execute(kept).fetchone() == (2, 1)
        library.delete(chain)
        assert library.document(again, 4) == documents[0]
        library.delete(again)
        assert store.execute(kept).fetchone() == (0, None)


def test_a_chain_that_is_full_of_images_takes_no_more(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = (uri(weighing(10_000 + n)) for n in range(2))
    monkeypatch.setattr(library_module, "MAX_IMAGES_SIZE", len(one) + 10)
    chain = library.begin(About("a"), pictured("a", one)).chain
    assert library.save(chain, pictured("b", one), base=1).number == 2
    with pytest.raises(Refused) as refused:
        library.save(chain, pictured("c", one, other), base=2)
    assert "of images" in refused.value.outcome.message
    assert len(library.open(chain).versions) == 2


def test_an_image_that_another_adds_at_the_same_moment_is_kept_once(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = pictured("a", uri(drawn()))
    library.begin(About("a"), document)
    # What the other has added is not seen before its transaction is over.
    monkeypatch.setattr(images, "_known", lambda session, digests: set[str]())
    chain = library.begin(About("b"), document).chain
    assert library.document(chain, 1) == document
    with closing(sqlite3.connect(tmp_path / "playground.sqlite3")) as store:
        assert store.execute("SELECT count(*) FROM images").fetchone() == (1,)


def test_an_image_that_two_threads_save_and_delete_is_there_as_long_as_one_chain_has_it(
    library: Library, tmp_path: Path
) -> None:
    document = pictured("a", uri(drawn()))

    def save_and_delete() -> None:
        for _ in range(10):
            chain = library.begin(About("a"), document).chain
            assert library.document(chain, 1) == document
            library.delete(chain)

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(save_and_delete) for _ in range(2)]:
            done.result()
    with closing(sqlite3.connect(tmp_path / "playground.sqlite3")) as store:
        assert store.execute("SELECT count(*) FROM images").fetchone() == (0,)


def test_a_database_that_refuses_is_said(library: Library, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    chain = begun(library)
    with sqlite3.connect(tmp_path / "playground.sqlite3") as connection:
        connection.execute("DROP TABLE chain_versions")
    with pytest.raises(Refused) as refused:
        library.begin(About("b"), written("two"))
    assert refused.value.outcome.code == "not_saved"
    with pytest.raises(Refused):
        library.save(chain, written("two"), base=1)
    assert "chain_versions" in caplog.text


def test_a_version_of_before_images_were_kept_apart_is_read(library: Library, tmp_path: Path) -> None:
    document = pictured("a", uri(drawn()))
    chain = library.begin(About("a"), document).chain
    with closing(sqlite3.connect(tmp_path / "playground.sqlite3")) as store, store:
        store.execute("UPDATE chain_versions SET document = ?", [document.model_dump_json()])
    assert library.document(chain, 1) == document


def test_a_store_that_goes_back_before_images_has_them_in_its_texts(tmp_path: Path) -> None:
    document = pictured("a", uri(drawn()))
    text = document.model_dump_json()
    with opened(tmp_path) as engine:
        chain = engine.library.begin(About("a"), document).chain
        engine.library.save(chain, pictured("b", uri(drawn())), base=1)
        snapshot = engine.snapshots.keep(text)
        place = engine.drafts.keep("mine", apart(text), run="", place=Place())
    age(tmp_path, "0006")
    with closing(sqlite3.connect(tmp_path / "playground.sqlite3")) as store:
        for kept in ("content FROM drafts", "content FROM snapshots", "document FROM chain_versions WHERE number = 1"):
            assert store.execute(f"SELECT {kept}").fetchone() == (text,)
    with opened(tmp_path) as again:
        assert again.library.document(chain, 1) == document
        assert again.library.document(chain, 2).chain.rows[0].images == document.chain.rows[0].images
        assert again.snapshots.open(snapshot) == text
        draft = again.drafts.open("mine", place.id)
        assert draft is not None
        assert draft.content == text


def test_a_store_of_before_the_library_gets_its_tables(tmp_path: Path) -> None:
    with opened(tmp_path):
        pass
    age(tmp_path, "0004")
    with opened(tmp_path) as engine:
        assert engine.library.open(begun(engine.library)).head == 1
