"""What the operating system says, in one sentence: what is wrong, and what helps.

To word another fault, add it to ``HELP``. A fault of the machine (memory, descriptors, processes) is told from
one that the user can name (a path, a disk), since another folder does not help against it.
"""

import errno
import os

from hedgerow.disk.plain import message

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]


class UserError(ValueError):
    """What a user can mend; the message says all: what is meant, what is wrong with it, what helps."""

    def __init__(self, told: str) -> None:
        super().__init__(message(told))


HELP = {
    errno.ENOSPC: "free some space and start again",
    errno.EDQUOT: "free some space and start again",
    errno.EFBIG: "raise the limit (ulimit -f) and start again",
    errno.EROFS: "take another folder",
    errno.EIO: "take another disk",
    errno.EACCES: "take another folder, or ask for the right",
    errno.EPERM: "take another folder, or ask for the right",
    errno.ENOENT: "make the folder it is to be in, or take another",
    errno.ENOTDIR: "take another path",
    errno.EISDIR: "take the path of a file",
    errno.EEXIST: "take another name",
    errno.ELOOP: "take another path",
    errno.ENAMETOOLONG: "take a shorter name",
    errno.EMFILE: "raise the limit (ulimit -n) and start again",
    errno.ENFILE: "end other programs and start again",
    errno.EAGAIN: "raise the limit (ulimit -u), or end other programs, and start again",
    errno.ENOMEM: "take fewer runs, months or workers, or raise the limit (ulimit -v)",
}
"""What helps, by what the system says."""
PLAIN = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk is full",
    errno.EAGAIN: "the machine starts no more processes or threads",
    errno.ENOMEM: "memory is out",
}
"""What is wrong, where the system's own words do not say it."""
MACHINE = {errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM}
"""What no other path helps against."""
UNLOADED = {
    "failed to map segment": errno.ENOMEM,
    "cannot allocate memory": errno.ENOMEM,
    "cannot apply additional memory protection": errno.ENOMEM,
    "can't start new thread": errno.EAGAIN,
    "too many open files": errno.EMFILE,
}
"""The same, as an import or a thread says it that the machine does not let start."""


def refuse_too_little() -> None:
    """Refuse to begin under a limit of memory at which libraries of C do not fail but hang or crash.

    Raises
    ------
    MemoryError
    """
    if resource is None:
        return
    least = 2**30 + 50 * 2**20 * (os.cpu_count() or 1)
    for limit, option in ((resource.RLIMIT_AS, "-v"), (resource.RLIMIT_DATA, "-d")):
        most = resource.getrlimit(limit)[0]
        if 0 <= most < least:
            error = MemoryError()
            error.add_note(f"hedgerow needs {least >> 10:,} kB here and ulimit {option} leaves {most >> 10:,}")
            raise error


def number(error: BaseException) -> int | None:
    """Return the number of what the operating system says, None where it says nothing."""
    if isinstance(error, MemoryError):
        return errno.ENOMEM
    if isinstance(error, OSError) and error.errno:
        return error.errno
    if not isinstance(error, OSError | ImportError | RuntimeError | SystemError):
        return None
    said = str(error).lower()
    found = next((code for words, code in UNLOADED.items() if words in said), None)
    before = error.__cause__ or error.__context__
    return found or (number(before) if before is not None else None)


def expected(error: BaseException) -> bool:
    """Say whether an error is the operating system's, so that a sentence does; a reader who left is none."""
    return not isinstance(error, BrokenPipeError) and (isinstance(error, OSError) or number(error) is not None)


def of_machine(error: BaseException) -> bool:
    """Say whether an error is one of the machine, against which no other path helps."""
    return number(error) in MACHINE


def fault(error: BaseException) -> tuple[str, str]:
    """Return what is wrong, and what helps."""
    code = number(error)
    if code is None:
        return str(error) or type(error).__name__, "start again when it can"
    return PLAIN.get(code) or os.strerror(code), HELP.get(code, "start again when it can")


def sentence(error: BaseException, kept: str = "") -> str:
    """Return it as one sentence, which says what was kept: as given, and as notes of the error have it."""
    wrong, helps = fault(error)
    file = getattr(error, "filename", None)
    where = f"{os.fsdecode(file)}: " if isinstance(file, str | bytes | os.PathLike) and not of_machine(error) else ""
    notes = [kept, *getattr(error, "__notes__", ())]
    return where + "; ".join(words for words in (wrong, *notes, helps) if words)
