"""Offsets of a template and the lines and columns that people read, both ways, each place in logarithmic time."""

import re
from bisect import bisect_right


class Places:
    """The lines of one template. They end with a line feed; lines and columns count from 1, columns in characters."""

    def __init__(self, template: str) -> None:
        self._starts = [0, *(found.end() for found in re.finditer("\n", template))]

    def of(self, offset: int) -> tuple[int, int]:
        """Line and column of the character `offset`."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The offset of a place."""
        return self._starts[line - 1] + column - 1
