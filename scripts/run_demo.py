"""`make run`: database, demo data once, then the server with the scheduler inside. Never destroys anything.

One process does it all, so that the second start takes a moment only. Open to change what `make run` shows or starts.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from flask import Flask
from flask.cli import ScriptInfo
from gunicorn.app.base import BaseApplication

from avvikelse import create_app
from avvikelse.cli.database import prepare
from avvikelse.jobs import scheduler
from avvikelse.jobs.house import House
from avvikelse.models.base import db
from config import Settings

HOST = "127.0.0.1"


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with one process and eight threads, on the loopback address only."""

    def __init__(self, app: Flask, port: int) -> None:
        self.flask_app = app
        self.port = port
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": f"{HOST}:{self.port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": 8,
            "loglevel": "warning",
            "post_worker_init": lambda _worker: start_scheduler(self.flask_app),
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.flask_app


def start_scheduler(app: Flask) -> None:
    """The jobs run in the server's own process here; in production `flask jobs run` is a process of its own."""
    scheduler.run_in_background(House.of(app))


def main() -> None:
    parser = argparse.ArgumentParser(description="Starta Avvikelse med demodata.")
    parser.add_argument("--port", type=port_number, default=8000)
    port: int = parser.parse_args().port
    refuse_taken(port)
    os.environ.setdefault("AVVIKELSE_ENV", "demo")
    os.environ.setdefault("AVVIKELSE_BASE_URL", f"http://{HOST}:{port}")
    settings = Settings.from_env()
    os.environ.setdefault("AVVIKELSE_MAIL", f"maildir:{settings.instance / 'mail'}")
    prepare(settings)
    app = create_app(Settings.from_env())  # once more: prepare() may have made the keys
    demo(app, "seed")
    print(f"\nAvvikelse finns på {app.extensions['settings'].base_url} (avsluta med Ctrl+C)\n")
    demo(app, "logins")
    sys.stdout.flush()
    with app.app_context():
        db.engine.dispose()  # connections must not be shared with the worker
    sys.argv = sys.argv[:1]
    Server(app, port).run()


def demo(app: Flask, command: str) -> None:
    """Run `flask demo …` in this process, if the demo is installed."""
    if "demo" in app.cli.commands:
        app.cli.main(args=["demo", command], standalone_mode=False, obj=ScriptInfo(create_app=lambda: app))


def port_number(text: str) -> int:
    """A port that anybody may listen on. Leaves with a sentence when it is none."""
    if not (text.isascii() and text.isdigit() and 1024 <= int(text) <= 65535):
        sys.exit(f"Porten ska vara ett tal mellan 1024 och 65535, inte {text!r}. Till exempel: make run PORT=8000")
    return int(text)


def refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            sys.exit(f"Port {port} är upptagen. Välj en annan: make run PORT={port + 1}")


if __name__ == "__main__":
    main()
