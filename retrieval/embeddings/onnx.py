"""Embedding models in the ONNX format, on the CPU: a folder, or a model of the Hugging Face hub.

onnxruntime and tokenizers come with Chroma, the hub's client with tokenizers; so nothing is added. fastembed, a
layer over the same three, pins an older client of the hub, lacks multilingual-e5-small and adds no prefixes.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt
from pydantic import PrivateAttr, SecretStr

from retrieval.embeddings.prefixed import PrefixedEmbedding, check_url, checked_key
from retrieval.errors import EmbeddingError, SettingsError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

PACKAGES = ("onnxruntime", "tokenizers", "huggingface_hub")
_BATCH = 16  # passages; more at once is more padding and no faster on a CPU
MOST_TOKENS = 512  # of a text; what follows is cut off, as these models were trained
GRAPHS = ("onnx/model.onnx", "model.onnx")  # where a model may have it
TOKENIZER, POOLING = "tokenizer.json", "1_Pooling/config.json"
_FILES = [*GRAPHS, *(f"{graph}_data" for graph in GRAPHS), TOKENIZER, POOLING]
PADS = ("<pad>", "[PAD]")

Numbers = npt.NDArray[Any]


class OnnxEmbedding(PrefixedEmbedding):
    """A model that runs here; it is loaded, and fetched if it is not on the disk yet, when first needed."""

    model: str
    hub: str | None = None  # the address of a mirror
    cache_dir: str | None = None  # the hub client's own unless given
    _token: SecretStr | None = PrivateAttr()
    _lock: threading.Lock = PrivateAttr(default_factory=threading.Lock)
    _loaded: _Model | None = PrivateAttr(default=None)

    def __init__(self, token: SecretStr | None = None, **fields: Any) -> None:
        """Take the hub's token apart from the fields, which LlamaIndex shows and sends along."""
        super().__init__(**fields)
        self._token = token

    @classmethod
    def make(cls, described: Mapping[str, str], base_url: str, api_key: SecretStr | None) -> Self:
        """Return the model, with what the settings say of the hub.

        Raises:
            SettingsError: a package is missing, or a setting has a value that cannot work.
        """
        missing = [package for package in PACKAGES if find_spec(package) is None]
        if missing:
            raise SettingsError(
                f"SANAD_EMBEDDING: onnx needs {' and '.join(missing)}. "
                "Install it in Sanad's folder: .venv/bin/pip install -e '.[onnx]'"
            )
        if base_url:
            check_url(base_url)
        return cls(checked_key(api_key), hub=base_url.rstrip("/") or None, embed_batch_size=_BATCH, **described)

    def _embed_questions(self, texts: list[str]) -> list[list[float]]:
        return self._embed_passages(texts)

    def _embed_passages(self, texts: list[str]) -> list[list[float]]:
        self._calls.check()
        with self._lock:
            if self._loaded is None:
                folder = self._calls.run(lambda: find_model(self.model, self.hub, self.cache_dir, self._token))
                self._loaded = load_model(folder)
        return self._loaded.embed(texts)


