"""Texts with characters that cannot be seen but are part of what is."""

PARTS_OF_WHAT_IS_SEEN = (
    "👩\u200d👩\u200d👧",
    "❤\ufe0f",
    "👁\ufe0f\u200d🗨\ufe0f",
    "🏳\ufe0f\u200d🌈",
    "👩🏽\u200d🚀",
    "🏃🏿\u200d♂\ufe0f",
    "1\ufe0f\u20e3 #\ufe0f\u20e3",
    "☎\ufe0e",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "می\u200cخواهم",
    "क्\u200dष श्री",
    "ශ්\u200dරී",
    "ᠮᠣᠩᠭᠣᠯ\u180b ᠬᠠᠷ\u180eᠠ",
    "🇰🇷 한국어 ﷽",
)
