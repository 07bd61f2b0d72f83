"""`python -m contrary [PORT]`: serves every variant and prints the address when it is ready."""

import logging
import socket
import sys

import uvicorn

from contrary.application import application


def main() -> None:
    """Serves until it is told to end."""
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
    listener = socket.create_server(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), backlog=128)
    config = uvicorn.Config(application, log_level="error", lifespan="off", access_log=False)
    sys.stdout.write(f"http://127.0.0.1:{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    uvicorn.Server(config).run(sockets=[listener])


main()
