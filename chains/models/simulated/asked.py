"""What a prompt asks for, as far as its form shows it: language, subject, manner, sections."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from langchain_core.messages import BaseMessage

from chains.models.simulated.form import Form, Part, form

_EXCERPT = 4_000
_SUBJECT_CHARACTERS = 60
_REQUEST_CHARACTERS = 160

_HANGUL = re.compile(r"[가-힣ㄱ-ㅣᄀ-ᇿ]")
_SENTENCE_END = re.compile(r"[.?!。？！](?=\s|$)|\n")
_JOKE = re.compile(r"\b(?:jokes?|pun|riddle|funny)\b|농담|유머|개그|웃긴", re.IGNORECASE)
_ABOUT = (
    re.compile(r"^[ \t]*(?:question|topic|subject|q|질문|주제)[ \t]*[:：](.+)", re.IGNORECASE | re.MULTILINE),
    re.compile(r"\babout[ \t]+(.+)", re.IGNORECASE),
    re.compile(r"\b(?:poem|story|essay|haiku|song|jokes?)[ \t]+(?:on|of|for)[ \t]+(.+)", re.IGNORECASE),
    re.compile(
        r"\b(?:explain|describe|define|summari[sz]e|compare|discuss|introduce|translate)[ \t]+(.+)", re.IGNORECASE
    ),
    re.compile(r"\b(?:what|who|where)(?:[ \t]+(?:is|are|was|were)|['’]s)[ \t]+(.+)", re.IGNORECASE),
)
_WITHOUT = re.compile(
    r"\s*(?:\b(?:as|in|using|with)\s+(?:(?:a|an|the|valid)\s+)?(?:JSON|keys?|fields?)\b"
    r"|\b(?:under|with|in)\s+(?:(?:the|these)\s+)?(?:headings?|headers?|sections?)\b"
    r"|:\s|\{|\s(?:농담|유머|개그)$).*",
    re.IGNORECASE | re.DOTALL,
)
_VERB = r"(?:설명|알려|말해|말씀|이야기|얘기|써|작성|답|소개|요약|정리|번역|비교|농담|시를|글을|해\s?[줘주])"
_KOREAN_ABOUT = re.compile(r"에\s?(?:대해서?|대하여|대한|관해서?|관하여|관한)(?=\s)")
_KOREAN_OBJECT = re.compile(rf"[을를]\s(?=[^\n]{{0,40}}{_VERB})")
_KOREAN_MANNER = re.compile(rf"\s*([^\n]{{1,80}}?)\s*{_VERB}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the answer is built from. Texts are on one line and clipped; `""` and `()` where nothing was found."""

    request: str
    korean: bool
    joke: bool
    subject: str
    manner: str
    system: str
    turn: int
    parts: tuple[Part, ...]
    beside: tuple[Part, ...]
    """What the prompt gave in sections that are neither the answer's own nor its subject."""


def read(messages: Sequence[BaseMessage]) -> Asked:
    """Reads the system messages and the last human one (without a human one: the last of any kind)."""
    system = system_text(messages)
    text = request_text(messages)
    short = excerpt(text)
    asked_form = form(text, system)
    korean = _is_korean(short or excerpt(system))
    subject, manner = _subject(asked_form, korean=korean)
    return Asked(
        request=clip(text, _REQUEST_CHARACTERS),
        korean=korean,
        joke=bool(_JOKE.search(short)),
        subject=subject,
        manner=manner,
        system=clip(_first_sentence(excerpt(system)), _REQUEST_CHARACTERS),
        turn=sum(message.type == "human" for message in messages),
        parts=asked_form.parts,
        beside=tuple(part for part in asked_form.given[1:] if part not in asked_form.parts),
    )


def request_text(messages: Sequence[BaseMessage]) -> str:
    """The whole text of the message that is to be answered."""
    human = [message for message in messages if message.type == "human"]
    return text_of((human or messages)[-1]).strip() if messages else ""


def system_text(messages: Sequence[BaseMessage]) -> str:
    """The text of all system messages."""
    return "\n".join(text_of(message) for message in messages if message.type == "system")


def text_of(message: BaseMessage) -> str:
    """The text of `message`, without lone surrogates (they have no UTF-8 form)."""
    return str(message.text).encode("utf-8", "replace").decode("utf-8")


def clip(text: str, characters: int) -> str:
    """`text` on one line, cut to about `characters`, at a space if there is one near."""
    line = " ".join(text[: 8 * characters].split())
    if len(line) <= characters:
        return line
    head, space, _ = line[:characters].rpartition(" ")
    return (head if space and len(head) > characters // 2 else line[:characters]) + "…"


def excerpt(text: str) -> str:
    """`text`, or its first and last 4,000 characters: a long document is not searched for what it asks."""
    return text if len(text) <= 2 * _EXCERPT else f"{text[:_EXCERPT]}\n{text[-_EXCERPT:]}"


def _is_korean(text: str) -> bool:
    """Whether two in five words hold Hangul; three in ten where the last word does: verbs stand last."""
    words = [word for word in text.split() if any(letter.isalpha() for letter in word)]
    if not words:
        return False
    share = sum(bool(_HANGUL.search(word)) for word in words) / len(words)
    return share >= 0.4 or (share >= 0.3 and bool(_HANGUL.search(words[-1])))


def _subject(asked: Form, *, korean: bool) -> tuple[str, str]:
    """The subject and the manner: what the first section holds, what the text names, or the text itself."""
    if asked.given:
        return _quoted_if_long(clip(asked.given[0].value, _SUBJECT_CHARACTERS)), ""
    text = excerpt(asked.preamble)
    subject, manner = _korean_subject(text) if korean else ("", "")
    if not subject:
        subject = next((_first_sentence(found[1]) for about in _ABOUT if (found := about.search(text))), "")
    subject = _WITHOUT.sub("", subject).strip(" \t\"'“”‘’`,:.?!")
    if subject:
        return clip(subject, _SUBJECT_CHARACTERS), manner
    return _quoted_if_long(clip(text, _SUBJECT_CHARACTERS) or (asked.parts[0].title if asked.parts else "")), manner


def _quoted_if_long(subject: str) -> str:
    """A few words as they are; a sentence in quotation marks, so that it can stand inside another."""
    return subject if not subject or (len(subject.split()) <= 4 and subject[-1].isalnum()) else f"“{subject}”"


def _korean_subject(text: str) -> tuple[str, str]:
    if about := _KOREAN_ABOUT.search(text):
        found = _KOREAN_MANNER.match(text, about.end())
        manner = found[1].strip() if found else ""
        return _last_sentence(text[: about.start()]), "" if manner.endswith(("을", "를")) else manner
    if direct := _KOREAN_OBJECT.search(text):
        return _last_sentence(text[: direct.start()]), ""
    return "", ""


def _first_sentence(text: str) -> str:
    return _SENTENCE_END.split(text.strip(), maxsplit=1)[0]


def _last_sentence(text: str) -> str:
    return _SENTENCE_END.split(text.strip())[-1].strip()
