"""Serves the answers of the model in this folder over HTTP: python serve.py --port 8000.

GET / gives the card. POST / takes JSON: a list of samples, each with its "input" as in
samples/samples.json, and gives a list of answers. It listens on this machine alone unless
--host says otherwise, and has no passwords: put it behind a server that has.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from predict import (  # type: ignore[import-not-found]
    Model,
    Row,
    blocks_of_samples,
    head_of,
    lines_of,
    load,
    read_card,
)

HERE = Path(__file__).resolve().parent
LONGEST = 64 << 20  # bytes of one question
MOST = 4096  # samples of one question


class Service(ThreadingHTTPServer):
    """The model, and who asks it."""

    def __init__(self, address: tuple[str, int], bundle: Path) -> None:
        self.card: Row = read_card(bundle)
        self.model: Model = load(bundle)
        super().__init__(address, _Asked)

    def answers(self, samples: list[Row]) -> list[dict[str, str]]:
        """What the model says to each sample, by the names of the answers."""
        head = head_of(self.card)
        said = self.model(blocks_of_samples(self.card, samples))
        return [dict(zip(head, cells, strict=True)) for cells in lines_of(self.card, said)]


class _Asked(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        self._say(200, self.server.card)

    def do_POST(self) -> None:
        try:
            length = int(self.headers.get("Content-Length", ""))
            if not 0 < length <= LONGEST:
                raise ValueError(f"Expected at most {LONGEST} bytes.")
            samples = json.loads(self.rfile.read(length))
            if not isinstance(samples, list) or not 0 < len(samples) <= MOST:
                raise ValueError(f"Expected a list of 1 to {MOST} samples.")
            answers = self.server.answers(samples)
        except (ValueError, KeyError, TypeError, RuntimeError) as reason:
            self._say(400, {"error": str(reason)})
            return
        self._say(200, answers)

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: ANN401 - as inherited
        """Says nothing of each question."""

    def _say(self, status: int, found: object) -> None:
        data = json.dumps(found).encode("utf-8")
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def main(argv: Sequence[str] | None = None) -> int:
    """Serves until it is interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args(argv)
    with Service((options.host, options.port), HERE) as service:
        sys.stdout.write(f"http://{options.host}:{service.server_address[1]}/\n")
        sys.stdout.flush()
        try:
            service.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
