"""Standard input, output and error: UTF-8 whatever the locale, and never a crash over a character."""

from __future__ import annotations

import io
import logging
import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn, TextIO

if TYPE_CHECKING:
    from rich.console import Console

_SURROGATES = re.compile("[\ud800-\udfff]")  # what Python makes of bytes that are not UTF-8


def use_utf8() -> None:
    """Read and write UTF-8; bytes that are none are replaced, characters that have none are escaped."""
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "backslashreplace"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors)


def output() -> Console:
    """Return where answers go; long lines are wrapped on a terminal only."""
    return _console(sys.stdout)


def messages() -> Console:
    """Return where everything goes that is no answer."""
    return _console(sys.stderr)


def drop_output() -> None:
    """Let what is left to write go nowhere, once standard output has failed."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def leave(code: int) -> NoReturn:
    """End the process here and now; all that matters is closed by then.

    Python would wait for the threads of a library's pool, cut off others inside C++ or Rust, which may abort, and take
    a second or more to take all libraries apart.
    """
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def lines(stream: TextIO) -> Iterator[str]:
    """Return the lines of a stream as they come, without their white space; empty ones are left out."""
    for line in stream:
        if stripped := line.strip().removeprefix("\ufeff").strip():
            yield stripped


def next_line(questions: Iterator[str]) -> str:
    """Return the next line of a pipe.

    Raises:
        EOFError: there is none.
    """
    try:
        return next(questions)
    except StopIteration:
        raise EOFError from None


def readable(text: str) -> str:
    r"""Return a text that can be encoded, with a sign for what is no character.

    >>> readable("caf\udce9")
    'caf�'
    """
    return _SURROGATES.sub("\ufffd", text)


def _console(stream: TextIO) -> Console:
    from rich.console import Console

    wraps = stream.isatty()
    return Console(file=stream, highlight=False, markup=False, emoji=False, soft_wrap=not wraps)