@dataclass(frozen=True, slots=True)
class _Model:
    """A loaded model; usable from several threads."""

    session: InferenceSession
    tokenizer: Tokenizer
    takes: tuple[str, ...]  # names of its inputs
    gives: str  # name of the output that is used
    by_first_token: bool  # a text's vector is that of its first token, not the mean of all

    def embed(self, texts: list[str]) -> list[list[float]]:
        """Return the vectors, of length 1."""
        encoded = self.tokenizer.encode_batch(texts)
        mask = np.array([text.attention_mask for text in encoded], dtype=np.int64)
        ids = np.array([text.ids for text in encoded], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (output,) = self.session.run([self.gives], {name: inputs[name] for name in self.takes})
        vectors = self._pooled(np.asarray(output, dtype=np.float64), mask)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        lists: list[list[float]] = (vectors / np.where(lengths > 0, lengths, 1.0)).tolist()
        return lists

    def _pooled(self, output: Numbers, mask: Numbers) -> Numbers:
        if output.ndim == 2:  # the model has done it itself
            return output
        if self.by_first_token:
            first: Numbers = output[:, 0]
            return first
        weights = mask[:, :, np.newaxis]
        mean: Numbers = (output * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1)
        return mean


def find_model(model: str, hub: str | None, cache_dir: str | None, token: SecretStr | None) -> Path:
    """Return the folder that holds a model's files: itself one, in the hub's cache, or fetched into that.

    A model in the cache is used without asking the hub whether there is a newer one.

    Raises:
        EmbeddingError: it is neither here nor to be had.
    """
    from huggingface_hub import constants, snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    if Path(model).expanduser().is_dir():
        return Path(model).expanduser()
    try:
        cached = Path(snapshot_download(model, cache_dir=cache_dir, local_files_only=True, allow_patterns=_FILES))
        if _graph(cached) and (cached / TOKENIZER).is_file():
            return cached
    except HFValidationError as error:
        raise EmbeddingError(
            f"{model!r} is neither a folder nor a name such as intfloat/multilingual-e5-small."
        ) from error
    except LocalEntryNotFoundError:
        pass  # not here yet
    constants.HF_HUB_DISABLE_TELEMETRY = True  # or it asks its own hub, not the mirror, which programs to report
    try:
        return Path(
            snapshot_download(
                model,
                cache_dir=cache_dir,
                allow_patterns=_FILES,
                endpoint=hub,
                token=token.get_secret_value() if token else False,  # no token of another program is sent
            )
        )
    except Exception as error:  # the hub's client raises its own errors, httpx's, the system's
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise EmbeddingError(
            f"The embedding model {model} could not be fetched from {hub or 'huggingface.co'} ({reason}). "
            "Check its name in SANAD_EMBEDDING and the connection, or name a folder that holds it: onnx:FOLDER"
        ) from error


def load_model(folder: Path) -> _Model:
    """Load a model's graph and tokenizer from its folder.

    Raises:
        EmbeddingError: a file is missing or cannot be read, or the model is no embedding model.
    """
    import onnxruntime
    from tokenizers import Tokenizer

    graph = _graph(folder)
    if not graph or not (folder / TOKENIZER).is_file():
        raise EmbeddingError(
            f"The embedding model in {folder} lacks {TOKENIZER if graph else ' or '.join(GRAPHS)}. "
            "Choose one that has it, such as onnx:intfloat/multilingual-e5-small."
        )
    try:
        session = onnxruntime.InferenceSession(str(graph), providers=["CPUExecutionProvider"])
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        pooling = json.loads((folder / POOLING).read_text(encoding="utf-8")) if (folder / POOLING).is_file() else {}
    except Exception as error:  # both libraries raise bare exceptions on a broken file
        raise EmbeddingError(
            f"The embedding model in {folder} cannot be loaded ({error}). Delete that folder and fetch it again."
        ) from error
    takes = tuple(put.name for put in session.get_inputs())
    gives = [put.name for put in session.get_outputs()]
    if set(takes) - {"input_ids", "attention_mask", "token_type_ids"}:
        raise EmbeddingError(f"The model in {folder} wants {', '.join(takes)}: it is no text embedding model.")
    tokenizer.enable_truncation(MOST_TOKENS)
    pad = next((pad for pad in PADS if tokenizer.token_to_id(pad) is not None), PADS[0])
    tokenizer.enable_padding(pad_id=tokenizer.token_to_id(pad) or 0, pad_token=pad)
    chosen = "sentence_embedding" if "sentence_embedding" in gives else gives[0]
    return _Model(session, tokenizer, takes, chosen, bool(pooling.get("pooling_mode_cls_token")))


def _graph(folder: Path) -> Path | None:
    return next((folder / graph for graph in GRAPHS if (folder / graph).is_file()), None)
