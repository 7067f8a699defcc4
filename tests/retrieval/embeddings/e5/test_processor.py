"""What the encoder wants to know of a processor."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import pytest

from retrieval.embeddings.e5.processor import largest_weight, processor_count

CPUINFO = Path("/proc/cpuinfo")


@pytest.mark.parametrize(
    ("machine", "flags", "largest"),
    [
        ("x86_64", "fpu sse2 avx2 avx512_vnni", 127),
        ("AMD64", "avx2 avx_vnni", 127),
        ("x86_64", "fpu sse2 avx2", 63),
        ("x86_64", "avx512_vnni_of_another_kind", 63),
        ("x86_64", "", 63),  # what is not known counts as lacking
        ("aarch64", "asimd", 127),
        ("arm64", "", 127),
    ],
)
def test_weights_are_smaller_where_16_bits_might_overflow(machine: str, flags: str, largest: int) -> None:
    assert largest_weight(machine, flags) == largest


@pytest.mark.skipif(not CPUINFO.exists(), reason="the processor's features are read on Linux")
def test_this_processor_is_asked() -> None:
    text = CPUINFO.read_text(encoding="utf-8")
    is_able = platform.machine() not in ("x86_64", "AMD64") or "avx512_vnni" in text or "avx_vnni" in text
    assert largest_weight() == (127 if is_able else 63)


def test_there_is_a_processor() -> None:
    assert 1 <= processor_count() <= (os.cpu_count() or 1)
