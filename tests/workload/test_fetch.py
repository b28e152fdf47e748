"""Fetching: all or nothing, checked by hash, one clear line when it cannot be."""

import hashlib
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import ProxyHandler, build_opener

import pytest

from sunward.workload.fetch import fetch
from sunward.workload.registry import TRACES, DataUnavailable, cache_dir, find_trace, list_traces
from sunward.workload.traces import load_trace

#: No proxy between a test and its own machine.
urlopen = build_opener(ProxyHandler({})).open
AZURE_HEAD = "TIMESTAMP,ContextTokens,GeneratedTokens"


class Server(ThreadingHTTPServer):
    """Serves `files` (path to bytes) on this machine, and counts what was asked for."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files, self.asked, self.cut_short = {}, [], False

    def opener(self, url, timeout):
        """Stands in for the public server: same path, this machine."""
        path = url.removeprefix("https://github.com")
        return urlopen(f"http://127.0.0.1:{self.server_port}{path}", timeout=timeout)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        body = self.server.files.get(self.path)
        if body is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if self.server.cut_short else body)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def public_path(trace):
    return trace.url.removeprefix("https://github.com")


def public_azure(conversation_csv):
    """The public file, rebuilt from ours: CRLF, seven decimals, no newline at its end."""
    origin = datetime(2023, 11, 16, 18, 15, 46, 680590)
    rows = [AZURE_HEAD]
    for line in conversation_csv.read_text().splitlines()[1:]:
        t_s, read, written = line.split(",")
        time = origin + timedelta(microseconds=round(1e6 * float(t_s)))
        rows.append(f"{time:%Y-%m-%d %H:%M:%S.%f}0,{read},{written}")
    return "\r\n".join(rows).encode()


def test_the_azure_trace_is_fetched_converted_and_checked(server, tmp_path, traces_dir):
    trace = find_trace("azure2023-conv")
    raw = public_azure(traces_dir / "azure2023_conv.csv")
    assert len(raw) == trace.size_bytes
    server.files[public_path(trace)] = raw
    told = []
    path = fetch(
        trace.name, tmp_path, server.opener, lambda done, total: told.append((done, total))
    )
    assert path == tmp_path / "azure2023-conv.csv"
    assert path.read_bytes() == (traces_dir / "azure2023_conv.csv").read_bytes()
    assert told[-1] == (len(raw), len(raw))
    assert load_trace(path).n_requests == 19_366
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_trace_that_is_there_is_not_fetched_again(server, tmp_path, traces_dir):
    source = traces_dir / "azure2023_conv.csv"
    (tmp_path / "azure2023-conv.csv").write_bytes(source.read_bytes())
    assert fetch("azure2023-conv", tmp_path, server.opener).is_file()
    assert server.asked == []


def test_a_spoilt_file_is_fetched_anew(server, tmp_path, traces_dir):
    trace = find_trace("azure2023-conv")
    server.files[public_path(trace)] = public_azure(traces_dir / "azure2023_conv.csv")
    (tmp_path / trace.file_name).write_text("spoilt")
    assert load_trace(fetch(trace.name, tmp_path, server.opener)).n_requests == 19_366


def refusal(server, directory, trace, opener=None):
    with pytest.raises(DataUnavailable) as caught:
        fetch(trace, directory, opener or server.opener)
    line = str(caught.value)
    assert line.startswith(f"{trace.name}: ")
    assert "\n" not in line
    return line


def test_other_bytes_are_refused_and_not_kept(server, tmp_path):
    trace = find_trace("azure2023-conv")
    server.files[public_path(trace)] = f"{AZURE_HEAD}\n2023-11-16 18:15:46.6805900,1,2\n".encode()
    line = refusal(server, tmp_path, trace)
    assert "SHA-256 of the converted file" in line
    assert trace.sha256 in line
    assert list(tmp_path.iterdir()) == []


def test_the_hash_of_the_raw_file_is_checked_where_it_is_the_known_one(server, tmp_path):
    head = b"Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
    raw = head + b"5,gpt,472,18,490,c\n"
    trace = find_trace("burstgpt-1")
    assert trace.sha256_of == "raw"
    server.files[public_path(trace)] = raw
    assert "SHA-256 of the raw file" in refusal(server, tmp_path, trace)
    known = replace(trace, sha256=hashlib.sha256(raw).hexdigest())
    path = fetch(known, tmp_path, server.opener)
    assert path.read_text() == "t_s,input_tokens,output_tokens\n5.0,472,18\n"


def test_offline_is_said_in_one_line_and_leaves_nothing(server, tmp_path):
    def no_network(url, timeout):
        raise OSError(-3, "Temporary failure in name resolution")

    line = refusal(server, tmp_path / "a" / "b", find_trace("azure2023-conv"), no_network)
    assert "is this machine offline?" in line
    assert "Temporary failure in name resolution" in line
    assert list(tmp_path.iterdir()) == []


def test_a_port_where_nobody_listens_is_offline_too(server, tmp_path):
    port = server.server_port

    def opener(url, timeout):
        return urlopen(f"http://127.0.0.1:{port}/", timeout=timeout)

    server.shutdown()
    server.server_close()
    line = refusal(server, tmp_path, find_trace("azure2023-conv"), opener)
    assert "cannot be reached" in line
    server.shutdown = lambda: None


def test_a_missing_file_is_said_with_the_servers_answer(server, tmp_path):
    line = refusal(server, tmp_path, find_trace("ragpulse-week"))
    assert "the server answered 404" in line
    assert list(tmp_path.iterdir()) == []


def test_a_download_cut_short_is_not_kept(server, tmp_path):
    trace = find_trace("azure2023-code")
    server.files[public_path(trace)] = f"{AZURE_HEAD}\n2023-11-16 18:17:03.9799600,48,10\n".encode()
    server.cut_short = True
    assert "the download ended after" in refusal(server, tmp_path, trace)
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_another_format_is_refused_with_the_reason(server, tmp_path):
    trace = find_trace("azure2023-code")
    server.files[public_path(trace)] = b"<html>sign in</html>"
    line = refusal(server, tmp_path, trace)
    assert "not in the format it was registered with" in line
    assert "expected the columns TIMESTAMP" in line
    assert list(tmp_path.iterdir()) == []


def test_a_trace_of_many_files_points_to_its_repository(server, tmp_path):
    line = refusal(server, tmp_path, find_trace("servegen"))
    assert "https://github.com/alibaba/ServeGen/tree/f891d11" in line
    assert server.asked == []


def test_a_folder_that_cannot_be_made_is_told(server, tmp_path):
    (tmp_path / "file").write_text("")
    line = refusal(server, tmp_path / "file" / "data", find_trace("azure2023-conv"))
    assert "cannot write to" in line
    assert "SUNWARD_DATA" in line


def test_a_misspelt_name_is_answered_with_the_nearest():
    with pytest.raises(ValueError, match="did you mean azure2023-conv"):
        fetch("azure2023-con")


def test_every_registered_trace_says_where_it_comes_from(shared_dir):
    known = (shared_dir / "data" / "SHA256SUMS").read_text()
    for trace in TRACES:
        assert trace.licence
        assert trace.citation
        assert len(trace.commit) in (7, 40)
        assert bool(trace.sha256) == (trace.sha256_of != "unpublished")
        if trace.sha256_of == "converted":
            assert trace.sha256 in known
        if trace.sha256_of == "unpublished":
            assert trace.hash_note == "not published, pinned commit instead"


def test_the_list_tells_what_is_cached(tmp_path, monkeypatch):
    monkeypatch.setenv("SUNWARD_DATA", str(tmp_path))
    assert cache_dir() == tmp_path
    assert {row.cached for row in list_traces()} == {None}
    (tmp_path / "philly.csv").write_text("")
    cached = {row.name: row.cached for row in list_traces()}
    assert cached["philly"] == tmp_path / "philly.csv"
    assert cached["azure2023-conv"] is None


def test_the_cache_lies_in_the_users_cache_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("SUNWARD_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_dir() == tmp_path / "sunward" / "data"
