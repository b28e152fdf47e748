"""Downloads a registered trace, checks its hash, writes it in our columns: all or nothing."""

from __future__ import annotations

import hashlib
import os
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from typing import Any

from sunward.workload.converters import CONVERTERS
from sunward.workload.csv_table import TraceError
from sunward.workload.registry import DataUnavailable, RegisteredTrace, cache_dir, find_trace

#: Opens an address: `opener(url, timeout=seconds)` gives a response to read in a `with`.
Opener = Callable[..., Any]
#: Called with bytes so far and bytes in all (0 where not told).
Progress = Callable[[int, int], None]

TIMEOUT_S = 30.0
_CHUNK_BYTES = 1 << 16


def fetch(
    trace: str | RegisteredTrace,
    directory: Path | None = None,
    opener: Opener = urllib.request.urlopen,
    progress: Progress | None = None,
) -> Path:
    """Returns the path of a registered trace in our columns, downloaded if it is not there yet.

    Nothing is left behind when it fails: the download and the converted file get their names
    only after every check.

    Args:
        trace: Its name, or the record itself.
        directory: Where it goes; `registry.cache_dir()` by default.
        opener: Opens the address.
        progress: Told how far the download is.

    Raises:
        DataUnavailable: Offline, not found, cut short, or not what was registered; one line.
        ValueError: When the name is not registered; one line.
    """
    trace = find_trace(trace) if isinstance(trace, str) else trace
    if not trace.path:
        raise DataUnavailable(
            f"{trace.name}: published as many files, none of which can be played: see "
            f"https://github.com/{trace.repository}/tree/{trace.commit}"
        )
    directory = directory or cache_dir()
    target = directory / trace.file_name
    if target.is_file() and _is_intact(trace, target):
        return target
    made = _make_folder(trace, directory)
    try:
        with tempfile.TemporaryDirectory(prefix=".fetch-", dir=directory) as work:
            converted = _download_and_convert(trace, Path(work), opener, progress)
            os.replace(converted, target)
    except BaseException:
        _remove_folders(made)
        raise
    return target


def _make_folder(trace: RegisteredTrace, directory: Path) -> list[Path]:
    """Makes the folder, and returns the folders it had to make, innermost first."""
    missing = [path for path in (directory, *directory.parents) if not path.exists()]
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataUnavailable(
            f"{trace.name}: cannot write to {directory}: {error.strerror}; "
            "set SUNWARD_DATA to a folder that can be written"
        ) from None
    return missing


def _remove_folders(made: list[Path]) -> None:
    for path in made:
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def _download_and_convert(
    trace: RegisteredTrace, work: Path, opener: Opener, progress: Progress | None
) -> Path:
    raw, converted = work / "raw", work / "converted"
    digest = _download(trace, raw, opener, progress)
    if trace.sha256_of == "raw":
        _require_hash(trace, digest)
    try:
        CONVERTERS[trace.converter](raw, converted)
    except (TraceError, ValueError, KeyError, TypeError) as error:
        found = str(error).removeprefix(f"{raw}: ")
        raise DataUnavailable(
            f"{trace.name}: {trace.url} is not in the format it was registered with: {found}"
        ) from None
    if trace.sha256_of == "converted":
        _require_hash(trace, _sha256(converted))
    return converted


def _download(trace: RegisteredTrace, raw: Path, opener: Opener, progress: Progress | None) -> str:
    """Writes the public file to `raw` and returns its SHA-256."""
    digest, n_bytes = hashlib.sha256(), 0
    try:
        with opener(trace.url, timeout=TIMEOUT_S) as response, open(raw, "wb") as file:
            told = int(response.headers.get("Content-Length") or 0)
            while chunk := response.read(_CHUNK_BYTES):
                file.write(chunk)
                digest.update(chunk)
                n_bytes += len(chunk)
                if progress:
                    progress(n_bytes, told)
    except (OSError, HTTPException, ValueError) as error:
        raise DataUnavailable(f"{trace.name}: {_reason(error)} ({trace.url})") from None
    if told and n_bytes != told:
        raise DataUnavailable(
            f"{trace.name}: the download ended after {n_bytes} of {told} bytes: try again "
            f"({trace.url})"
        )
    return digest.hexdigest()


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        error.close()  # it is the response as well, and holds the connection
        return f"the server answered {error.code} {error.reason}"
    why = getattr(error, "reason", None) or error
    return f"cannot be reached, is this machine offline? {' '.join(str(why).split())}"


def _require_hash(trace: RegisteredTrace, found: str) -> None:
    if found != trace.sha256:
        raise DataUnavailable(
            f"{trace.name}: the SHA-256 of the {trace.sha256_of} file is {found}, expected "
            f"{trace.sha256}: it was not kept ({trace.url})"
        )


def _is_intact(trace: RegisteredTrace, target: Path) -> bool:
    return trace.sha256_of != "converted" or _sha256(target) == trace.sha256


def _sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
