"""The rival: uvicorn with the same parser and loop, answering fixed bytes to everything."""

import socket
import sys
from pathlib import Path

import uvicorn


def app_answering(body: bytes):
    start = {
        "type": "http.response.start",
        "status": 200,
        "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())],
    }
    end = {"type": "http.response.body", "body": body}

    async def app(scope, receive, send):
        while (await receive()).get("more_body"):
            pass
        await send(start)
        await send(end)

    return app


def main(body_file: str) -> None:
    config = uvicorn.Config(
        app_answering(Path(body_file).read_bytes()),
        http="httptools",
        loop="uvloop",
        lifespan="off",
        access_log=False,
        log_level="critical",
        server_header=False,
        date_header=False,
    )
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(config)
    print(f"ready http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    server.run(sockets=[listener])


if __name__ == "__main__":
    main(sys.argv[1])
