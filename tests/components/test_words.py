"""Words: foreign text is shown as it stands, whatever Markdown would make of it."""

import pytest
from streamlit.testing.v1 import AppTest

from components.words import plain


@pytest.mark.parametrize(
    "text",
    ["![x](http://a/b)", "<img src=http://a>", "*a* _b_ `c`", ":material/home:", "$x$", "~~a~~", "[a][b]", "| a |"],
)
def test_plain_leaves_no_markup_unescaped(text: str) -> None:
    escaped = plain(text)
    assert escaped.replace("\\", "") == text
    marks = [at for at, character in enumerate(escaped) if character in "![]()<>*_`:$~|"]
    assert marks
    assert all(escaped[at - 1] == "\\" for at in marks)


def test_plain_puts_text_on_one_line() -> None:
    assert plain("a\n\n# b\tc") == r"a \# b c"


def test_what_a_person_sees_of_a_bug_is_a_sentence_without_its_words() -> None:
    def script() -> None:
        from components.shell import report_error

        report_error(ValueError("the secret inside"))

    app = AppTest.from_function(script).run()
    assert "Something went wrong" in app.error[0].value
    assert "secret" not in app.error[0].value
    assert not app.exception
