"""Which process runs what: a lock file each, so that a dead one's runs can be told from a live one's."""

import secrets
from pathlib import Path

from filelock import FileLock, Timeout


class Owner:
    """This process, as the owner of the runs that it starts. The lock falls with the process, however it ends."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.id = secrets.token_hex(8)
        # One thread opens the store, another closes it.
        self._lock = FileLock(self._path(self.id), thread_local=False)
        self._lock.acquire()

    def is_alive(self, owner: str) -> bool:
        """Whether the process of that name still runs on this machine."""
        if owner == self.id:
            return True
        lock = FileLock(self._path(owner))
        try:
            with lock.acquire(timeout=0):
                pass
        except Timeout:
            return True
        self._path(owner).unlink(missing_ok=True)
        return False

    def release(self) -> None:
        """Gives the lock back; after that this owner counts as dead."""
        self._lock.release()
        self._path(self.id).unlink(missing_ok=True)

    def _path(self, owner: str) -> Path:
        return self.folder / f"{owner}.lock"
