"""Images of message rows: added by their bytes, counted, deleted, kept with the draft and its run."""

import pytest
from streamlit.testing.v1 import AppTest

from runs.opened import engine
from tests.components.app import PLAYGROUND, RUNS, ready, run_of, said, write
from tests.support.pictures import drawn, uri, weighing
from tests.support.playground import Json, wait_until

PNG, JPEG = drawn(size=(640, 480)), drawn("JPEG")
File = tuple[str, bytes, str]


@pytest.fixture
def seeing(app: AppTest) -> AppTest:
    """The playground with the simulated model that takes images."""
    return app.run().selectbox(key="model").set_value("simulated-vision").run()


def test_images_are_added_counted_deleted_and_sent(seeing: AppTest) -> None:
    _upload(seeing, ("a.png", PNG, "image/png"), ("b.jpg", JPEG, "image/jpeg"))
    assert not seeing.exception
    assert "PNG, 640 × 480" in said(seeing)
    assert "JPEG, 64 × 48" in said(seeing)
    seeing.button(key="drop_image_0_0").click().run()
    assert "PNG, 640 × 480" not in said(seeing)
    assert ready(seeing)
    seeing.button(key="run").click().run()
    (row,) = _asked(seeing)["chain"]["messages"]
    assert row["images"] == [uri(JPEG, "jpeg")]


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (("a.png", b"no image at all", "image/png"), "The file is no PNG, JPEG or WebP image"),
        (("a.png", b"GIF89a" + bytes(100), "image/png"), "The file is no PNG, JPEG or WebP image"),
        (("a.png", weighing(5_000_001), "image/png"), "An image may have 5 MB at most."),
    ],
)
def test_what_is_no_image_is_said_and_not_taken(seeing: AppTest, file: File, words: str) -> None:
    _upload(seeing, file, ("good.png", PNG, "image/png"))
    assert words in said(seeing)
    assert seeing.session_state["images_0"] == [uri(PNG)]
    assert not seeing.exception


def test_a_message_takes_ten_images_and_the_chain_twenty_megabytes(seeing: AppTest) -> None:
    _upload(seeing, *[("a.png", PNG, "image/png")] * 11)
    assert "A message holds 10 images at most." in said(seeing)
    assert len(seeing.session_state["images_0"]) == 10
    assert ready(seeing)
    seeing.session_state["images_0"] = [uri(weighing(5_000_000))] * 3
    seeing.run()
    _upload(seeing, *[("a.png", weighing(4_000_000), "image/png")] * 2)
    assert "The images of a chain may have 20 MB at most together." in said(seeing)
    assert len(seeing.session_state["images_0"]) == 4
    assert ready(seeing)


def test_a_model_that_cannot_see_is_refused_on_the_form(seeing: AppTest) -> None:
    _upload(seeing, ("a.png", PNG, "image/png"))
    seeing.selectbox(key="model").set_value("simulated").run()
    assert not ready(seeing)
    assert "simulated cannot see images, and the prompt holds some." in said(seeing)
    assert "or remove the images." in said(seeing)
    assert "was sent" not in said(seeing)


def test_a_server_whose_models_are_unknown_is_sent_the_images_with_a_note(seeing: AppTest) -> None:
    _upload(seeing, ("a.png", PNG, "image/png"))
    seeing.selectbox(key="provider").set_value("openai-compatible").run()
    assert "sees images is not known here" in said(seeing)
    seeing.button(key="drop_image_0_0").click().run()
    assert "sees images is not known here" not in said(seeing)


def test_a_row_that_is_no_human_s_keeps_its_images_and_does_not_send_them(seeing: AppTest) -> None:
    _upload(seeing, ("a.png", PNG, "image/png"))
    seeing.selectbox(key="role_0").set_value("system").run()
    assert ready(seeing)
    seeing.selectbox(key="model").set_value("simulated").run()
    assert ready(seeing)
    seeing.selectbox(key="role_0").set_value("human").run()
    assert not ready(seeing)


def test_a_row_that_is_no_human_s_keeps_them_when_rows_come_and_go_or_are_converted(seeing: AppTest) -> None:
    write(seeing, "no variable")
    _upload(seeing, ("a.png", PNG, "image/png"))
    seeing.selectbox(key="role_0").set_value("system").run()
    seeing.button(key="add_message").click().run()
    seeing.button(key="convert").click().run()
    assert seeing.session_state["template_format"] == "mustache"
    seeing.button(key="delete_1").click().run()
    seeing.selectbox(key="role_0").set_value("human").run()
    assert seeing.session_state["images_0"] == [uri(PNG)]


