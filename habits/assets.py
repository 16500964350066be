"""Static files, read and compressed once, and named by the digest of them all."""

import gzip
import hashlib
import mimetypes
import os
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

# Each of css/, in the order that a list gives; Today needs the first alone.
SHEETS = {"app.css": "ORDER", "more.css": "MORE", "pulse.css": "PULSE"}
QUALITY = 10  # of 11: the last step takes twice as long, for a fortieth less
COMPRESSIBLE = {".css", ".js", ".svg", ".txt", ".webmanifest", ".json"}


@dataclass(frozen=True)
class Asset:
    """One file and its compressed forms, as bytes."""

    type: str
    plain: bytes
    brotli: bytes | None
    gzip: bytes | None

    def encoded(self, accepted) -> tuple[bytes, str | None]:
        """The bytes to send and their Content-Encoding, for what the browser accepts."""
        if self.brotli is not None and "br" in accepted:
            return self.brotli, "br"
        if self.gzip is not None and "gzip" in accepted:
            return self.gzip, "gzip"
        return self.plain, None


@dataclass(frozen=True)
class Assets:
    """All static files by their path; `digest` changes when any of them does."""

    digest: str
    files: dict[str, Asset]

    @classmethod
    def read(cls, folder: Path, cache: Path | None = None) -> "Assets":
        """Read `folder`; the files of its `css/` become sheets, each in the order of its list.

        What was compressed is kept in `cache` for the next start.
        """
        contents = _contents(folder)
        files = {name: _asset(name, body, cache) for name, body in contents.items()}
        return cls(_digest(contents), files)

    def url(self, name: str) -> str:
        """The immutable address of a file. Raises KeyError where there is none."""
        if name not in self.files:
            raise KeyError(f"no static file {name}")
        return _address(self.digest, name)


def address(folder: Path, name: str) -> str:
    """The immutable address of a file of `folder`, for who serves none of them."""
    return _address(_digest(_contents(folder)), name)


def _address(digest: str, name: str) -> str:
    return f"/static/{digest}/{name}"


def _contents(folder: Path) -> dict[str, bytes]:
    css = folder / "css"
    lists = {sheet: css / name for sheet, name in SHEETS.items()}
    contents = {sheet: _sheet(css, path) for sheet, path in lists.items() if path.exists()}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith(("css/", ".")):
            contents[name] = path.read_bytes()
    return contents


def _sheet(folder: Path, listed: Path) -> bytes:
    bodies = [(folder / name).read_bytes() for name in listed.read_text().split()]
    lines = (line.strip() for body in bodies for line in body.splitlines())
    return b"\n".join(line for line in lines if line)


def _digest(contents: dict[str, bytes]) -> str:
    total = hashlib.sha256()
    for name, body in contents.items():
        total.update(f"{name}\0{len(body)}\0".encode())
        total.update(body)
    return total.hexdigest()[:12]


@lru_cache(maxsize=256)  # another app of this process finds its files compressed
def _asset(name: str, body: bytes, cache: Path | None) -> Asset:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if Path(name).suffix not in COMPRESSIBLE:
        return Asset(kind, body, None, None)
    if kind.startswith("text/") or kind == "application/javascript":
        kind += "; charset=utf-8"
    return Asset(kind, body, _brotli(body, cache), gzip.compress(body, 9, mtime=0))


def _brotli(body: bytes, cache: Path | None) -> bytes:
    import brotli  # not for who only asks for an address

    if cache is None:
        return brotli.compress(body, quality=QUALITY)
    kept = cache / f"{hashlib.sha256(body).hexdigest()[:32]}.br"
    with suppress(OSError, brotli.error):
        found = kept.read_bytes()
        if brotli.decompress(found) == body:  # a machine may have failed while it was written
            return found
    made = brotli.compress(body, quality=QUALITY)
    _keep(kept, made)
    return made


def _keep(path: Path, content: bytes) -> None:
    """Write it whole or not at all; without room, the next start does the work again."""
    part = path.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            part.write_bytes(content)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
