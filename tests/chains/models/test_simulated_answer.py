import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from chains.models.simulated.answer import answer
from chains.models.simulated.phrases import ENGLISH, KOREAN, Phrases
from chains.models.simulated.tokens import count


def asked(text: str, *, seed: int = 0, min_tokens: int | None = None) -> str:
    return answer([HumanMessage(text)], seed, min_tokens=min_tokens)


def lines_of(text: str, start: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(start)]


@pytest.mark.parametrize("seed", range(20))
def test_a_joke_mentions_its_topic_and_admits_that_it_is_simulated(seed: int) -> None:
    text = asked("Tell me a joke about ice cream", seed=seed)
    first = text.splitlines()[0].lower()
    assert any(
        setup.format(subject="ice cream").lower() in first and punchline.lower() in first
        for setup, punchline in ENGLISH.jokes
    )
    assert text.endswith(ENGLISH.disclaimer)


@pytest.mark.parametrize("seed", range(20))
def test_a_korean_prompt_is_answered_in_korean_with_both_of_its_values(seed: int) -> None:
    text = asked("아이스크림에 대해 초등학생도 알 수 있게 쉽게 설명해주세요.", seed=seed)
    assert "아이스크림" in text
    assert "들려 달라고 하셨습니다: 초등학생도 알 수 있게 쉽게." in text
    assert text.endswith(KOREAN.disclaimer)


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("LangChain Expression Language에 대해 알려줘", KOREAN),
        ("Translate 안녕하세요 to English", ENGLISH),
        ("Translate into English: 안녕하세요", ENGLISH),
        ("대한민국의 수도는 어디인가요?", KOREAN),
        ("What is the capital of Korea?", ENGLISH),
        ("12345", ENGLISH),
        ("", ENGLISH),
    ],
)
def test_the_language_is_the_prompts(text: str, phrases: Phrases) -> None:
    assert asked(text).endswith(phrases.disclaimer)


def test_the_system_message_decides_the_language_of_a_prompt_without_words() -> None:
    assert answer([SystemMessage("친절하게 답해 주세요."), HumanMessage("")], 0).endswith(KOREAN.disclaimer)


@pytest.mark.parametrize("text", ["Tell me a joke about ice cream", "아이스크림에 대해 쉽게 설명해주세요"])
def test_an_answer_lasts_about_three_seconds_at_the_default_speed(text: str) -> None:
    assert all(100 <= count(asked(text, seed=seed)) <= 130 for seed in range(30))


def test_the_same_seed_gives_the_same_words_and_another_gives_others() -> None:
    assert asked("What is rain?", seed=7) == asked("What is rain?", seed=7)
    assert len({asked("What is rain?", seed=seed) for seed in range(20)}) > 15


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Explain quantum computing. Be brief.", "quantum computing"),
        ("Question: why is the sky blue", "why is the sky blue"),
        ("vanilla", "vanilla"),
        ("Answer me now, whatever it may be", "“Answer me now, whatever it may be”"),
        ("고양이를 짧게 설명해줘", "고양이"),
        ("고양이 농담을 해줘", "고양이"),
    ],
)
def test_the_subject_is_what_the_prompt_names_or_its_own_words(text: str, subject: str) -> None:
    assert subject in asked(text).replace(text, "", 0 if subject.startswith("“") else 1)


def test_headings_of_the_prompt_head_the_answer_with_what_stood_under_them() -> None:
    text = asked("# 상황: 카페에서 주문하기\n\n## 말투\n정중하게")
    assert lines_of(text, "#") == ["# 상황:", "## 말투"]
    first, second = text.split("## 말투")
    assert "카페에서 주문하기" in first
    assert "정중하게" in second


def test_the_headings_that_follow_an_empty_format_are_the_form() -> None:
    text = asked("# 상황: 카페에서 주문하기\n# FORMAT:\n# 대화\n# 해설")
    assert lines_of(text, "#") == ["# 대화", "# 해설"]
    assert "카페에서 주문하기" in text


def test_every_value_that_was_given_is_used_beside_a_form() -> None:
    text = asked("# 상황: 여행\n# 목표: 서울\n# 인원: 두 명\n# FORMAT:\n- 제목:")
    assert lines_of(text, "- 제목: ")
    assert all(text.count(value) >= 1 for value in ("여행", "“목표” 항목에 주신 내용은 “서울”", "“인원” 항목에 주신"))


def test_a_value_under_its_own_heading_is_said_once() -> None:
    text = asked("# 상황: 카페\n\n## 말투\n정중하게")
    assert text.count("정중하게") == 1


