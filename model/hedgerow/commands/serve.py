"""``hedgerow serve``: the lab, the studies, the seminar room and the API in a browser."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from hedgerow.commands.options import stop


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 lets other machines in.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8080,
    results: Annotated[Path, typer.Option(help="Folder whose sweeps are shown.")] = Path("results"),
    rooms: Annotated[Path, typer.Option(help="Database of the seminar rooms.")] = Path("results/seminar.sqlite"),
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Processes that simulate; one a core.")] = None,
) -> None:
    """Open the lab, the studies and the seminar in a browser."""
    if find_spec("nicegui") is None:
        stop("serve needs NiceGUI: pip install 'hedgerow[app]'")
    import os
    import socket

    from hedgerow.app.server import serve as listen
    from hedgerow.app.settings import Settings

    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family[0], socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(family[4])
    except OSError as error:
        stop(f"cannot listen on {host}, port {port}: {error.strerror}; choose another --port")
    listen(Settings(host, port, results, rooms, workers or os.cpu_count() or 1))