def test_a_row_that_is_no_human_s_keeps_them_when_branches_come_and_go(seeing: AppTest) -> None:
    seeing.button(key="add_message").click().run()
    _upload(seeing, ("a.png", PNG, "image/png"))
    _upload(seeing, ("b.jpg", JPEG, "image/jpeg"), row=1)
    seeing.selectbox(key="role_0").set_value("system").run()
    seeing.selectbox(key="role_1").set_value("ai").run()
    seeing.button(key="add_branch").click().run()
    assert seeing.session_state["images_0"] == [uri(PNG)]
    assert seeing.session_state["branch_1_images_0"] == [uri(JPEG, "jpeg")]
    seeing.button(key="branch_0_delete").click().run()
    assert [seeing.session_state[f"images_{row}"] for row in (0, 1)] == [[uri(PNG)], [uri(JPEG, "jpeg")]]
    assert ready(seeing.selectbox(key="model").set_value("simulated").run())


def test_images_move_with_their_row_and_into_branches(seeing: AppTest) -> None:
    seeing.button(key="add_message").click().run()
    write(seeing, "Look", 1)
    _upload(seeing, ("a.png", PNG, "image/png"), row=1)
    seeing.button(key="delete_0").click().run()
    assert seeing.session_state["images_0"] == [uri(PNG)]
    seeing.button(key="add_branch").click().run()
    assert seeing.session_state["branch_0_images_0"] == [uri(PNG)]
    assert seeing.session_state["branch_1_images_0"] == [uri(PNG)]
    seeing.button(key="run").click().run()
    branches = _asked(seeing)["chain"]["branches"]
    assert [branch["messages"][0]["images"] for branch in branches] == [[uri(PNG)]] * 2


def test_images_survive_another_page_and_come_back_with_their_run(seeing: AppTest) -> None:
    _upload(seeing, ("a.png", PNG, "image/png"))
    seeing.button(key="run").click().run()
    run = run_of(seeing)
    seeing.switch_page(RUNS)
    seeing.query_params["run"] = run
    seeing.run()
    assert "PNG, 640 × 480" in said(seeing)
    assert not seeing.exception
    seeing.switch_page(PLAYGROUND).run()
    assert seeing.session_state["images_0"] == [uri(PNG)]
    seeing.session_state["images_0"] = []
    seeing.session_state["current_run"] = ""
    seeing.query_params["run"] = run
    seeing.run()
    assert seeing.session_state["images_0"] == [uri(PNG)]


def test_the_preview_says_what_the_images_are(seeing: AppTest) -> None:
    _upload(seeing, ("a.png", PNG, "image/png"))
    seeing.session_state["preview"] = True
    seeing.run()
    assert [code.value for code in seeing.code] == ["Tell me a joke about ice cream"]
    assert f"image, PNG, 640 × 480, {round(len(PNG) / 1000)} kB" in said(seeing)


@pytest.mark.parametrize("image", [PNG[:33], weighing(300)[:24] + b"\0" * 50])
def test_what_only_has_the_header_of_an_image_does_not_break_the_page(seeing: AppTest, image: bytes) -> None:
    _upload(seeing, ("a.png", image, "image/png"))
    assert not seeing.exception
    assert "It cannot be drawn." in said(seeing)


def test_an_image_of_a_billion_pixels_is_not_drawn(seeing: AppTest) -> None:
    huge = PNG[:16] + (50_000).to_bytes(4) * 2 + PNG[24:]
    _upload(seeing, ("a.png", huge, "image/png"))
    assert not seeing.exception
    assert "PNG, 50000 × 50000" in said(seeing)


def test_another_image_is_an_edit_of_the_draft(seeing: AppTest) -> None:
    seeing.button(key="run").click().run()
    engine().stop(run_of(seeing))
    wait_until(lambda: engine().has_ended(run_of(seeing)))
    assert "edited since this run" not in said(seeing.run())
    _upload(seeing, ("a.png", PNG, "image/png"))
    assert "edited since this run" in said(seeing)
    assert "base64" not in seeing.session_state["run_draft"]


def _upload(app: AppTest, *files: File, row: int = 0) -> None:
    found = next(each for each in app.file_uploader if str(each.key).startswith(f"upload_{row}_"))
    found.set_value(list(files)).run()


def _asked(app: AppTest) -> Json:
    asked: Json = engine().record(run_of(app))["request"]  # type: ignore[assignment]
    return asked
