"""What the server is told at its start, and the limits that keep one user from starving others."""

from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path


@dataclass(frozen=True)
class Limits:
    """What one request, one client and all clients together may ask for.

    Attributes
    ----------
    runs, months : int
        Most runs and most months of one request.
    work : int
        Most run-months of one request, each counted once for every two donors.
    donors : int
        Most donors of a scenario.
    waiting, address, queue : int
        Most jobs one client, all clients of one address, and all clients together may have waiting or at work.
    seconds : float
        Most time one job may take.
    upload : int
        Most bytes of a scenario that is sent in.
    body : int
        Most bytes of any request.
    rooms : int
        Most seminar rooms open at once.
    unopened, unopened_address : int
        Most elements of the pages of all addresses, and of one, that have not opened their socket. An element
        takes some four kilobytes, the lab has 240; a class of 80 may sit behind one address.
    opening : float
        Seconds a page has to open its socket before it is forgotten.
    """

    runs: int = 256
    months: int = 240
    work: int = 20_000
    donors: int = 8
    waiting: int = 8
    address: int = 32
    queue: int = 64
    seconds: float = 120.0
    upload: int = 32_768
    body: int = 1_000_000
    rooms: int = 20
    unopened: int = 26_000
    unopened_address: int = 20_250
    opening: float = 20.0


@dataclass(frozen=True)
class Settings:
    """What the server is told at its start.

    Attributes
    ----------
    host, port : str, int
        Address to listen on.
    results : Path
        Folder whose sweeps are shown.
    rooms : Path
        Database of the seminar room, made when it is first needed.
    workers : int
        Processes that simulate.
    limits : Limits
    """

    host: str = "127.0.0.1"
    port: int = 8080
    results: Path = Path("results")
    rooms: Path = Path("results/seminar.sqlite")
    workers: int = 2
    limits: Limits = field(default_factory=Limits)

    @property
    def exposed(self) -> bool:
        """Whether other machines can reach the server."""
        try:
            return not ip_address(self.host).is_loopback
        except ValueError:
            return self.host != "localhost"

    @property
    def hosts(self) -> frozenset[str] | None:
        """Names the server answers to; None where it cannot know them."""
        if self.exposed:
            return None
        return frozenset({"localhost", "127.0.0.1", "[::1]", self.host})
