"""Priorities and reasons of jobs; operations count the processes that died on them."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_OPEN = "state IN ('queued', 'cropping', 'analyzing')"


def upgrade() -> None:
    """Jobs that wait keep their order; those that have ended stand where they were created."""
    interactive = sa.Column("priority", sa.String(length=16), nullable=False, server_default="interactive")
    op.add_column("job", interactive)
    op.add_column("job", sa.Column("queue_us", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("job", sa.Column("reason", sa.String(length=64), nullable=True))
    op.execute(f"UPDATE job SET queue_us = CASE WHEN {_OPEN} THEN run_after_us ELSE create_us END")
    _set_reasons()
    op.create_index("ix_job_state_queue_us", "job", ["state", "queue_us"])
    op.create_index("ix_job_tenant_id_update_us", "job", ["tenant_id", "update_us"])
    op.drop_index("ix_job_state_run_after_us", "job")
    counted = sa.Column("interruptions", sa.Integer(), nullable=False, server_default="0")
    op.add_column("operation", counted)


def _set_reasons() -> None:
    job = sa.table("job", *map(sa.column, ("tenant_id", "id", "reason")), sa.column("error", sa.JSON()))
    connection = op.get_bind()
    failed = connection.execute(sa.select(job.c.tenant_id, job.c.id, sa.cast(job.c.error, sa.Text()))
                                .where(job.c.error.is_not(None)))  # fmt: skip
    for tenant_id, id, error in failed.all():
        reason = (json.loads(error) or {}).get("reason") if error else None
        of_job = (job.c.tenant_id == tenant_id, job.c.id == id)
        connection.execute(sa.update(job).where(*of_job).values(reason=reason))


def downgrade() -> None:
    op.execute("ALTER TABLE operation DROP COLUMN interruptions")
    op.create_index("ix_job_state_run_after_us", "job", ["state", "run_after_us"])
    op.drop_index("ix_job_tenant_id_update_us", "job")
    op.drop_index("ix_job_state_queue_us", "job")
    for column in ("reason", "queue_us", "priority"):
        op.execute(f"ALTER TABLE job DROP COLUMN {column}")
