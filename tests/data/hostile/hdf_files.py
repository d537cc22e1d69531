"""HDF5 files."""

import io
from collections.abc import Callable
from typing import Any

import h5py
import numpy as np

from tests.data.hostile.case import Case

DAMAGED, EMPTY = "is damaged or cut off", "is empty"


def hdf(write: Callable[[Any], object], **how: Any) -> bytes:
    """A file that is written into memory."""
    target = io.BytesIO()
    with h5py.File(target, "w", **how) as file:
        write(file)
    return target.getvalue()


def claimed(shape: tuple[int, ...]) -> bytes:
    """Numbers that are said to be there, and of which none is."""
    return hdf(lambda file: file.create_dataset("d", shape, "f8", chunks=True))


def outside(kind: str) -> bytes:
    """Numbers that stand in another file of the machine."""

    def write(file: Any) -> None:
        if kind == "link":
            file["d"] = h5py.ExternalLink("/proc/self/maps", "/d")
        elif kind == "bytes":
            file.create_dataset("d", (9,), "u1", external=[("/etc/passwd", 0, 9)])
        else:
            layout = h5py.VirtualLayout((9,), "f8")
            layout[:] = h5py.VirtualSource("other.h5", "d", (9,))
            file.create_virtual_dataset("d", layout)

    return hdf(write)


def circle(file: Any) -> None:
    file["a/v"] = np.arange(9.0)
    file["a/again"] = file["/"]
    file["a/soft"] = h5py.SoftLink("/a")


CASES = [
    Case("a group of columns", "it.h5", lambda: hdf(lambda f: f.update(a=[1.5, 2], b=[3, 4.5]))),
    Case("groups that hold each other", "it.h5", lambda: hdf(circle)),
    Case("nothing inside", "it.h5", lambda: hdf(lambda file: None), EMPTY),
    Case("words alone", "it.h5", lambda: hdf(lambda f: f.update(a=["x", "y"])), "holds words"),
    Case("a link to elsewhere", "it.h5", lambda: outside("link"), EMPTY),
    Case("bytes from elsewhere", "it.h5", lambda: outside("bytes"), EMPTY),
    Case("a file behind a file", "it.h5", lambda: outside("virtual"), EMPTY),
    Case("a single number", "it.h5", lambda: hdf(lambda f: f.update(a=3.5)), EMPTY),
    Case(
        "half of a file",
        "it.h5",
        lambda: hdf(lambda f: f.update(a=np.arange(99.0)))[:-500],
        DAMAGED,
    ),
]

BOMBS = [
    Case("a trillion rows", "it.h5", lambda: claimed((10**12,)), "has 1,000,000,000,000 rows"),
    Case("a million columns", "it.h5", lambda: claimed((2, 10**6)), "has 1,000,000 columns"),
    Case("2 GB", "it.h5", lambda: claimed((2_000_000, 134)), "rows of 134 columns"),
    Case(
        "11,000 arrays",
        "it.h5",
        lambda: hdf(lambda f: [f.create_dataset(str(k), (1,), "f8") for k in range(11_000)]),
        "holds too many arrays",
    ),
]
