"""Column shapes that several tables share."""

from enum import StrEnum
from typing import Annotated

from sqlalchemy import Enum, ForeignKey
from sqlalchemy.orm import mapped_column

KEY_LENGTH = 64

Id = Annotated[int, mapped_column(primary_key=True)]
LeaderId = Annotated[int, mapped_column(ForeignKey("leaders.id", ondelete="CASCADE"), index=True)]


def word(kind: type[StrEnum]) -> Enum:
    """A column of one of the words of `kind`, stored as text: a new word needs no new type."""
    return Enum(
        kind,
        native_enum=False,
        length=16,
        create_constraint=False,
        values_callable=lambda words: [word.value for word in words],
    )
