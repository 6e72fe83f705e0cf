"""What can be wrong with a question about what is kept."""


class UnknownRun(Exception):
    """No run of that id is kept; it may have been deleted."""


class UnknownConversation(Exception):
    """No conversation of that id is kept, or the turn to go on from is none of its turns."""


class UnknownSnapshot(Exception):
    """There is no such snapshot, or none any more."""


class NotKept(Exception):
    """The store did not take it: it is too large, or the database refused."""


class UnknownSaved(Exception):
    """No saved chain of that id is kept, or no version of that number."""


class HeadMoved(Exception):
    """Another version has become the current one meanwhile."""


class AboutMoved(Exception):
    """A saved chain has got another name, description or tags meanwhile."""
