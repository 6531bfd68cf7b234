"""Files that are there whole or not at all, a lock against a second writer, and one error for what a disk refuses."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from verienv.errors import UsageError, VerienvError


class RunError(VerienvError, RuntimeError):
    """The machine stopped a run: a full disk, a directory that cannot be written, a worker that died."""


def write(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, power cuts included."""
    with replacing(path) as temporary, open(temporary, "wb") as file:
        file.write(content)
        sync(file.fileno())


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` that takes its place at the end; what it held is removed on failure."""
    temporary = path.with_name(f".{path.name}.tmp")
    remove(temporary)
    try:
        yield temporary
        if path.is_dir():
            remove(path)
        os.replace(temporary, path)
    except BaseException:
        remove(temporary)
        raise
    sync_directory(path.parent)


def remove(path: Path) -> None:
    """Remove a file or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def sync(descriptor: int) -> None:
    """Push what was written to the disk."""
    os.fsync(descriptor)


def sync_directory(path: Path) -> None:
    """Push a folder's entries to the disk, where the system can (Windows cannot, and need not)."""
    if sys.platform == "win32":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256(path: Path) -> str:
    """The sha256 of a file; of a folder, that of its files' names and sha256; "" when it is not there."""
    if path.is_dir():
        listed = "".join(f"{sha256(each)}  {each.name}\n" for each in sorted(path.iterdir()))
        return hashlib.sha256(listed.encode()).hexdigest()
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def size(path: Path) -> int:
    """The bytes of a file, or of all files of a folder."""
    return sum(each.stat().st_size for each in path.iterdir()) if path.is_dir() else path.stat().st_size


@contextmanager
def explained(what: str, hint: str = "") -> Iterator[None]:
    """Turn an OSError into a RunError that says what could not be done; `hint` says what to do."""
    try:
        yield
    except OSError as error:
        where = f" ({error.filename})" if error.filename and str(error.filename) not in what else ""
        raise RunError(f"cannot {what}: {error.strerror or error}{where}. {hint}") from error


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock file; a second holder gets a UsageError. The system lets go of it when the process dies."""
    descriptor = _take(path)
    try:
        yield
    finally:
        os.close(descriptor)


def _take(path: Path) -> int:
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except FileNotFoundError:
            continue  # the run that held it is just cleaning up
        if not _lock(descriptor):
            os.close(descriptor)
            raise UsageError(f"another run is writing to {path.parent.parent}")
        try:
            if os.path.samestat(os.fstat(descriptor), os.stat(path)):
                return descriptor
        except FileNotFoundError:
            pass
        os.close(descriptor)  # it was removed between opening and locking: take the new one


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
