"""Identifies the format of a picture by its first bytes."""

from __future__ import annotations

import struct

from domain.errors import InvalidInput
from imaging.header import DamagedHeader, Header, ImageFormat
from imaging.jpeg_header import read_jpeg_header
from imaging.png_header import read_png_header
from imaging.webp_header import read_webp_header

ACCEPTED = "accepted are JPEG, PNG and WebP"


def read_header(content: bytes) -> Header:
    """Read the header of a JPEG, PNG or WebP.

    Raises:
        InvalidInput: the format is another one, which is named if known, or the header is damaged.
    """
    format = identify(content)
    readers = {
        ImageFormat.JPEG: read_jpeg_header,
        ImageFormat.PNG: read_png_header,
        ImageFormat.WEBP: read_webp_header,
    }
    try:
        return readers[format](content)
    except (DamagedHeader, struct.error) as error:
        raise InvalidInput(
            "content", f"is {format.upper()} data whose header is truncated or damaged"
        ) from error


def identify(content: bytes) -> ImageFormat:
    """The format by the first bytes. Raises InvalidInput if it is not an accepted one."""
    if content.startswith(b"\xff\xd8\xff"):
        return ImageFormat.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return ImageFormat.PNG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return ImageFormat.WEBP
    raise InvalidInput("content", f"is {_describe_other(content)}; {ACCEPTED}")


def _describe_other(content: bytes) -> str:
    """A name for data of a format that is not accepted."""
    if content[4:8] == b"ftyp":
        return "an AVIF, HEIC or video file"
    start = content[:256].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    signatures = {
        b"gif8": "a GIF",
        b"bm": "a BMP",
        b"ii*\0": "a TIFF",
        b"mm\0*": "a TIFF",
        b"%pdf": "a PDF",
        b"pk\x03\x04": "a ZIP archive",
        b"<!doctype html": "an HTML page",
        b"<html": "an HTML page",
        b"<svg": "an SVG",
        b"<?xml": "an XML document",
    }
    return next((name for bytes_, name in signatures.items() if start.startswith(bytes_)), "not an image")
