"""Questions, announcements, pulses, and people's accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("commitments", sa.Column("announced_on", sa.Date(), nullable=True))
    op.create_table(
        "rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=False),
        sa.Column("group", sa.String(length=60), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("tallies", sa.JSON(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        _leader("rounds"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
    )
    op.create_index(op.f("ix_rounds_leader_id"), "rounds", ["leader_id"])
    op.create_table(
        "invitations",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["rounds.id"],
            name=op.f("fk_invitations_round_id_rounds"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_invitations")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_invitations_round_id"), "invitations", ["round_id"])
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("heard", sa.String(length=16), nullable=False),
        sa.Column("line", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        _leader("questions"),
        sa.ForeignKeyConstraint(
            ["commitment_id"],
            ["commitments.id"],
            name=op.f("fk_questions_commitment_id_commitments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_questions_person_id_people"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    op.create_index("ix_questions_leader_id_date", "questions", ["leader_id", "date"])
    op.create_index(op.f("ix_questions_commitment_id"), "questions", ["commitment_id"])
    op.create_index(op.f("ix_questions_person_id"), "questions", ["person_id"])
    op.create_table(
        "person_days",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_person_days_person_id_people"),
            ondelete="CASCADE",
        ),
        _leader("person_days"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_days")),
    )
    op.create_index(op.f("ix_person_days_leader_id"), "person_days", ["leader_id"])
    op.create_table(
        "partings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=True),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("parted_at", sa.DateTime(timezone=True), nullable=False),
        _leader("partings"),
        sa.ForeignKeyConstraint(
            ["into_id"],
            ["people.id"],
            name=op.f("fk_partings_into_id_people"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partings")),
    )
    op.create_index(op.f("ix_partings_leader_id"), "partings", ["leader_id"])


def downgrade():
    for table in ("partings", "person_days", "questions", "invitations", "rounds"):
        op.drop_table(table)
    with op.batch_alter_table("commitments") as commitments:
        commitments.drop_column("announced_on")


def _leader(table):
    return sa.ForeignKeyConstraint(
        ["leader_id"],
        ["leaders.id"],
        name=op.f(f"fk_{table}_leader_id_leaders"),
        ondelete="CASCADE",
    )
