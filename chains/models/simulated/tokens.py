"""Text cut into pieces of about a token's size: a stand-in for a tokenizer, without its vocabulary."""

import re

_TOKEN = re.compile(r" ?[가-힣]{1,2}| ?[^\W\d_가-힣]{1,7}| ?\d{1,3}|\n{1,8}| {1,16}(?= )| ?[\s\S]")


def split(text: str) -> list[str]:
    """The tokens of `text`: word pieces with the space before them, one or two Hangul syllables. Joined: `text`."""
    return _TOKEN.findall(text)


def count(text: str) -> int:
    """The number of tokens of `text`."""
    return len(_TOKEN.findall(text))
