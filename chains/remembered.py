"""Values that were made of something else, kept for a while: a screen asks the same of the same at every turn."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """Finished values by what they were made of: those used last, as many as weigh `most` together.

    Several threads may ask at once; two that ask for the same may both make it.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._weight = 0
        self._kept: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, weight: int, make: Callable[[], Value]) -> Value:
        """The value of `key`, made if it is not there; one of a greater `weight` than all may have is not kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
        value = make()
        if weight <= self._most:
            with self._lock:
                self._keep(key, value, weight)
        return value

    def _keep(self, key: Hashable, value: Value, weight: int) -> None:
        self._weight += weight - self._kept.pop(key, (value, 0))[1]
        self._kept[key] = value, weight
        while self._weight > self._most:
            self._weight -= self._kept.popitem(last=False)[1][1]
