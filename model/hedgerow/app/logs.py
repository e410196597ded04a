"""The server's log: a line a message, whatever a message was made of.

What comes from links, forms and files ends up in messages and tracebacks. No part of it may begin a line of
its own that reads like another message, or move the cursor of whoever reads the log.
"""

import logging

from hedgerow.disk.plain import visible

FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"
FURTHER = "    | "
"""How a line begins that belongs to the message above it."""


class OneLine(logging.Formatter):
    """Writes a message on one line; what a traceback has beyond it is set off."""

    def __init__(self) -> None:
        super().__init__(FORM)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        """Return the message on its one line."""
        return visible(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        """Return the message, and below it the lines of a traceback."""
        first, *more = super().format(record).split("\n")
        return "\n".join([first, *(FURTHER + visible(line) for line in more)])


def begin() -> None:
    """Let warnings and worse go to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
