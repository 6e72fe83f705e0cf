"""An outcome in the session's language."""

from chains.outcomes import SENTENCES, Outcome
from chains.phrases import filled
from components.words import _


def explained(outcome: Outcome) -> str:
    """What happened and what to do."""
    return " ".join(filled(sentence, outcome.values, _) for sentence in SENTENCES[outcome.code])
