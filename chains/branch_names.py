"""Which names a branch may have: those that `RunnableParallel(name=…)` takes and gives back unchanged.

Python reads a keyword argument in its normal form (NFKC), so that another spelling of a name would come back as another
key; `self` and `steps__` are parameters of the class itself.
"""

from keyword import iskeyword
from typing import Final
from unicodedata import is_normalized

from chains.unseen import INVISIBLE

MAX_BRANCH_NAME: Final = 50
RESERVED: Final = frozenset({"self", "steps__"})


def fits(name: str) -> bool:
    """Whether a branch may be called so; its length is not looked at."""
    plain = name.isidentifier() and is_normalized("NFKC", name) and not INVISIBLE.search(name)
    return plain and not iskeyword(name) and name not in RESERVED
