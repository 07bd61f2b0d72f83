"""One HTTP answer, ready to be sent."""

from dataclasses import dataclass

from factify_mock.api.request import Send

Header = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Response:
    """Status, body, and headers beside Content-Length and Content-Type; without a type there is no body."""

    status: int
    body: bytes
    headers: tuple[Header, ...] = ()
    content_type: bytes = b"application/json"

    async def send(self, send: Send) -> None:
        """The answer is handed to the server."""
        headers = [(b"content-length", str(len(self.body)).encode()), *self.headers]
        if self.content_type:
            headers.append((b"content-type", self.content_type))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})
