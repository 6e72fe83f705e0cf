"""Conversations in the database: listed, opened, renamed, deleted.

A turn is added with its run, and settled with its run's end, each time in one transaction (see `runs/store/store.py`):
there is no turn without a run, and none whose answer is lost with its run's events.
"""

import json
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from chains.events import encode_json
from chains.spec import ModelSpec
from runs.conversation import Answer, Conversation, Listed, NewTurn, Turn, name_of
from runs.errors import UnknownConversation
from runs.store.tables import ConversationRow, TurnRow

NAME_CHARACTERS = 200

_Begin = Callable[[], AbstractContextManager[Session]]
_FIGURES = ("cut", "ttft_ms", "e2e_ms", "chunks", "tokens_per_second", "tokens_estimated")


class Conversations:
    """The conversations of a store. Every method is one transaction and may be called from any thread."""

    def __init__(self, reading: _Begin, writing: _Begin) -> None:
        self._reading, self._writing = reading, writing

    def open(self, conversation: str) -> Conversation:
        """A conversation with all of its turns. Raises `UnknownConversation`."""
        with self._reading() as session:
            row = session.get(ConversationRow, conversation)
            if row is None:
                raise UnknownConversation(conversation)
            of_it = select(TurnRow).where(TurnRow.conversation == conversation).order_by(TurnRow.created, TurnRow.id)
            turns = tuple(_turn(turn) for turn in session.scalars(of_it))
            return Conversation(row.id, row.name, row.created, row.updated, row.shown, turns)

    def of_run(self, run: str) -> str:
        """The conversation that a run answers in; '' when there is none."""
        with self._reading() as session:
            return session.scalar(select(TurnRow.conversation).where(TurnRow.run == run)) or ""

    def find(self, text: str = "", *, limit: int, offset: int = 0) -> tuple[list[Listed], int]:
        """Those with `text` in name, questions or answers, the last used first, and how many there are in all."""
        wanted = _with(text)
        turns = select(func.count()).where(TurnRow.conversation == ConversationRow.id).scalar_subquery()
        listed = (
            select(ConversationRow.id, ConversationRow.name, ConversationRow.updated, turns)
            .where(*wanted)
            .order_by(ConversationRow.updated.desc())
        )
        with self._reading() as session:
            found = [Listed(*row) for row in session.execute(listed.limit(limit).offset(offset))]
            total = session.scalar(select(func.count()).select_from(ConversationRow).where(*wanted))
        return found, total or 0

    def show(self, conversation: str, turn: str) -> None:
        """Notes which turn is shown. Raises `UnknownConversation`, also for a turn of another conversation."""
        with self._writing() as session:
            if not _has(session, conversation, turn):
                raise UnknownConversation(conversation)
            _change(session, conversation, shown=turn)

    def rename(self, conversation: str, name: str) -> None:
        """Gives a name; a blank one changes nothing. Raises `UnknownConversation`."""
        line = " ".join(name.replace("\0", "").split())[:NAME_CHARACTERS]
        if line:
            with self._writing() as session:
                _change(session, conversation, name=line)

    def delete(self, conversation: str) -> None:
        """Forgets a conversation; its runs stay. Raises `UnknownConversation`."""
        with self._writing() as session:
            session.execute(delete(TurnRow).where(TurnRow.conversation == conversation))
            gone = session.execute(
                delete(ConversationRow).where(ConversationRow.id == conversation).returning(ConversationRow.id)
            ).all()
        if not gone:
            raise UnknownConversation(conversation)


def add(session: Session, new: NewTurn, *, run: str, model: ModelSpec, created: float) -> None:
    """Adds a turn, and the conversation where it is the first. Raises `UnknownConversation` for a parent not in it."""
    turn, question = secrets.token_hex(16), new.question.replace("\0", "")
    if new.parent and not _has(session, new.conversation, new.parent):
        raise UnknownConversation(new.conversation)
    row = session.get(ConversationRow, new.conversation)
    if row is None:
        row = ConversationRow(id=new.conversation, created=created, name=name_of(question))
        session.add(row)
    row.updated, row.shown = created, turn
    session.flush()
    session.add(
        TurnRow(
            id=turn,
            conversation=new.conversation,
            parent=new.parent,
            created=created,
            question=question,
            run=run,
            provider=model.provider,
            model=model.model,
            status="",
            text="",
            error="",
            cut=False,
            chunks=0,
            tokens_estimated=False,
        )
    )


def withdraw(session: Session, run: str) -> None:
    """Forgets the turn of a run that never began; a conversation that had no other goes with it."""
    session.execute(delete(TurnRow).where(TurnRow.run == run))
    session.execute(delete(ConversationRow).where(~exists().where(TurnRow.conversation == ConversationRow.id)))


def settle(session: Session, run: str, status: str, answer: Answer) -> None:
    """Keeps the answer in the turn of a run that has ended, if it has one."""
    figures = {name: getattr(answer, name) for name in _FIGURES}
    error = encode_json(answer.error) if answer.error else ""
    text = answer.text.replace("\0", "")
    session.execute(update(TurnRow).where(TurnRow.run == run).values(status=status, text=text, error=error, **figures))


def _turn(row: TurnRow) -> Turn:
    figures = {name: getattr(row, name) for name in _FIGURES}
    answer = Answer(text=row.text, error=json.loads(row.error) if row.error else None, **figures)
    return Turn(row.id, row.parent, row.created, row.question, row.run, row.provider, row.model, row.status, answer)


def _has(session: Session, conversation: str, turn: str) -> bool:
    of_it = TurnRow.id == turn, TurnRow.conversation == conversation
    return session.scalar(select(TurnRow.id).where(*of_it)) is not None


def _change(session: Session, conversation: str, **values: str) -> None:
    which = ConversationRow.id == conversation
    changed = session.execute(update(ConversationRow).where(which).values(**values).returning(ConversationRow.id))
    if not changed.all():
        raise UnknownConversation(conversation)


def _with(text: str) -> list[ColumnElement[bool]]:
    if not text:
        return []
    said = or_(*(column.icontains(text, autoescape=True) for column in (TurnRow.question, TurnRow.text)))
    turns = exists().where(TurnRow.conversation == ConversationRow.id, said)
    return [or_(ConversationRow.name.icontains(text, autoescape=True), turns)]
