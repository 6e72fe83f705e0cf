"""The words of the simulated model: in the prompt's language and form, from the prompt's own values.

The answer knows nothing and says so. The same messages and the same seed give the same words.
"""

import json
import random
from collections.abc import Iterator, Sequence
from itertools import cycle

from langchain_core.messages import BaseMessage
from pydantic import JsonValue

from chains.images import Picture
from chains.models.simulated import json_form
from chains.models.simulated.asked import Asked, excerpt, read, request_text, system_text
from chains.models.simulated.form import Part
from chains.models.simulated.korean import fill_in
from chains.models.simulated.phrases import ENGLISH, KOREAN
from chains.models.simulated.tokens import count
from chains.templates.pictured import pictures

NATURAL_TOKENS = 100
"""The length that an answer grows to by itself: about three seconds at the default speed."""

_SENTENCES_IN_A_PARAGRAPH = 4
_TOKENS_AROUND_A_NOTE = 5
_JOKE_KEYS = ({"setup"}, {"punchline"})
_QUESTION_KEYS = ({"question", "질문"}, {"answer", "답", "대답"})


def answer(messages: Sequence[BaseMessage], seed: int, *, min_tokens: int | None = None, accented: bool = False) -> str:
    """The whole answer to `messages`, of at least `min_tokens` tokens (by itself 100 to 130; JSON as its form needs).

    It is Korean or English by the words of the last human message, stands under the headings that are asked for, and
    is valid JSON where the prompt speaks of JSON. `accented` puts characters of two to four bytes at its beginning.
    """
    asked = read(messages)
    voice = _Voice(asked, seed, [picture for message in messages for picture in pictures(message)])
    form = excerpt(f"{system_text(messages)}\n{request_text(messages)}")
    if json_form.is_wanted(form):
        return _json(form, voice, min_tokens=min_tokens or 0, accented=accented)
    paragraphs = _sections(asked, voice) if asked.parts else _plain(voice)
    closing = [[voice.disclaimer]]
    missing = max(NATURAL_TOKENS, min_tokens or 0) - count(_text(paragraphs + closing))
    _extend(paragraphs, voice, tokens=missing, in_turn=bool(asked.parts))
    opening = [[voice.accented]] if accented else []
    opening += [voice.facts()] if voice.facts() else []
    return _text(opening + paragraphs + closing)


class _Voice:
    """One language's sentences for one request, in the order that the seed gives them."""

    def __init__(self, asked: Asked, seed: int, pictures: Sequence[Picture]) -> None:
        self._asked = asked
        self._pictures = pictures
        self._phrases = KOREAN if asked.korean else ENGLISH
        self._random = random.Random(f"{seed}\n{asked.turn}\n{asked.request}\n{asked.system}")
        self._subject = asked.subject or self._phrases.nothing
        self._bodies = self._shuffled(self._phrases.bodies)
        self._joke = self._random.choice(self._phrases.jokes)
        self.disclaimer = self._phrases.disclaimer
        self.accented = self._phrases.accented

    def opening(self) -> Iterator[str]:
        """What a plain answer says before it goes on: an opening, the joke if one is asked for, the request's words."""
        yield self._said(self._random.choice(self._phrases.openings))
        if self._asked.joke:
            yield self.joke(0)
            yield self.joke(1)
        if self._asked.request:
            yield self._said(self._phrases.request)
        if self._asked.manner:
            yield self._said(self._phrases.manner)
        if self._asked.system:
            yield self._said(self._phrases.system)
        if self._asked.turn > 1:
            yield self._said(self._phrases.turn)

    def facts(self) -> list[str]:
        """What the bytes of the images say: one sentence each, in order."""
        phrase = self._phrases.picture
        return [
            phrase.format(number=number, format=each.format, width=each.width, height=each.height)
            for number, each in enumerate(self._pictures, start=1)
        ]

    def joke(self, half: int) -> str:
        """The joke's setup (0) or its punchline (1)."""
        return self._said(self._joke[half])

    def section(self, part: Part) -> str:
        """A sentence for one section, with its value if it has one."""
        choice = self._phrases.valued_sections if part.value else self._phrases.sections
        return self._said(self._random.choice(choice), title=part.title, value=part.value)

    def given(self, part: Part) -> str:
        """What the prompt gave in a section, with its title."""
        return self._said(self._phrases.valued_sections[0], title=part.title, value=part.value)

    def sentence(self) -> str:
        """The next sentence of no particular use; all of them come before one is repeated."""
        return next(self._bodies)

    def answers(self, key: str) -> str:
        """A text for one key of a JSON answer; for `""` all that a plain answer opens with."""
        if not key:
            return " ".join(self.opening())
        for half in (0, 1):
            if key.lower() in _JOKE_KEYS[half] or (self._asked.joke and key.lower() in _QUESTION_KEYS[half]):
                return self.joke(half)
        return self.sentence()

    def _said(self, phrase: str, *, title: str = "", value: str = "") -> str:
        values = {
            "subject": self._subject,
            "request": self._asked.request,
            "manner": self._asked.manner,
            "system": self._asked.system,
            "turn": str(self._asked.turn),
            "title": title,
            "value": value,
        }
        said = fill_in(phrase, values)
        return said[0].upper() + said[1:]

    def _shuffled(self, phrases: tuple[str, ...]) -> Iterator[str]:
        order = self._random.sample(phrases, len(phrases))
        return cycle([self._said(phrase) for phrase in order])


