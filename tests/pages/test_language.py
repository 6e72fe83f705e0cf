"""The pages in the reader's language: the browser's, or the one that was chosen."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from tests.components.app import RUNS, ready, said, write

HANGUL = re.compile("[가-힣]")
KEPT_AS_THEY_ARE = {"topic", "provider"}
"""Labels that are names."""


@pytest.fixture
def korean(app: AppTest) -> AppTest:
    app.context["locale"] = "ko-KR"
    return app


def test_a_korean_browser_gets_a_korean_playground(korean: AppTest) -> None:
    korean.run()
    assert korean.button(key="run").label == "실행"
    assert "아직 실행한 것이 없습니다." in said(korean)
    widgets = [*korean.button, *korean.text_input, *korean.selectbox, *korean.segmented_control, *korean.expander]
    labels = [widget.label for widget in widgets]
    assert len(labels) > 8
    assert [label for label in labels if not HANGUL.search(label)] == []
    assert not korean.exception


def test_a_parameter_is_explained_and_a_provider_is_named_in_korean(korean: AppTest) -> None:
    korean.run()
    assert [toggle.help for toggle in korean.toggle if not HANGUL.search(toggle.help)] == []
    assert korean.selectbox(key="provider").options == ["모의 모델", "OpenAI", "OpenAI 호환 서버"]


def test_a_refusal_is_korean_with_the_reason_inside(korean: AppTest) -> None:
    korean.run().selectbox(key="provider").set_value("openai-compatible").run()
    korean.text_input(key="base_url").set_value("http://name:secret@localhost/v1").run()
    assert "기본 URL이 맞지 않습니다: 사용자 이름이나 비밀번호를 넣을 수 없습니다" in said(korean)


def test_a_history_that_does_not_fit_is_explained_in_korean_to_the_last_word(korean: AppTest) -> None:
    korean.run().button(key="add_message").click().run()
    korean.selectbox(key="role_1").set_value("placeholder").run()
    write(korean, "history", 1)
    korean.text_area(key="var_history").set_value("[[]]").run()
    assert not ready(korean)
    assert "history의 값이 메시지 목록이 아닙니다: 1번째 메시지가 목록입니다." in said(korean)


def test_a_language_that_we_do_not_speak_is_english(app: AppTest) -> None:
    app.context["locale"] = "xx-../../etc"
    assert app.run().button(key="run").label == "Run"


def test_the_chosen_language_holds_on_every_page(korean: AppTest) -> None:
    korean.run().selectbox(key="language").set_value("en").run()
    assert korean.button(key="run").label == "Run"
    korean.switch_page(RUNS).run()
    assert "Nothing is kept yet." in said(korean)
    korean.session_state["language"] = ""
    korean.run()
    assert "아직 보관된 실행이 없습니다." in said(korean)
