"""What may be wrong with a question to the model, and the status by which HTTP says so."""

from fastapi.responses import PlainTextResponse

from hedgerow.app.jobs import Busy, Failed, Refused, lacking
from hedgerow.app.lab.whatif import LinkError
from hedgerow.disk.plain import visible
from hedgerow.scenario.errors import ScenarioError

STATUS: dict[type[Exception], int] = {
    LinkError: 422,
    ScenarioError: 422,
    Refused: 422,
    Busy: 429,
    Failed: 503,
    MemoryError: 503,
    OSError: 503,
}
FAULTS = tuple(STATUS)


def said(fault: Exception) -> str:
    """Return a fault in one line."""
    return visible(lacking(fault) if isinstance(fault, MemoryError | OSError) else fault)


def headers_of(status: int) -> dict[str, str]:
    """Return what a status is sent with: when to try again, where that may help."""
    return {"Retry-After": "5"} if status == 429 else {}


def refusal(fault: Exception) -> PlainTextResponse:
    """Return the answer to a request that cannot be done, in one line."""
    status = next(status for kind, status in STATUS.items() if isinstance(fault, kind))
    return PlainTextResponse(said(fault), status, headers_of(status))
