"""Imports and the answers that they bring."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=True),
        sa.Column("made", sa.JSON(), nullable=True),
        sa.Column("aside", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["leader_id"],
            ["leaders.id"],
            name=op.f("fk_imports_leader_id_leaders"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_imports_leader_id"), ["leader_id"], unique=False)

    op.create_table(
        "origins",
        sa.Column("leader_id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commitment_id"],
            ["commitments.id"],
            name=op.f("fk_origins_commitment_id_commitments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["leader_id"],
            ["leaders.id"],
            name=op.f("fk_origins_leader_id_leaders"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("leader_id", "origin", name=op.f("pk_origins")),
    )
    with op.batch_alter_table("origins", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_origins_commitment_id"), ["commitment_id"], unique=False
        )

    op.create_table(
        "past_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("reply", sa.String(length=16), nullable=False),
        sa.Column("nature", sa.String(length=16), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["commitment_id"],
            ["commitments.id"],
            name=op.f("fk_past_answers_commitment_id_commitments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["imports.id"],
            name=op.f("fk_past_answers_import_id_imports"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["leader_id"],
            ["leaders.id"],
            name=op.f("fk_past_answers_leader_id_leaders"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_answers")),
        sa.UniqueConstraint(
            "commitment_id", "date", name=op.f("uq_past_answers_commitment_id_date")
        ),
    )
    with op.batch_alter_table("past_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_past_answers_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_past_answers_leader_id"), ["leader_id"], unique=False)


def downgrade():
    with op.batch_alter_table("past_answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_past_answers_leader_id"))
        batch_op.drop_index(batch_op.f("ix_past_answers_import_id"))

    op.drop_table("past_answers")
    with op.batch_alter_table("origins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_origins_commitment_id"))

    op.drop_table("origins")
    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_imports_leader_id"))

    op.drop_table("imports")