def _plain(voice: _Voice) -> list[list[str]]:
    return [list(voice.opening())]


def _sections(asked: Asked, voice: _Voice) -> list[list[str]]:
    """A paragraph for each part. A heading's line ends there; a label's text goes on beside it.

    What the prompt gave beside is said in them in turn.
    """
    paragraphs = [[part.line + (" " if part.beside else "\n") + voice.section(part)] for part in asked.parts]
    for number, part in enumerate(asked.beside):
        paragraphs[number % len(paragraphs)].append(voice.given(part))
    return paragraphs


def _extend(paragraphs: list[list[str]], voice: _Voice, *, tokens: int, in_turn: bool, around: int = 0) -> None:
    """Adds sentences of `tokens` tokens or little more: to the paragraphs in turn, or as new ones at the end.

    `around` is the number of tokens that the form puts around a sentence.
    """
    own = len(paragraphs)
    added = 0
    while tokens > 0:
        sentence = voice.sentence()
        tokens -= count(sentence) + around
        if in_turn:
            paragraphs[added % own].append(sentence)
        elif added % _SENTENCES_IN_A_PARAGRAPH == 0:
            paragraphs.append([sentence])
        else:
            paragraphs[-1].append(sentence)
        added += 1


def _text(paragraphs: Sequence[Sequence[str]]) -> str:
    return "\n\n".join(" ".join(sentences) for sentences in paragraphs)


def _json(form: str, voice: _Voice, *, min_tokens: int, accented: bool) -> str:
    """A JSON text. Only `min_tokens` can add a key that was not asked for: `notes`, a list of sentences."""
    first = True

    def say(key: str) -> str:
        nonlocal first
        said = [voice.answers(key)]
        if first:
            said = [*([voice.accented] if accented else []), *voice.facts(), *said, voice.disclaimer]
        first = False
        return " ".join(said)

    value = json_form.value(form, say)
    text = _dumped(value)
    missing = min_tokens - count(text)
    if missing <= 0:
        return text
    notes: list[list[str]] = [[]]
    _extend(notes, voice, tokens=missing, in_turn=True, around=_TOKENS_AROUND_A_NOTE)
    return _dumped(_with_notes(value, list(notes[0])))


def _with_notes(value: JsonValue, notes: list[JsonValue]) -> JsonValue:
    if isinstance(value, dict):
        return {**value, "notes": notes}
    return [*value, {"notes": notes}] if isinstance(value, list) else value


def _dumped(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
