"""What this machine's processors can do and how many there are, as far as the encoder asks."""

from __future__ import annotations

import os
import platform
from pathlib import Path

LARGEST_WEIGHT = 127  # of 8 bits
LARGEST_WITHOUT_VNNI = 63  # of 7 bits
_X86 = ("x86_64", "amd64", "i386", "i686")
_CPUINFO = Path("/proc/cpuinfo")


def largest_weight(machine: str = "", flags: str | None = None) -> int:
    """Return how large an 8-bit weight may be, so that no sum of a product overflows on this processor.

    An x86 processor without VNNI adds two products in 16 bits, which then may saturate; onnxruntime's page on
    quantisation ("reduce_range") advises 7 bits there. What cannot be found out counts as lacking it.

    >>> largest_weight("arm64"), largest_weight("x86_64", "sse2 avx2"), largest_weight("x86_64", "avx2 avx512_vnni")
    (127, 63, 127)
    """
    if (machine or platform.machine()).lower() not in _X86:
        return LARGEST_WEIGHT
    known = _flags() if flags is None else flags
    return LARGEST_WEIGHT if {"avx512_vnni", "avx_vnni"} & set(known.split()) else LARGEST_WITHOUT_VNNI


def processor_count() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _flags() -> str:
    """Return the features of the first processor, as Linux lists them; empty elsewhere."""
    try:
        lines = _CPUINFO.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2] for line in lines if line.startswith("flags")), "")
