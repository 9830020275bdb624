"""How gunicorn serves the site: a few processes of several threads on the loopback address.

Read by `gunicorn --config python:yiwang.project.server`; every lower-case name is one of its settings.
"""

from __future__ import annotations

from typing import Any

from yiwang.kernel.settings_table import read_settings

_settings = read_settings()

bind = f"127.0.0.1:{_settings['YIWANG_PORT']}"
workers = _settings["YIWANG_WORKERS"]
worker_class = "yiwang.project.connections.Worker"
threads = _settings["YIWANG_THREADS"]
timeout = 60
graceful_timeout = 10
keepalive = 15
preload_app = True
proc_name = "yiwang"
errorlog = "-"
accesslog = None
loglevel = "info"
control_socket_disable = True


def pre_fork(server: Any, worker: Any) -> None:
    """No worker may share a database connection that loading the site opened."""
    from django.db import connections

    connections.close_all()
