"""The tables.

A row a run, and its events in segments of lines, each line one event in short JSON. A row a conversation, and a row a
turn: a question with, once its run has ended, the answer, so that a conversation outlives its runs. A row a draft, and
a row a snapshot. A row a saved chain, a row a version of it, which is never changed, and a row a tag. A row an image of
these three, whose own texts name it by its digest.
"""

from sqlalchemy import Boolean, Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """All tables of the store."""


class RunRow(Base):
    """One run. `created` is the wall clock, seconds since 1970; `owner` the process that runs it.

    `prompt` is what a search looks through: the templates and the first input's texts as they were typed.
    """

    __tablename__ = "runs"
    __table_args__ = (Index("runs_created", "created"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    created: Mapped[float] = mapped_column(Float)
    owner: Mapped[str] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(16), index=True)
    mode: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(200))
    provider: Mapped[str] = mapped_column(String(100))
    model: Mapped[str] = mapped_column(String(300))
    items: Mapped[int] = mapped_column(Integer)
    request: Mapped[str] = mapped_column(Text)
    prompt: Mapped[str] = mapped_column(Text, default="")
    preview: Mapped[str] = mapped_column(Text, default="")
    ttft_ms: Mapped[float | None] = mapped_column(Float, default=None)
    e2e_ms: Mapped[float | None] = mapped_column(Float, default=None)
    chunks: Mapped[int] = mapped_column(Integer, default=0)
    size: Mapped[int] = mapped_column(Integer, default=0)


class SegmentRow(Base):
    """Events `first` to `last` of a run, a line each."""

    __tablename__ = "segments"

    run: Mapped[str] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    first: Mapped[int] = mapped_column(Integer, primary_key=True)
    last: Mapped[int] = mapped_column(Integer)
    lines: Mapped[str] = mapped_column(Text)


class ConversationRow(Base):
    """A tree of turns. `updated` is when something was asked last; `shown` the turn whose path was shown last."""

    __tablename__ = "conversations"
    __table_args__ = (Index("conversations_updated", "updated"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    created: Mapped[float] = mapped_column(Float)
    updated: Mapped[float] = mapped_column(Float)
    name: Mapped[str] = mapped_column(String(200))
    shown: Mapped[str] = mapped_column(String(32))


class TurnRow(Base):
    """A question and its answer. `parent` is the turn before, '' for a first one; `status` is '' until it has ended."""

    __tablename__ = "turns"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    parent: Mapped[str] = mapped_column(String(32))
    created: Mapped[float] = mapped_column(Float)
    question: Mapped[str] = mapped_column(Text)
    run: Mapped[str] = mapped_column(String(32), index=True)
    provider: Mapped[str] = mapped_column(String(100))
    model: Mapped[str] = mapped_column(String(300))
    status: Mapped[str] = mapped_column(String(16), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    error: Mapped[str] = mapped_column(Text, default="")
    cut: Mapped[bool] = mapped_column(Boolean, default=False)
    ttft_ms: Mapped[float | None] = mapped_column(Float, default=None)
    e2e_ms: Mapped[float | None] = mapped_column(Float, default=None)
    chunks: Mapped[int] = mapped_column(Integer, default=0)
    tokens_per_second: Mapped[float | None] = mapped_column(Float, default=None)
    tokens_estimated: Mapped[bool] = mapped_column(Boolean, default=False)


class DraftRow(Base):
    """A form as it was left. `browser` is a hash of whose it is, `revision` counts its changes, `run` the last one.

    `writer` is who made the last change: one session's name for it.
    """

    __tablename__ = "drafts"
    __table_args__ = (Index("drafts_browser", "browser", "updated"), Index("drafts_updated", "updated"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    browser: Mapped[str] = mapped_column(String(64))
    updated: Mapped[float] = mapped_column(Float)
    revision: Mapped[int] = mapped_column(Integer)
    writer: Mapped[str] = mapped_column(String(32), default="")
    run: Mapped[str] = mapped_column(String(32))
    size: Mapped[int] = mapped_column(Integer)
    content: Mapped[str] = mapped_column(Text)


class ImageRow(Base):
    """An image as a data URI, kept once, whoever uses it; `size` is in characters."""

    __tablename__ = "images"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(Integer)
    uri: Mapped[str] = mapped_column(Text)


class ImageUseRow(Base):
    """An image that a draft, a snapshot or a saved chain has; without any of these it goes."""

    __tablename__ = "image_uses"

    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    holder: Mapped[str] = mapped_column(String(32), primary_key=True)
    image: Mapped[str] = mapped_column(ForeignKey("images.digest"), primary_key=True, index=True)


class SnapshotRow(Base):
    """A document behind a link, which never changes; `digest` finds it again, so that none is kept twice.

    `created` is when its link was made last.
    """

    __tablename__ = "snapshots"
    __table_args__ = (Index("snapshots_created", "created"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    created: Mapped[float] = mapped_column(Float)
    size: Mapped[int] = mapped_column(Integer)
    content: Mapped[str] = mapped_column(Text)


class SavedChainRow(Base):
    """A saved chain. `used` is when it was opened or saved last, `head` the number of its current version."""

    __tablename__ = "saved_chains"
    __table_args__ = (Index("saved_chains_used", "used"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text)
    created: Mapped[float] = mapped_column(Float)
    used: Mapped[float] = mapped_column(Float)
    head: Mapped[int] = mapped_column(Integer)


class ChainTagRow(Base):
    """A tag of a saved chain."""

    __tablename__ = "chain_tags"

    chain: Mapped[str] = mapped_column(ForeignKey("saved_chains.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)


class ChainVersionRow(Base):
    """A version of a saved chain. `parent` and `restored` are numbers of other versions, 0 for none.

    `document` is JSON without its images, `size` its bytes with them; `templates` is what a search looks through.
    """

    __tablename__ = "chain_versions"

    chain: Mapped[str] = mapped_column(ForeignKey("saved_chains.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    parent: Mapped[int] = mapped_column(Integer)
    created: Mapped[float] = mapped_column(Float)
    message: Mapped[str] = mapped_column(String(500))
    restored: Mapped[int] = mapped_column(Integer)
    document: Mapped[str] = mapped_column(Text)
    templates: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(Integer)
