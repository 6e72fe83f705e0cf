"""For all tests: those in a browser come last, because Playwright leaves its loop running in the main thread."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: "browser" in item.path.parts)
