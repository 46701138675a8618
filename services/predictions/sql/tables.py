"""The table of the prediction log. Times are microseconds since 1970."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Index, Integer, LargeBinary, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

VERSION = String(200)


class PredictionTable(DeclarativeBase):
    """Base of all tables; constraints get predictable names, which migrations need."""

    metadata = MetaData(
        naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
    )


class LoggedPredictionRow(PredictionTable):
    """What was said of one photo or text; see `Prediction`. Versions are "" where no such model took part."""

    __tablename__ = "logged_prediction"
    __table_args__ = (Index(None, "create_us"),)

    tenant_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    create_us: Mapped[int] = mapped_column(BigInteger)
    method: Mapped[str] = mapped_column(String(64))
    request_id: Mapped[str] = mapped_column(String(64))
    detector_version: Mapped[str] = mapped_column(VERSION)
    detector_preprocess_version: Mapped[str] = mapped_column(VERSION)
    embedder_version: Mapped[str] = mapped_column(VERSION)
    embedder_preprocess_version: Mapped[str] = mapped_column(VERSION)
    classifier_version: Mapped[str] = mapped_column(VERSION)
    classifier_preprocess_version: Mapped[str] = mapped_column(VERSION)
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    has_picture: Mapped[bool] = mapped_column(Boolean)
    text: Mapped[str] = mapped_column(Text)
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    items: Mapped[list[Any]] = mapped_column(JSON)
    embedding_width: Mapped[int] = mapped_column(Integer)
    embeddings: Mapped[bytes] = mapped_column(LargeBinary)
