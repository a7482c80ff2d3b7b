import hashlib
import io
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from utils import data
from utils.data import DownloadError, fetch_mnist

SHAPES = {"x_train": (6, 28, 28), "y_train": (6,), "x_test": (2, 28, 28), "y_test": (2,)}


def small_mnist():
    rng = np.random.default_rng(0)
    file = io.BytesIO()
    np.savez(file, **{key: rng.integers(10, size=shape, dtype=np.uint8) for key, shape in SHAPES.items()})
    return file.getvalue()


CONTENT = small_mnist()
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Handler(BaseHTTPRequestHandler):
    """Serves CONTENT at /mnist.npz, and each failure at a path of its own."""

    def do_GET(self):
        self.server.asked.append(self.path)
        getattr(self, "get_" + self.path.strip("/").split(".")[0])()

    def send(self, content, length=None):
        self.send_response(200)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(content)

    def get_mnist(self):
        self.send(CONTENT, length=len(CONTENT))

    def get_cut(self):
        self.send(CONTENT[:1000], length=len(CONTENT))

    def get_shortened(self):
        self.send(CONTENT[:1000])                   # HTTP/1.0: without a length the end of the stream is the end

    def get_wrong(self):
        self.send(b"<html>Log in first</html>", length=25)

    def get_absent(self):
        self.send_error(404)

    def get_broken(self):
        self.send_error(503)

    def get_silent(self):
        self.server.closing.wait(5)

    def get_garbled(self):
        self.wfile.write(b"this is not HTTP\r\n\r\n")

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def running_server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.closing = [], threading.Event()
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.closing.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def server(running_server):
    running_server.asked.clear()
    return running_server


@pytest.fixture(autouse=True)
def loopback_without_proxy(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.delenv(data.CACHE_VARIABLE, raising=False)
    monkeypatch.setattr(data, "MNIST_SHAPES", SHAPES)


def address(server, path="mnist.npz"):
    return f"http://127.0.0.1:{server.server_port}/{path}"


@pytest.fixture
def deaf_address():
    """An address where nothing listens, held so that nobody else can."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{holder.getsockname()[1]}/mnist.npz"


def files_below(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def assert_is_mnist(parts):
    with np.load(io.BytesIO(CONTENT)) as archive:
        for found, key in zip([array for part in parts for array in part], SHAPES, strict=True):
            assert (found == archive[key]).all()


def test_first_call_downloads_and_keeps_one_file(server, tmp_path):
    assert_is_mnist(fetch_mnist(cache_dir=tmp_path / "new" / "cache", url=address(server), sha256=SHA256))
    assert files_below(tmp_path) == [tmp_path / "new" / "cache" / "mnist.npz"]
    assert (tmp_path / "new" / "cache" / "mnist.npz").read_bytes() == CONTENT


def test_second_call_needs_no_network(server, deaf_address, tmp_path):
    fetch_mnist(cache_dir=tmp_path, url=address(server), sha256=SHA256)
    assert_is_mnist(fetch_mnist(cache_dir=tmp_path, url=address(server), sha256=SHA256))
    assert server.asked == ["/mnist.npz"]
    assert_is_mnist(fetch_mnist(cache_dir=tmp_path, url=deaf_address, sha256=SHA256))


def test_damaged_cache_is_downloaded_again(server, tmp_path):
    (tmp_path / "mnist.npz").write_bytes(CONTENT[:1000])
    assert_is_mnist(fetch_mnist(cache_dir=tmp_path, url=address(server), sha256=SHA256))
    assert (tmp_path / "mnist.npz").read_bytes() == CONTENT


def test_own_file_is_read_without_network_or_cache(server, tmp_path):
    (tmp_path / "mine.npz").write_bytes(CONTENT)
    assert_is_mnist(fetch_mnist(tmp_path / "mine.npz", cache_dir=tmp_path / "cache", url=address(server)))
    assert server.asked == []
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("cut.npz", "1000 bytes read"),
        ("shortened.npz", "1000 bytes of sha256"),
        ("wrong.npz", f"25 bytes of sha256 .* sha256 {SHA256} was expected"),
        ("absent.npz", "404"),
        ("broken.npz", "503"),
        ("silent.npz", "timed out"),
        ("garbled.npz", "this is not HTTP"),
    ],
)
def test_failed_download_names_address_and_cure_and_leaves_no_file(path, said, server, tmp_path):
    with pytest.raises(DownloadError, match=said) as caught:
        fetch_mnist(cache_dir=tmp_path, url=address(server, path), sha256=SHA256, timeout=0.3)
    assert address(server, path) in str(caught.value)
    assert "fetch_mnist(path=" in str(caught.value)
    assert files_below(tmp_path) == []


def test_address_where_nothing_listens_is_named_with_the_cure(deaf_address, tmp_path):
    with pytest.raises(DownloadError, match="refused") as caught:
        fetch_mnist(cache_dir=tmp_path, url=deaf_address, sha256=SHA256)
    assert deaf_address in str(caught.value) and "fetch_mnist(path=" in str(caught.value)
    assert files_below(tmp_path) == []


def test_text_that_is_no_address_is_quoted(tmp_path):
    with pytest.raises(DownloadError, match="from mnist.npz to .*unknown url type"):
        fetch_mnist(cache_dir=tmp_path, url="mnist.npz", sha256=SHA256)


def test_failed_download_can_be_tried_again(server, tmp_path):
    with pytest.raises(DownloadError):
        fetch_mnist(cache_dir=tmp_path, url=address(server, "cut.npz"), sha256=SHA256)
    assert_is_mnist(fetch_mnist(cache_dir=tmp_path, url=address(server), sha256=SHA256))


def test_cache_that_cannot_be_written_is_named(server, tmp_path):
    (tmp_path / "file").write_text("no folder can be made below a file")
    with pytest.raises(DownloadError, match=data.CACHE_VARIABLE) as caught:
        fetch_mnist(cache_dir=tmp_path / "file", url=address(server), sha256=SHA256)
    assert str(tmp_path / "file") in str(caught.value)
    assert files_below(tmp_path) == [tmp_path / "file"]


@pytest.mark.parametrize(("stop", "seen"), [(PermissionError, DownloadError), (KeyboardInterrupt, KeyboardInterrupt)])
def test_interrupted_write_leaves_no_part(stop, seen, server, tmp_path, monkeypatch):
    def replace(source, target):
        assert Path(source).read_bytes() == CONTENT and not Path(target).exists()       # all written before the move
        assert Path(source).parent == Path(target).parent and Path(source).suffix == ".part"   # one disk
        raise stop

    monkeypatch.setattr(data.os, "replace", replace)
    with pytest.raises(seen):
        fetch_mnist(cache_dir=tmp_path, url=address(server), sha256=SHA256)
    assert files_below(tmp_path) == []


def test_cache_is_the_argument_else_the_variable_else_the_home_folder(server, tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    source = {"url": address(server), "sha256": SHA256}
    fetch_mnist(**source)
    assert files_below(tmp_path) == [tmp_path / "home" / ".cache" / "keras-from-zero" / "mnist.npz"]
    monkeypatch.setenv(data.CACHE_VARIABLE, str(tmp_path / "variable"))
    fetch_mnist(**source)
    assert (tmp_path / "variable" / "mnist.npz").exists()
    fetch_mnist(**source, cache_dir=tmp_path / "argument")
    assert (tmp_path / "argument" / "mnist.npz").exists()
    assert len(server.asked) == 3
