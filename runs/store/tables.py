"""The tables: a row a run, and its events in segments of lines, each line one event in short JSON."""

from sqlalchemy import Float, ForeignKey, Index, Integer, String, Text
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
