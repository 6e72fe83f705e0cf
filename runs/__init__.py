"""The engine and the store behind it: start, stop, follow, keep."""
