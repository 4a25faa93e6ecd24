"""Bodies that pass by: what is read of a stream by somebody else is kept too, and nothing is read that would not be."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from vipps_lint.guard.watch import Watch

LARGEST = 1 << 20
"""A body of more bytes is no call of Vipps that anybody must look at."""


class Recording:
    """The bytes of a body that have passed by."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._length = 0
        self._ended = False

    def add(self, piece: object) -> None:
        """One piece went by."""
        if self._length <= LARGEST and isinstance(piece, bytes | bytearray | memoryview):
            self._pieces.append(bytes(piece))
            self._length += len(piece)

    def end(self) -> None:
        """That was all."""
        self._ended = True

    def whole(self) -> bytes | None:
        """The body; None where it is too large, or where not all of it was sent."""
        return b"".join(self._pieces) if self._ended and self._length <= LARGEST else None


def recorded(stream: Any) -> tuple[Any, Recording]:
    """A stream that gives the same pieces as `stream` (sync, async or both), and what was seen of them.

    Its class is a subclass of the stream's own, since clients look at that.
    """
    recording = Recording()

    class Recorded(type(stream)):  # type: ignore[misc]
        def __init__(self) -> None:
            """The original does the work."""

        def __getattr__(self, name: str) -> Any:
            return getattr(stream, name)

        def __iter__(self) -> Iterator[bytes]:
            for piece in stream:
                recording.add(piece)
                yield piece
            recording.end()

        async def __aiter__(self) -> AsyncIterator[bytes]:
            async for piece in stream:
                recording.add(piece)
                yield piece
            recording.end()

    return Recorded(), recording


def overheard(response: Any, watch: Watch) -> None:
    """Tell the watch of the body when the caller reads all of it at once, as almost everybody does."""
    read: Callable[..., Any] = response.read
    state = {"untouched": True}

    def watched(*arguments: Any, **options: Any) -> Any:
        data = read(*arguments, **options)
        whole = state["untouched"] and not options and arguments in ((), (None,), (-1,))
        state["untouched"] = False
        if whole and isinstance(data, bytes):
            watch.read(data)
        return data

    response.read = watched


class Overhearing:
    """A writer that passes everything on, and keeps what is written."""

    def __init__(self, writer: Any, recording: Recording) -> None:
        self._writer, self._recording = writer, recording

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)

    async def write(self, piece: Any, *arguments: Any, **options: Any) -> Any:
        """Write one piece."""
        self._recording.add(piece)
        return await self._writer.write(piece, *arguments, **options)

    async def write_eof(self, piece: Any = b"") -> Any:
        """Write the last piece."""
        self._recording.add(piece)
        self._recording.end()
        return await self._writer.write_eof(piece)
