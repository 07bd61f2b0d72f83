"""What stands between Prism and the target: sends on what the judge really asked, and keeps the answer.

Prism rewrites what passes through it, and answers some requests itself. With the relay behind it, the
target gets every request byte for byte, the judge every answer, and Prism sees both.
"""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

import httpx

# By this header a request that comes out of Prism is known again.
TAG = "x-factify-relay"
# What belongs to one connection, or to the form in which the body travelled on it.
_OF_THE_CONNECTION = frozenset(
    {"connection", "keep-alive", "transfer-encoding", "content-length", "content-encoding", "date", "server"}
)
_BODILESS = frozenset({204, 304})

Send = Callable[[httpx.Request], httpx.Response]


class Relay:
    """A server on this machine. Mutable: it holds the requests that are under way, and their answers."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._count = 0
        self._expected: dict[str, httpx.Request] = {}
        self._answered: dict[str, httpx.Response | Exception] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """Where Prism sends what it has looked at."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "Relay":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def expect(self, request: httpx.Request) -> str:
        """The tag under which the request has to come out of Prism."""
        self._count += 1
        tag = str(self._count)
        self._expected[tag] = request
        return tag

    def collect(self, tag: str) -> httpx.Response | None:
        """The target's answer, or its failure raised; None when the request never came out of Prism."""
        self._expected.pop(tag, None)
        answer = self._answered.pop(tag, None)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def pass_on(self, tag: str | None) -> httpx.Response | None:
        """The target's answer to the request with the tag, which is sent once; None where there is none."""
        request = self._expected.pop(tag, None) if tag is not None else None
        if request is None or tag is None:
            return None
        try:
            answer = self._send(request)
        except Exception as error:  # it goes on in the thread that asked
            self._answered[tag] = error
            return None
        self._answered[tag] = answer
        return answer


def _handler(relay: Relay) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body leave together: sent one by one, each answer would wait for an acknowledgement.
        wbufsize = 64 * 1024
        disable_nagle_algorithm = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
            """Nothing is printed; the judge reports what matters."""

        def __getattr__(self, name: str) -> Callable[[], None]:
            """Every method is passed on alike."""
            if name.startswith("do_"):
                return self._pass_on
            raise AttributeError(name)

        def _pass_on(self) -> None:
            self._drain()
            answer = relay.pass_on(self.headers.get(TAG))
            content = answer.content if answer is not None else b""
            self.send_response(answer.status_code if answer is not None else 502)
            for name, value in answer.headers.multi_items() if answer is not None else ():
                if name.lower() not in _OF_THE_CONNECTION:
                    self.send_header(name, value)
            has_body = self.command != "HEAD" and (answer is None or answer.status_code not in _BODILESS)
            if has_body:
                self.send_header("content-length", str(len(content)))
            self.end_headers()
            if has_body:
                self.wfile.write(content)

        def _drain(self) -> None:
            """Reads the body in Prism's words away: the target gets it in the judge's."""
            if "chunked" in self.headers.get("transfer-encoding", ""):
                while size := int(self.rfile.readline().split(b";")[0], 16):
                    self.rfile.read(size + 2)
                while self.rfile.readline().strip():
                    pass
            else:
                self.rfile.read(int(self.headers.get("content-length", 0)))

    return Handler
