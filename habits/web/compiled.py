"""Templates as they were compiled, each in its language, kept for the next start."""

import hashlib
from contextlib import suppress
from pathlib import Path
from pickle import UnpicklingError

import jinja2

from habits import ROOT
from habits.web import translations


class Compiled(jinja2.FileSystemBytecodeCache):
    """Files in a folder of Kept's user alone; where it cannot be written, there are none."""

    def __init__(self, folder: Path):
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(str(folder), "%s.template")
        self.made_of = _digest()

    def get_cache_key(self, name, filename=None):
        return super().get_cache_key(f"{translations.spoken()} {name}", filename)

    def get_source_checksum(self, source):
        return super().get_source_checksum(f"{self.made_of} {source}")

    def load_bytecode(self, bucket):
        with suppress(OSError, EOFError, ValueError, UnpicklingError):  # damaged: compiled anew
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket):
        with suppress(OSError):  # a full disk spoils no page
            super().dump_bytecode(bucket)


def _digest() -> str:
    """Of all that is compiled in beside the template itself, and of what compiles it."""
    files = [
        *sorted(ROOT.glob("habits/translations/*/LC_MESSAGES/*.mo")),
        ROOT / "templates" / translations.ICONS,
        Path(translations.__file__),
    ]
    total = hashlib.sha256(jinja2.__version__.encode())
    for path in files:
        total.update(path.read_bytes())
    return total.hexdigest()
