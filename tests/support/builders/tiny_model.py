"""A tiny embedding model in the ONNX format, made by hand: each known word has a dimension of its own."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit

WORDS = ["<pad>", "<unk>", "query:", "passage:", "إدلب", "سوتشي", "دمشق", "القمح"]
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def write_model(folder: Path, graph: str = "onnx/model.onnx", *, pooled: bool = False, cls: bool = False) -> Path:
    """Write the model as its folder on the hub has it, and return the folder."""
    (folder / graph).parent.mkdir(parents=True, exist_ok=True)
    onnx.save(_graph(pooled), folder / graph)
    tokenizer = Tokenizer(WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "1_Pooling").mkdir()
    pooling = {
        "word_embedding_dimension": len(WORDS),
        "pooling_mode_cls_token": cls,
        "pooling_mode_mean_tokens": not cls,
    }
    (folder / "1_Pooling/config.json").write_text(json.dumps(pooling), encoding="utf-8")
    return folder


def write_cache(cache: Path, name: str) -> Path:
    """Write the model into a cache of the hub's client, as a download leaves it."""
    repository = cache / f"models--{name.replace('/', '--')}"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs/main").write_text(COMMIT, encoding="utf-8")
    return write_model(repository / "snapshots" / COMMIT)


def _graph(pooled: bool) -> onnx.ModelProto:
    table = numpy_helper.from_array(np.eye(len(WORDS), dtype=np.float32), "table")
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
        for name in ("input_ids", "attention_mask")
    ]
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])]
    outputs = [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "tokens", len(WORDS)])]
    if pooled:  # with the padding: another result than that of the mean of the tokens
        nodes.append(helper.make_node("ReduceSum", ["last_hidden_state", "axis"], ["sentence_embedding"], keepdims=0))
        outputs.append(helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["batch", len(WORDS)]))
    axis = numpy_helper.from_array(np.array([1], dtype=np.int64), "axis")
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, [table, axis] if pooled else [table])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
