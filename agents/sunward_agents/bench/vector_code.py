"""Which vectors the compiled step uses: floating-point instructions in its assembly, by width.

`python -m sunward_agents.bench.vector_code` prints the counts as JSON. It compiles anew, because
compiled code that comes from the cache no longer tells its assembly.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections import Counter
from typing import Any, NamedTuple

from sunward_agents.bench.timing import printed

#: x86-64: an instruction on packed (p) or scalar (s) float32 (s) or float64 (d), AVX or SSE.
_FLOATING = re.compile(
    r"^\s+v?(?:add|sub|mul|div|sqrt|min|max|rcp14|rsqrt14|fn?m(?:add|sub)\d{3})([ps])[sd]\s(.*)$",
    re.MULTILINE,
)
_WIDTH = {"zmm": "zmm (512 bits)", "ymm": "ymm (256 bits)", "xmm": "xmm (128 bits)"}
SCALAR = "scalar"


class VectorCode(NamedTuple):
    """Floating-point instructions of the compiled step by register; empty off x86-64."""

    counts: dict[str, int]

    @property
    def widest(self) -> str:
        """The register that most packed instructions use."""
        packed = {name: count for name, count in self.counts.items() if name != SCALAR}
        return max(packed, key=lambda name: packed[name], default="none")


def vector_code() -> VectorCode:
    """Compiles the step in a process of its own with an empty cache, and counts; half a minute."""
    with tempfile.TemporaryDirectory() as folder:
        return VectorCode(json.loads(printed(["-m", __name__], NUMBA_CACHE_DIR=folder)))


def counted(assembly: str) -> dict[str, int]:
    """Returns how many floating-point instructions an assembly has, by width, widest first."""
    found: Counter[str] = Counter()
    for kind, operands in _FLOATING.findall(assembly):
        register = next((name for name in _WIDTH if name in operands), "xmm")
        found[_WIDTH[register] if kind == "p" else SCALAR] += 1
    return {name: found[name] for name in (*_WIDTH.values(), SCALAR) if found}


def _compiled_assembly() -> str:
    from sunward.core.driver import step_chunks
    from sunward_agents.bench.fleets import fleet

    compiled: Any = step_chunks
    fleet(66, 1)  # the reset compiles the entry that a step takes
    return "".join(compiled.inspect_asm().values())


if __name__ == "__main__":
    sys.stdout.write(json.dumps(counted(_compiled_assembly())) + "\n")
