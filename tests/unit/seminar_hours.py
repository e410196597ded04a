"""Hours of play in real rooms: ``python seminar_hours.py FOLDER`` prints what the process held after each.

A process of its own, as a server is, in which nothing else takes memory or gives it back; the model runs in a
worker beside it.
"""

import asyncio
import gc
import json
import multiprocessing
import sys
import tracemalloc
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from seminar_case import EVEN, Door

HOURS = 5


def hour(door: Door) -> None:
    """Play an hour in a moment: two full seats, three turns, one undone, a debrief, the end."""
    room = door.opened()
    tokens = [door.joined(room, seat, f"s{i}") for seat in ("USA", "CHN") for i in range(8)]
    door.move(room.token, "start")
    for turn in range(3):
        for token in tokens:
            for again in ("a", "a", "b"):
                door.move(token, "order", EVEN, client=f"{turn}-{again}")
            door.rooms.view(token)
        door.move(room.token, "step")
        door.settle(room.token)
    door.move(room.token, "undo")
    door.move(room.token, "step")
    door.settle(room.token)
    assert door.rooms.view(room.token)["debrief"]
    door(door.rooms.close(room.token))


def held_after_each(where: Path) -> list[int]:
    """Return the bytes held after each hour; the first, which imports and fills what stays, is not counted."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as worker:

        async def model(client, function, *arguments):
            return await asyncio.get_running_loop().run_in_executor(worker, function, *arguments)

        with Door(where / "rooms.sqlite", run=model) as door:
            hour(door)
            tracemalloc.start()
            held = []
            for _ in range(HOURS - 1):
                hour(door)
                door.clock.now += 3600
                gc.collect()
                held.append(tracemalloc.get_traced_memory()[0])
    return held


if __name__ == "__main__":
    print(json.dumps(held_after_each(Path(sys.argv[1]))))
