"""`python -m apps.payments.gateways.fake_server [--host H] [--port N] [--store FILE]`: the gateway, until stopped."""

import argparse
import signal
import sys
from pathlib import Path
from types import FrameType

from .address import HOST, default_port, default_store
from .server import Server
from .store import Store


def main() -> None:
    parser = argparse.ArgumentParser(prog="fake_server", description="A payment gateway for development and tests.")
    parser.add_argument("--host", default=HOST, help="the address to listen on; this machine alone, if not said")
    parser.add_argument("--port", type=int, default=default_port(), help="0 takes a free one; it is printed")
    parser.add_argument("--store", type=Path, default=default_store(), help="the file in which it remembers")
    options = parser.parse_args()
    try:
        server = Server((options.host, options.port), Store(options.store))
    except OSError as error:
        sys.exit(f"The fake gateway cannot listen on port {options.port} or open {options.store}: {error.strerror}.")
    signal.signal(signal.SIGTERM, stop)
    print(f"The fake gateway listens on http://{options.host}:{server.server_address[1]}", flush=True)
    try:
        server.serve_forever(poll_interval=0.1)
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


def stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
