"""The store of runs: add, append, end, load, list, delete, and a limit on its size.

Every method is one transaction and may be called from any thread. Text goes in as lines of short JSON (see
`chains/events.py`) and comes out as it went in.
"""

import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock
from sqlalchemy import ColumnElement, Engine, delete, func, or_, select, update
from sqlalchemy.orm import Session, sessionmaker

from chains.events import ENDED, Event, RunEnded, decode_lines, encode_short
from chains.spec import RunRequest
from runs.conversation import Answer, NewTurn
from runs.errors import UnknownRun
from runs.store import conversations, drafts, library, snapshots
from runs.store.database import open_database, reclaim, writing
from runs.store.filter import Filter, KeptRun
from runs.store.owners import Owner
from runs.store.tables import RunRow, SegmentRow

PREVIEW_CHARACTERS = 200
PROMPT_CHARACTERS = 20_000
PORTION_RUNS = 100
PORTION_BYTES = 16_000_000
"""Runs are deleted so many at once, or so few that they take little more than this: whoever writes waits meanwhile."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a list shows of an ended run, and what a conversation keeps of it: the first item's answer.

    Its `chunks` are those of all items.
    """

    preview: str = ""
    answer: Answer = field(default_factory=Answer)


@dataclass(frozen=True, slots=True)
class Segment:
    """Lines of events of a run, from number `first` on."""

    run: str
    first: int
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended, and what the list shows of it."""

    run: str
    status: str
    summary: Summary


_LISTED = tuple(getattr(RunRow, name) for name in KeptRun.__slots__)

Summarise = Callable[[Iterable[Event]], Summary]


class Store:
    """Runs in a database; `summarise` reads what the list shows from a run's events."""

    def __init__(self, url: str, folder: Path, summarise: Summarise) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._summarise = summarise
        # Two processes that open a new store at once must not both migrate it.
        with FileLock(folder / "open.lock"):
            self._engine: Engine = open_database(url)
            self._reading = sessionmaker(self._engine).begin
            self._writing = sessionmaker(writing(self._engine)).begin
            self.conversations = conversations.Conversations(self._reading, self._writing)
            self.drafts = drafts.Drafts(self._reading, self._writing)
            self.snapshots = snapshots.Snapshots(self._reading, self._writing)
            self.library = library.Library(self._reading, self._writing)
            self.owner = Owner(folder / "owners")
            self._interrupt_orphans()

    def close(self) -> None:
        self.owner.release()
        self._engine.dispose()

    def add(self, run: str, request: RunRequest, created: float, turn: NewTurn | None = None) -> None:
        """Keeps a run that is about to begin, with the `turn` that it answers. Raises `UnknownConversation`."""
        chain, prompt, text = request.chain, _prompt(request), request.model_dump_json(exclude_none=True)
        row = RunRow(
            id=run,
            created=created,
            owner=self.owner.id,
            status="running",
            mode=request.mode,
            name=chain.name,
            provider=chain.model.provider,
            model=chain.model.model,
            items=request.items,
            request=text,
            prompt=prompt,
            preview="",
            chunks=0,
            size=len(text.encode()) + len(prompt.encode()),
        )
        with self._writing() as session:
            session.add(row)
            if turn is not None:
                conversations.add(session, turn, run=run, model=chain.model, created=created)

    def withdraw(self, run: str) -> None:
        """Forgets a run that never began."""
        with self._writing() as session:
            conversations.withdraw(session, run)
            session.execute(delete(RunRow).where(RunRow.id == run))

    def append(self, segments: Iterable[Segment], endings: Iterable[Ending] = ()) -> None:
        """Keeps events, and how runs ended; all or nothing."""
        with self._writing() as session:
            for segment in segments:
                self._append(session, segment)
            for ending in endings:
                self._end(session, ending)

    def has_ended(self, run: str) -> bool:
        """Whether the run is kept to its end. Raises `UnknownRun`."""
        with self._reading() as session:
            status = session.scalar(select(RunRow.status).where(RunRow.id == run))
        if status is None:
            raise UnknownRun(run)
        return status in ENDED

    def request(self, run: str) -> RunRequest:
        """What the run was asked. Raises `UnknownRun`."""
        with self._reading() as session:
            row = session.get(RunRow, run)
            if row is None:
                raise UnknownRun(run)
            return RunRequest.model_validate_json(row.request)

    def created(self, run: str) -> float:
        """When the run was started, in seconds since 1970. Raises `UnknownRun`."""
        with self._reading() as session:
            created = session.scalar(select(RunRow.created).where(RunRow.id == run))
        if created is None:
            raise UnknownRun(run)
        return created

    def status(self, run: str) -> str:
        """The run's status. Raises `UnknownRun`."""
        with self._writing() as session:
            status = session.scalar(select(RunRow.status).where(RunRow.id == run))
        if status is None:
            raise UnknownRun(run)
        return status

    def lines(self, run: str) -> list[str]:
        """The run's events so far, a line each. Raises `UnknownRun`."""
        with self._reading() as session:
            if session.get(RunRow, run) is None:
                raise UnknownRun(run)
            return self._lines(session, run)

    def length(self, run: str) -> int:
        """How many events of the run are kept. Raises `UnknownRun`."""
        with self._reading() as session:
            if session.get(RunRow, run) is None:
                raise UnknownRun(run)
            last = session.scalar(select(func.max(SegmentRow.last)).where(SegmentRow.run == run))
        return 0 if last is None else last + 1

    def lines_between(self, run: str, start: int, stop: int) -> list[str]:
        """The lines of events `start` to before `stop`, those of them that are kept."""
        touched = (SegmentRow.run == run, SegmentRow.last >= start, SegmentRow.first < stop)
        with self._reading() as session:
            found = session.execute(
                select(SegmentRow.first, SegmentRow.lines).where(*touched).order_by(SegmentRow.first)
            ).all()
        lines = [line for _, part in found for line in part.split("\n")]
        return lines[start - found[0][0] : stop - found[0][0]] if found else []

    def find(self, wanted: Filter, *, limit: int, offset: int = 0) -> tuple[list[KeptRun], int]:
        """The newest runs first, and how many there are in all."""
        conditions = _conditions(wanted)
        with self._reading() as session:
            listed = select(*_LISTED).where(*conditions).order_by(RunRow.created.desc())
            kept = [KeptRun(*row) for row in session.execute(listed.limit(limit).offset(offset))]
            total = session.scalar(select(func.count()).select_from(RunRow).where(*conditions))
        return kept, total or 0

    def delete(self, run: str) -> bool:
        """Deletes an ended run; False when there is none."""
        gone = self._delete([run])
        self._reclaim_all()
        return gone > 0

    def delete_all(self) -> int:
        """Deletes all runs that have ended, and says how many."""
        gone = 0
        while portion := self._delete(self._oldest(math.inf)):
            gone += portion
        self._reclaim_all()
        return gone

    def prune(self, most: int) -> bool:
        """Deletes some of the oldest ended runs while what is kept takes more than `most` bytes.

        So few that whoever writes does not wait for long; says whether there is more to do.
        """
        over = self._size() - most
        gone = self._delete(self._oldest(over)) if over > 0 else 0
        return reclaim(self._engine) or (gone > 0 and self._size() > most)

    def _size(self) -> int:
        with self._reading() as session:
            return session.scalar(select(func.sum(RunRow.size))) or 0

    def _oldest(self, size: float) -> list[str]:
        """The oldest ended runs that take `size` bytes together, a portion of them at most."""
        ended = select(RunRow.id, RunRow.size).where(RunRow.status.in_(ENDED))
        left, found = min(size, PORTION_BYTES), []
        with self._reading() as session:
            for run, taken in session.execute(ended.order_by(RunRow.created).limit(PORTION_RUNS)):
                if left <= 0:
                    break
                found.append(run)
                left -= taken
        return found

    def _append(self, session: Session, segment: Segment) -> None:
        text, last = "\n".join(segment.lines), segment.first + len(segment.lines) - 1
        session.add(SegmentRow(run=segment.run, first=segment.first, last=last, lines=text))
        session.execute(update(RunRow).where(RunRow.id == segment.run).values(size=RunRow.size + len(text.encode())))

    def _end(self, session: Session, ending: Ending) -> None:
        answer = ending.summary.answer
        session.execute(
            update(RunRow)
            .where(RunRow.id == ending.run)
            .values(
                status=ending.status,
                preview=ending.summary.preview[:PREVIEW_CHARACTERS],
                ttft_ms=answer.ttft_ms,
                e2e_ms=answer.e2e_ms,
                chunks=answer.chunks,
            )
        )
        conversations.settle(session, ending.run, ending.status, answer)

    def _lines(self, session: Session, run: str) -> list[str]:
        parts = session.scalars(select(SegmentRow.lines).where(SegmentRow.run == run).order_by(SegmentRow.first))
        return [line for part in parts for line in part.split("\n")]

    def _delete(self, runs: Sequence[str]) -> int:
        """Deletes those of `runs` that have ended, and says how many."""
        doomed = select(RunRow.id).where(RunRow.id.in_(runs), RunRow.status.in_(ENDED))
        with self._writing() as session:
            ended = session.scalars(doomed).all()
            session.execute(delete(SegmentRow).where(SegmentRow.run.in_(ended)))
            session.execute(delete(RunRow).where(RunRow.id.in_(ended)))
        return len(ended)

    def _reclaim_all(self) -> None:
        while reclaim(self._engine):
            pass

    def _interrupt_orphans(self) -> None:
        with self._writing() as session:
            for row in session.scalars(select(RunRow).where(RunRow.status.not_in(ENDED))):
                if self.owner.is_alive(row.owner):
                    continue
                lines = self._lines(session, row.id)
                at = json.loads(lines[-1])["at"] if lines else 0.0
                ended = encode_short(Event(len(lines), at, RunEnded("interrupted")))
                self._append(session, Segment(row.id, len(lines), [ended]))
                self._end(session, Ending(row.id, "interrupted", self._summarise(decode_lines(lines))))


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    exact = ((RunRow.status, wanted.status), (RunRow.mode, wanted.mode), (RunRow.provider, wanted.provider))
    conditions: list[ColumnElement[bool]] = [column == value for column, value in exact if value]
    if wanted.text:
        columns = (RunRow.name, RunRow.model, RunRow.prompt, RunRow.preview, RunRow.id)
        conditions.append(or_(*(column.icontains(wanted.text, autoescape=True) for column in columns)))
    return conditions


def _prompt(request: RunRequest) -> str:
    """The templates and the first input's texts as they were typed, then the variants; PostgreSQL takes no NUL."""
    texts = [row.template for row in request.chain.rows]
    texts += [value for value in request.inputs[0].values() if isinstance(value, str)]
    for variant in request.variants or ():
        texts += [variant.name, *(row.template for row in variant.messages)]
    return "\n".join(texts).replace("\0", "")[:PROMPT_CHARACTERS]
