"""Registered public traces: where they lie, at which commit, under which licence, which hash."""

from __future__ import annotations

import os
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, NamedTuple


class DataUnavailable(RuntimeError):
    """A registered trace that cannot be had now: one line says why and what to do."""


@dataclass(frozen=True)
class RegisteredTrace:
    """One public trace.

    Attributes:
        name: What `sunward data fetch` calls it.
        what: Its contents in a few words.
        repository: Where it is published, `owner/name` on GitHub.
        commit: Pinned commit, as long as it is known.
        path: File inside the repository; empty where there is no single file.
        licence: Its licence.
        citation: Whom to cite.
        converter: Which of `converters.CONVERTERS` writes it in our columns.
        sha256: Known SHA-256, or empty.
        sha256_of: What that hash is of: the `raw` public file; the `converted` file, whose bytes
            the conversion settles; or `unpublished`: no hash is known, the commit is the pin.
        size_bytes: Size of the public file where known, else 0.
        is_request_trace: True where `--workload` can play it.
    """

    name: str
    what: str
    repository: str
    commit: str
    path: str
    licence: str
    citation: str
    converter: str = ""
    sha256: str = ""
    sha256_of: Literal["raw", "converted", "unpublished"] = "unpublished"
    size_bytes: int = 0
    is_request_trace: bool = True

    @property
    def url(self) -> str:
        """Address of the public file; GitHub forwards it to where the bytes lie."""
        return f"https://github.com/{self.repository}/raw/{self.commit}/{self.path}"

    @property
    def file_name(self) -> str:
        """Name of the converted file."""
        return f"{self.name}.csv"

    @property
    def hash_note(self) -> str:
        """What is known of its hash, in words."""
        if self.sha256_of == "unpublished":
            return "not published, pinned commit instead"
        return f"{self.sha256} of the {self.sha256_of} file"


class TraceRow(NamedTuple):
    """One line of `sunward data list`."""

    name: str
    what: str
    licence: str
    size_bytes: int
    cached: Path | None


_SPLITWISE = "Patel et al., Splitwise, ISCA 2024"

#: Sizes are those of a public copy of each repository. No network was at hand to fetch from the
#: addresses; the Azure conversion is proven to the byte on the public file's rows and size, the
#: Mooncake, RAGPulse and Kalos ones on the rows their public files begin with.
TRACES = (
    RegisteredTrace(
        "azure2023-conv",
        "conversation requests of Azure, 58 min, 19,366 rows",
        "Azure/AzurePublicDataset",
        "b469a11",
        "data/AzureLLMInferenceTrace_conv.csv",
        "CC-BY-4.0",
        _SPLITWISE,
        "azure",
        "0552439dce6dd6e88a461a5829a196c05d443865da86915a2c63bfc8433a47ec",
        "converted",
        719_188,
    ),
    RegisteredTrace(
        "azure2023-code",
        "code requests of Azure in the same hour",
        "Azure/AzurePublicDataset",
        "790921015d50dd6aae7f7e47f39ba0e235ad6b08",
        "data/AzureLLMInferenceTrace_code.csv",
        "CC-BY-4.0",
        _SPLITWISE,
        "azure",
        size_bytes=320_117,
    ),
    RegisteredTrace(
        "mooncake-conversation",
        "long-context conversation of Kimi, first 30 min, 5,719 rows",
        "kvcache-ai/Mooncake",
        "3b5a594",
        "FAST25-release/traces/conversation_trace.jsonl",
        "Apache-2.0",
        "Qin et al., Mooncake, FAST 2025",
        "mooncake",
        "67434c997f70585d7b545c82cbe76b5ed656178cb2b289febce44842a1f98724",
        "converted",
        3_029_533,
    ),
    RegisteredTrace(
        "ragpulse-week",
        "retrieval-augmented generation, one week, 3,810 rows",
        "flashserve/RAGPulse",
        "3672232",
        "data/0_trace.jsonl",
        "MIT",
        "RAGPulse, flashserve, 2025",
        "ragpulse",
        "757dabd74c7caeaca41b9f214c48a8db989bb8134aa70cba54cdacee11f144c2",
        "converted",
        1_923_473,
    ),
    RegisteredTrace(
        "burstgpt-1",
        "chat requests of a campus, 61 days",
        "HPMLL/BurstGPT",
        "5d93d820d9b6bee4e26914df003e5713538164ae",
        "data/BurstGPT_1.csv",
        "CC-BY-4.0",
        "Wang et al., BurstGPT, KDD 2025",
        "burstgpt",
        "4bb3783693d0a435686fbfc885615d2349bd067239079fa4b749f2e679e12122",
        "raw",
        52_283_111,
    ),
    RegisteredTrace(
        "servegen",
        "rates and clients of two Alibaba services, one week (many files)",
        "alibaba/ServeGen",
        "f891d11",
        "",
        "Apache-2.0",
        "Xiang et al., ServeGen, arXiv 2505.09999",
        is_request_trace=False,
    ),
    RegisteredTrace(
        "philly",
        "training jobs of Microsoft, 70 %, ten weeks of 2017",
        "petuum/adaptdl",
        "c793c70",
        "simulator/traces/philly.csv",
        "CC-BY-4.0",
        "Jeon et al., ATC 2019",
        "philly",
        size_bytes=3_444_496,
        is_request_trace=False,
    ),
    RegisteredTrace(
        "kalos-completed",
        "completed training jobs of Kalos, 60 days, 229 rows",
        "hyunnnchoi/AcmeTrace",
        "30f09c6809393f07d43b238a5c98b432962d9b6d",
        "data/converted_trace/converted_kalos_trace.csv",
        "CC-BY-4.0",
        "Hu et al., NSDI 2024",
        "kalos",
        "7dd80814a79541fbf5ee5ccb9cb3530549399d58937fc83c21d2aa2aa4186b14",
        "converted",
        17_768,
        is_request_trace=False,
    ),
    RegisteredTrace(
        "alibaba2023-openb",
        "pods of a shared GPU cluster",
        "hkust-adsl/kubernetes-scheduler-simulator",
        "8f3d641",
        "data/csv/openb_pod_list_default.csv",
        "Apache-2.0",
        "Weng et al., ATC 2023",
        "openb",
        is_request_trace=False,
    ),
)


def cache_dir() -> Path:
    """Returns the folder of fetched traces: $SUNWARD_DATA, or `sunward/data` in the user cache."""
    if chosen := os.environ.get("SUNWARD_DATA"):
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "sunward" / "data"


def find_trace(name: str) -> RegisteredTrace:
    """Returns the registered trace of that name.

    Raises:
        ValueError: When there is none; the line names the nearest.
    """
    known = {trace.name: trace for trace in TRACES}
    if name not in known:
        near = get_close_matches(name, known, n=1)
        advice = f"did you mean {near[0]}?" if near else f"use one of {', '.join(known)}"
        raise ValueError(f"trace {name!r} is not registered: {advice}")
    return known[name]


def list_traces(directory: Path | None = None) -> list[TraceRow]:
    """Returns every registered trace, and where it lies if it was fetched before."""
    directory = directory or cache_dir()

    def row(trace: RegisteredTrace) -> TraceRow:
        path = directory / trace.file_name
        cached = path if path.is_file() else None
        return TraceRow(trace.name, trace.what, trace.licence, trace.size_bytes, cached)

    return [row(trace) for trace in TRACES]
