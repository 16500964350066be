"""Zip files from outside, opened within bounds; nothing of them is ever written to a disk."""

import io
import zipfile
import zlib

from habits.documents import N_, HistoryError

MOST_ENTRIES = 5_000
MOST_BYTES = 8 * 1024 * 1024  # of one file in it
MOST_IN_ALL = 32 * 1024 * 1024  # of all that are read
CENTRAL_ENTRY = b"PK\x01\x02"
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1


class Members:
    """The files of a zip by name; each is read when it is asked for, and only so far."""

    def __init__(self, data: bytes):
        if data.count(CENTRAL_ENTRY) > MOST_ENTRIES:
            raise HistoryError(N_("the zip: more than %(count)s files in it", count=MOST_ENTRIES))
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            found = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as problem:
            raise HistoryError(N_("the zip: it cannot be opened (%(why)s)", why=problem)) from None
        files = [one for one in found if not one.filename.endswith("/")]
        self._infos = {one.filename.replace("\\", "/"): one for one in files}
        if len(self._infos) < len(files):
            raise HistoryError(N_("the zip: two files in it bear the same name"))
        self._read = 0
        for name in self._infos:
            _check(name)

    @property
    def names(self) -> list[str]:
        return list(self._infos)

    def read(self, name: str) -> bytes:
        """What the file holds. HistoryError if it is too large, damaged or locked."""
        info = self._infos[name]
        if info.flag_bits & ENCRYPTED or info.compress_type not in METHODS:
            raise HistoryError(
                N_("the zip: %(name)s is locked or packed in an unusual way", name=name[:60])
            )
        try:
            with self._zip.open(info) as file:
                content = file.read(MOST_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError):
            raise HistoryError(N_("the zip: %(name)s is damaged", name=name[:60])) from None
        self._read += len(content)
        if len(content) > MOST_BYTES or self._read > MOST_IN_ALL:
            raise HistoryError(N_("the zip: it holds more than Kept takes at once"))
        return content


def _check(name: str) -> None:
    if "\0" in name or name.startswith("/") or ".." in name.split("/"):
        raise HistoryError(N_("the zip: a file in it lies outside its folder"))
