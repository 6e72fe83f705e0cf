"""The engine: one background thread with one asyncio loop that lives as long as the process; every run is a task on it.

Its methods may be called from any thread and never wait for a model.
"""

import asyncio
import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from weakref import WeakValueDictionary

from pydantic import JsonValue, SecretStr

from chains.build import Chain, build, provider_of
from chains.calling.places import Places
from chains.calls import Clock
from chains.documents.keepable import check_no_keys
from chains.methods import names as methods
from chains.models.provider import Connection, Pool
from chains.models.registry import Endpoint, providers
from chains.outcomes import Outcome, Refused
from chains.spec import ModelSpec, RunRequest
from chains.templates.values import check_value
from runs.conversation import NewTurn
from runs.errors import UnknownRun
from runs.execute import Execution
from runs.keeper import Keeper
from runs.log import RunLog
from runs.record import record, summarise
from runs.store.filter import Filter, KeptRun
from runs.store.store import Store

CONNECTIONS = 200
"""To providers at once, over all runs; so many calls again by LangChain's methods on a model without connections."""
CLOSE_S = 3.0
LIST_S = 8.0
PRESSES = 1_000

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Options:
    """What an engine needs of the settings: `max_stored` in bytes, `keys` of the environment by variable."""

    store_url: str
    folder: Path
    max_stored: int = 1_000_000_000
    keys: Mapping[str, SecretStr] = field(default_factory=dict)
    endpoints: Sequence[Endpoint] = ()


