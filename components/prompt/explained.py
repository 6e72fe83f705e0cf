"""An outcome in the session's language."""

from chains.outcomes import SENTENCES, Outcome
from chains.phrases import filled
from components.words import _, listed


def explained(outcome: Outcome) -> str:
    """What happened and what to do; of very many names the first."""
    values, names = outcome.values, outcome.values.get("names")
    if isinstance(names, str):
        values = {**values, "names": listed(names.split(", "))}
    return " ".join(filled(sentence, values, _) for sentence in SENTENCES[outcome.code])
