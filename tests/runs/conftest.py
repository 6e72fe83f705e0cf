"""The provider and the engine of these tests."""

from tests.support.fixtures import engine, provider

__all__ = ["engine", "provider"]