class Engine:
    """Starts, stops and follows runs; keeps them."""

    def __init__(self, options: Options, clock: Clock | None = None) -> None:
        self.providers = providers(options.endpoints)
        self._options = options
        self._clock = clock or Clock()
        self._pool = Pool()
        self._store = Store(options.store_url, options.folder, summarise)
        self.conversations = self._store.conversations
        self.drafts, self.snapshots = self._store.drafts, self._store.snapshots
        self.library = self._store.library
        self._keeper = Keeper(self._store, options.max_stored)
        self._connections, self._local_calls = Places(CONNECTIONS), Places(CONNECTIONS)
        self._running: dict[str, tuple[Execution, asyncio.Task[None]]] = {}
        self._logs: WeakValueDictionary[str, RunLog] = WeakValueDictionary()
        self._presses: OrderedDict[str, str] = OrderedDict()
        self._closing = False
        # Held while a run goes from the store to the loop: closing waits for it, so that none is left in between.
        self._starting = threading.Lock()
        self._closed: Future[None] = Future()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="engine", daemon=True)
        self._thread.start()

    def start(
        self,
        request: RunRequest,
        key: SecretStr | None = None,
        *,
        press: str = "",
        after: str = "",
        turn: NewTurn | None = None,
    ) -> str:
        """Begins a run and returns its id (128 random bits). `turn` is the turn of a conversation that it answers.

        `press` names what asked for it: a second start under the same name gives the first one's run and begins none.
        With `after` the run stays queued until the run of that id has ended.
        Raises `Refused` and `UnknownConversation`; then nothing was kept or sent.
        """
        chain = self.check(request, key)
        log = self._new_log(secrets.token_urlsafe(16), sure=request.mode == "batch")
        places = self._connections, self._local_calls
        execution = Execution(request, chain, log, *places, self._clock, self._keeper.hurry)
        with self._starting:
            if self._closing:
                raise Refused(Outcome("closing"))
            if press in self._presses:
                return self._presses[press]
            self._store.add(log.run, request, time.time(), turn)
            self._logs[log.run] = log
            try:
                self._loop.call_soon_threadsafe(self._begin, execution, self._logs.get(after))
            except RuntimeError:
                self._store.withdraw(log.run)
                raise Refused(Outcome("closing")) from None
            if press:
                self._note_press(press, log.run)
        return log.run

    def started(self, press: str) -> str:
        """The run that was begun under this name lately; '' when there is none."""
        return self._presses.get(press, "")

    def check(self, request: RunRequest, key: SecretStr | None = None) -> Chain:
        """The chain of a request, ready to run. Raises `Refused` for whatever could not."""
        methods.check(request)
        spec = request.chain.model
        for values in (*request.inputs, spec.parameters):
            for name, value in values.items():
                check_value(name, [name, value])
        check_no_keys(spec.parameters)
        provider, connection = provider_of(spec, self.providers), self._connection(key)
        chain = build(request.chain, provider, connection, request.variants or ())
        if request.mode != "batch":
            chain.check(request.inputs[0])
        return chain

    def stop(self, run: str) -> None:
        """Cancels a run: its provider's connection closes, its text stays. Does nothing to one that has ended.

        Raises `UnknownRun`.
        """
        if run not in self._logs:
            self._store.has_ended(run)
        with suppress(RuntimeError):  # The loop has closed, and every run has ended with it.
            self._loop.call_soon_threadsafe(self._cancel, run)

    def has_ended(self, run: str) -> bool:
        """Whether a run has ended, also one of another process, without reading its events. Raises `UnknownRun`."""
        log = self._logs.get(run)
        return log.ended if log is not None else self._store.has_ended(run)

    def log(self, run: str) -> RunLog:
        """The log of a run, live or from the store. Raises `UnknownRun`.

        Of a run that another process still runs it is what was kept by now: nothing more is told here, so it counts as
        ended; its next log is read anew, and `has_ended` knows better.
        """
        log = self._logs.get(run)
        if log is None:
            has_ended = self._store.has_ended(run)
            log = RunLog.of_kept(run, self._store.length(run), partial(self._store.lines_between, run))
            if has_ended:
                self._logs[run] = log
        return log

    def request(self, run: str) -> RunRequest:
        """What a run was asked. Raises `UnknownRun`."""
        return self._store.request(run)

    def created(self, run: str) -> float:
        """When a run was started, in seconds since 1970. Raises `UnknownRun`."""
        return self._store.created(run)

    def record(self, run: str) -> dict[str, JsonValue]:
        """The record of a run so far. Raises `UnknownRun`."""
        return record(run, self.request(run), self.log(run).each())

    def find(self, wanted: Filter, *, limit: int, offset: int = 0) -> tuple[list[KeptRun], int]:
        """Kept runs, the newest first, and how many there are in all."""
        return self._store.find(wanted, limit=limit, offset=offset)

    def delete(self, run: str) -> None:
        """Forgets a run that has ended. Raises `UnknownRun` when there is none."""
        if not self.log(run).ended:
            raise UnknownRun(run)
        if not self._store.delete(run):
            # It has ended this moment, and the store has not heard of it yet.
            asyncio.run_coroutine_threadsafe(self._keeper.flush(), self._loop).result(CLOSE_S)
            if not self._store.delete(run):
                raise UnknownRun(run)
        self._logs.pop(run, None)

    def delete_all(self) -> int:
        """Forgets all runs that have ended, and says how many."""
        gone = self._store.delete_all()
        # The references are copied at once: other threads add logs meanwhile.
        for log in [reference() for reference in self._logs.valuerefs()]:
            if log is not None and log.ended:
                self._logs.pop(log.run, None)
        return gone

    @property
    def key_variables(self) -> frozenset[str]:
        """The variables whose keys the server has."""
        return frozenset(self._options.keys)

    @property
    def active(self) -> int:
        """How many runs are under way."""
        return len(self._running)

    def models(self, spec: ModelSpec, key: SecretStr | None = None) -> Sequence[str]:
        """The models that a provider lists, within some seconds. Raises `Refused`."""
        provider = provider_of(spec, self.providers)
        if provider.list_models is None:
            return provider.known_models
        if self._closing:
            raise Refused(Outcome("closing"))
        listing = provider.list_models(provider, spec.base_url or "", self._connection(key))
        future = asyncio.run_coroutine_threadsafe(listing, self._loop)
        try:
            return future.result(LIST_S)
        except FutureTimeout:
            future.cancel()
            address = spec.base_url or provider.base_url
            raise Refused(Outcome("connect_timeout", {"address": address, "seconds": f"{LIST_S:g}"})) from None

    def begin_close(self) -> None:
        """Ends every run as interrupted and keeps all of its text; returns at once, also in a signal handler."""
        if not self._closing:
            self._closing = True
            self._loop.call_soon_threadsafe(self._close_soon)

    def close(self) -> None:
        """`begin_close`, and waits until it is done."""
        self.begin_close()
        self._closed.result(2 * CLOSE_S)
        self._thread.join(CLOSE_S)
        self._store.close()

    def _new_log(self, run: str, *, sure: bool) -> RunLog:
        return RunLog(run, sure=sure, read_kept=partial(self._store.lines_between, run))

    def _note_press(self, press: str, run: str) -> None:
        self._presses[press] = run
        if len(self._presses) > PRESSES:
            self._presses.popitem(last=False)

    def _connection(self, key: SecretStr | None) -> Connection:
        return Connection(typed=key, environment=self._options.keys, pool=self._pool)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        keeping = self._loop.create_task(self._keeper.keep())
        keeping.add_done_callback(_report)
        self._loop.run_forever()
        keeping.cancel()
        self._loop.run_until_complete(asyncio.gather(keeping, return_exceptions=True))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    def _begin(self, execution: Execution, before: RunLog | None) -> None:
        run = execution.log.run
        self._keeper.hold(execution.log)
        if self._closing:
            execution.cut_short = "interrupted"
            execution.make_sure_it_ended(cancelled=True)
            return
        task = self._loop.create_task(_run_after(before, execution), name=f"run {run}")
        self._running[run] = execution, task
        task.add_done_callback(lambda done: self._ended(run, done))

    def _cancel(self, run: str) -> None:
        if run in self._running:
            self._running[run][1].cancel()

    def _ended(self, run: str, task: "asyncio.Task[None]") -> None:
        execution, _ = self._running.pop(run)
        if not task.cancelled() and task.exception() is not None:
            _log.error("run %s broke", run, exc_info=task.exception())
        execution.make_sure_it_ended(cancelled=task.cancelled())
        self._keeper.hurry()

    def _close_soon(self) -> None:
        self._closing_task = self._loop.create_task(self._close())

    async def _close(self) -> None:
        try:
            await asyncio.gather(self._interrupt(), asyncio.to_thread(self._wait_for_starts))
            await self._keeper.try_to_flush(at_last=True)
            await self._pool.aclose()
        finally:
            self._keeper.close()
            self._closed.set_result(None)
            self._loop.call_soon(self._loop.stop)

    async def _interrupt(self) -> None:
        running = list(self._running.values())
        for execution, task in running:
            execution.cut_short = "interrupted"
            task.cancel()
        if running:
            await asyncio.wait([task for _, task in running], timeout=CLOSE_S)

    def _wait_for_starts(self) -> None:
        if self._starting.acquire(timeout=CLOSE_S):
            self._starting.release()


def _report(keeping: "asyncio.Task[None]") -> None:
    if not keeping.cancelled():
        _log.critical("runs are not kept any more", exc_info=keeping.exception())


async def _run_after(before: RunLog | None, execution: Execution) -> None:
    if before is not None:
        async for _ in before.follow():
            pass
    await execution.run()