@pytest.mark.parametrize("words", ["under the headings # Pros and # Cons", "with sections # Pros, # Cons"])
def test_the_headings_that_are_asked_for_are_no_part_of_the_subject(words: str) -> None:
    text = asked(f"Explain tea {words}")
    assert lines_of(text, "#") == ["# Pros", "# Cons"]
    assert words not in text
    assert "tea" in text


def test_deeper_headings_under_format_are_the_form_and_later_ones_are_values() -> None:
    text = asked("# FORMAT\nUse these:\n## Setup\n## Punchline\n# Topic\nice cream")
    assert lines_of(text, "#") == ["## Setup", "## Punchline"]
    assert "ice cream" in text


def test_labels_under_format_are_answered_beside_them() -> None:
    text = asked("영어 회화를 작성해 주세요.\n\n#상황:\n식당에서 주문\n\n#FORMAT:\n- 영어 회화:\n- 한글 해석:\n")
    assert [len(lines_of(text, label)) for label in ("- 영어 회화: ", "- 한글 해석: ")] == [1, 1]
    assert "식당에서 주문" in text
    assert "#" not in text


def test_an_introduction_is_no_label_where_a_list_follows() -> None:
    text = asked("Write about tea.\n# FORMAT\nUse this form:\n- Title: <a title>\n- Body:")
    assert lines_of(text, "- Title: ")
    assert lines_of(text, "- Body: ")
    assert "Use this form: " not in text.partition("\n\n")[0]


def test_a_format_in_the_system_message_counts_and_its_other_headings_do_not() -> None:
    form = SystemMessage("# Role\nA poet.\n# Output format\n## Verse\n## Moral")
    assert lines_of(answer([form, HumanMessage("Write about rain")], 0), "#") == ["## Verse", "## Moral"]
    assert lines_of(answer([SystemMessage("# Role\nA poet."), HumanMessage("Write about rain")], 0), "#") == []


def test_headings_named_in_a_sentence_are_used() -> None:
    assert lines_of(asked("Answer about tea under the headings # Pros and # Cons."), "#") == ["# Pros", "# Cons"]


def test_a_comment_in_a_code_block_is_no_heading() -> None:
    assert lines_of(asked("Explain this:\n```\n# a comment\nx = 1\n```"), "#") == []


def test_earlier_turns_are_counted_and_the_last_one_is_answered() -> None:
    history: list[BaseMessage] = [HumanMessage("What is tea?"), AIMessage("Tea."), HumanMessage("What is coffee?")]
    text = answer(history, 0)
    assert "question number 2" in text
    assert "coffee" in text
    assert "tea?" not in text


def test_the_system_message_is_mentioned() -> None:
    assert "expert in physics" in answer([SystemMessage("You are an expert in physics."), HumanMessage("Hi")], 0)


@pytest.mark.parametrize(
    "text", ["Tell me about tea", "# Setup\n# Punchline", "차에 대해 알려줘", "Give me JSON about tea"]
)
@pytest.mark.parametrize("tokens", [1, 500, 10_000])
def test_min_tokens_extends_the_answer(text: str, tokens: int) -> None:
    extended = asked(text, min_tokens=tokens)
    assert tokens <= count(extended) <= max(tokens, 100) * 1.02 + 100
    assert extended == asked(text, min_tokens=tokens)


def test_accented_answers_begin_with_characters_of_two_three_and_four_bytes() -> None:
    first = answer([HumanMessage("Hi")], 0, accented=True).splitlines()[0]
    assert {len(character.encode()) for character in first} == {1, 2, 3, 4}


def test_blocks_of_text_are_read_and_pictures_are_passed_over() -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    assert "tea" in answer([HumanMessage([{"type": "text", "text": "Tell me about tea"}, picture])], 0)


@given(st.lists(st.text(max_size=200).map(HumanMessage) | st.text(max_size=200).map(SystemMessage), max_size=4))
def test_any_prompt_is_answered_in_text_that_has_a_utf8_form(messages: list[BaseMessage]) -> None:
    assert answer(messages, 0).encode()


@given(st.text(alphabet='# \n:-ab에대해FORMAT{}"[]`', max_size=80))
def test_any_form_is_answered(text: str) -> None:
    assert count(asked(text)) > 10


def test_a_lone_surrogate_in_the_prompt_does_not_reach_the_answer() -> None:
    assert "tea" in asked("Tell me about tea \ud800").encode().decode()
