"""From the public format of a trace to this project's columns; the bytes written are settled."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from sunward.workload.csv_table import Column, TraceError, read_table

#: Tokens in a block of Mooncake's prefix cache.
MOONCAKE_BLOCK_TOKENS = 512
_MICROSECOND = timedelta(microseconds=1)
_KALOS_SPAN_S = 60 * 86400
_MOONCAKE_SPAN_MS = 30 * 60 * 1000


def convert_azure(raw: Path, out: Path) -> None:
    """Writes Azure's TIMESTAMP,ContextTokens,GeneratedTokens as seconds from its first row."""
    tokens = (Column("ContextTokens", kind=int), Column("GeneratedTokens", kind=int))
    table = read_table(raw, (Column("TIMESTAMP", kind=str), *tokens))
    times = [_timestamp(raw, line, text) for line, text in enumerate(table["TIMESTAMP"], start=2)]
    seconds = ((time - times[0]) // _MICROSECOND / 1e6 for time in times)
    _write(out, "t_s,input_tokens,output_tokens", zip(seconds, *_lists(table, tokens), strict=True))


def convert_mooncake(raw: Path, out: Path) -> None:
    """Writes the first 30 min of Mooncake, with the tokens that an infinite prefix cache holds.

    A request's `hash_ids` name its blocks of 512 tokens, each by all that precedes it too; the
    cached prefix is the run of blocks at its beginning that came before.
    """

    def rows() -> Iterator[tuple]:
        seen: set[int] = set()
        for row in _json_lines(raw, ("timestamp", "input_length", "output_length", "hash_ids")):
            if row["timestamp"] < _MOONCAKE_SPAN_MS:
                blocks = row["hash_ids"]
                n_known = next((i for i, b in enumerate(blocks) if b not in seen), len(blocks))
                seen.update(blocks)
                cached = min(MOONCAKE_BLOCK_TOKENS * n_known, row["input_length"])
                seconds = row["timestamp"] / 1000.0
                yield seconds, row["input_length"], row["output_length"], cached

    _write(out, "t_s,input_tokens,output_tokens,prefix_cached_tokens_inf", rows())


def convert_ragpulse(raw: Path, out: Path) -> None:
    """Writes the first week of RAGPulse, whose second week follows with its clock set back."""

    def rows() -> Iterator[tuple]:
        sessions: dict[str, int] = {}
        last_s = 0
        fields = ("timestamp", "input_length", "output_length", "hash_ids", "session_id")
        for row in _json_lines(raw, fields):
            t_s = int(row["timestamp"])
            if t_s < last_s:
                return
            last_s = t_s
            session = sessions.setdefault(row["session_id"], len(sessions))
            n_passages = len(row["hash_ids"]["passages_ids"])
            yield t_s, row["input_length"], row["output_length"], n_passages, session

    _write(out, "t_s,input_tokens,output_tokens,n_passages,session", rows())


def convert_burstgpt(raw: Path, out: Path) -> None:
    """Writes BurstGPT's requests; a failed one has an answer of no tokens."""
    columns = (
        Column("Timestamp", ascending=True),
        Column("Request tokens", kind=int),
        Column("Response tokens", kind=int),
    )
    rows = zip(*_lists(read_table(raw, columns), columns), strict=True)
    _write(out, "t_s,input_tokens,output_tokens", rows)


def convert_philly(raw: Path, out: Path) -> None:
    """Writes Philly's jobs in order of submission, from the midnight before the first."""
    columns = (
        Column("timestamp", kind=str),
        Column("duration"),
        Column("num_gpus", kind=int),
        Column("cluster", kind=str),
    )
    table = read_table(raw, columns)
    times = [_timestamp(raw, line, text) for line, text in enumerate(table["timestamp"], start=2)]
    origin = min(times).replace(hour=0, minute=0, second=0, microsecond=0)
    submit_s = np.array([int((time - origin).total_seconds()) for time in times])
    order = np.argsort(submit_s, kind="stable")
    _, cluster = np.unique(table["cluster"], return_inverse=True)
    columns_out = (submit_s, table["duration"].astype(np.int64), table["num_gpus"], cluster)
    rows = zip(*(column[order].tolist() for column in columns_out), strict=True)
    _write(out, "submit_s,duration_s,num_gpus,vc", rows)


def convert_kalos(raw: Path, out: Path) -> None:
    """Writes the completed Kalos jobs of days 0 to 59 from the second-hand table.

    It counts duration in iterations of 0.5 s and marks pretraining by its network time.
    """
    columns = (
        Column("arrival_time", ascending=True),
        Column("num_iteration", kind=int),
        Column("gpu_workers", kind=int),
        Column("gpu_per_worker"),
        Column("iteration_networking_time"),
    )
    jobs = zip(*_lists(read_table(raw, columns), columns), strict=True)
    rows = (
        (int(t_s), 0.5 * n, nodes, round(nodes * gpus), int(network_s > 0.5))
        for t_s, n, nodes, gpus, network_s in jobs
        if t_s < _KALOS_SPAN_S
    )
    _write(out, "submit_s,duration_s,nodes,num_gpus,is_pretrain", rows)


def convert_openb(raw: Path, out: Path) -> None:
    """Writes Alibaba's openb pods in order of creation."""
    columns = (
        Column("creation_time"),
        Column("scheduled_time", may_be_empty=True),
        Column("deletion_time"),
        *(Column(n, kind=int) for n in ("num_gpu", "gpu_milli", "cpu_milli", "memory_mib")),
        Column("qos", kind=str),
        Column("pod_phase", kind=str),
    )
    table = read_table(raw, columns)
    order = np.argsort(table["creation_time"], kind="stable")
    ordered = {name: values[order] for name, values in table.items()}
    rows = (
        (int(created), "" if placed != placed else placed, int(deleted), *rest)
        for created, placed, deleted, *rest in zip(*_lists(ordered, columns), strict=True)
    )
    head = "create_s,scheduled_s,delete_s,num_gpu,gpu_milli,cpu_milli,memory_mib,qos,phase"
    _write(out, head, rows)


#: Converters by the name a registered trace gives.
CONVERTERS: dict[str, Callable[[Path, Path], None]] = {
    "azure": convert_azure,
    "mooncake": convert_mooncake,
    "ragpulse": convert_ragpulse,
    "burstgpt": convert_burstgpt,
    "philly": convert_philly,
    "kalos": convert_kalos,
    "openb": convert_openb,
}


def _lists(table: dict[str, np.ndarray], columns: Sequence[Column]) -> list[list]:
    return [table[column.name].tolist() for column in columns]


def _timestamp(path: Path, line: int, text: str) -> datetime:
    try:
        return datetime.fromisoformat(str(text)[:26])
    except ValueError:
        raise TraceError(
            f"{path}: line {line}: expected a time like 2023-11-16 18:15:46, found {str(text)!r}"
        ) from None


def _json_lines(path: Path, fields: Sequence[str]) -> Iterator[dict]:
    with open(path, encoding="utf-8") as file:
        for line, text in enumerate(file, start=1):
            if not text.strip():
                continue
            try:
                row = json.loads(text)
                missing = [name for name in fields if name not in row]
            except (ValueError, TypeError):
                row, missing = {}, list(fields)
            if missing:
                raise TraceError(
                    f"{path}: line {line}: expected JSON with {', '.join(fields)}, "
                    f"found {text.strip()[:40]!r}"
                )
            yield row


def _write(out: Path, header: str, rows: Iterable[Sequence]) -> None:
    with open(out, "w", encoding="utf-8", newline="\n") as file:
        file.write(header + "\n")
        file.writelines(",".join(map(str, row)) + "\n" for row in rows)
