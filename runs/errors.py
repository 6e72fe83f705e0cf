"""What can be wrong with a question about runs."""


class UnknownRun(Exception):
    """No run of that id is kept; it may have been deleted."""
