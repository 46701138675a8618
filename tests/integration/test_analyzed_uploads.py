"""Photos that were uploaded are analyzed as those in messages, by a real server."""

from __future__ import annotations

from pathlib import Path

import armoire

PHOTO = Path(__file__).parents[2] / "samples" / "striped-tee.jpg"


def test_calls_of_inference_take_uploads(client: armoire.Client) -> None:
    upload = client.upload(PHOTO)
    sent, uploaded = client.analyze(PHOTO), client.analyze(upload)
    assert [(item.box, item.label) for item in uploaded.items] == [
        (item.box, item.label) for item in sent.items
    ]
    assert client.detect(upload).detections == client.detect(PHOTO).detections
    ((_, streamed),) = client.analyze_many([upload])
    assert isinstance(streamed, armoire.ImageAnalysis)
    assert [item.box for item in streamed.items] == [item.box for item in sent.items]


def test_an_upload_that_is_not_there_fails_its_photo_alone(client: armoire.Client) -> None:
    unknown = armoire.Upload("01932f6e-5a0c-7c51-9d0e-0f2a53b1c004")
    missing, found = client.analyze_batch([unknown, PHOTO])
    assert isinstance(missing, armoire.NotFound)
    assert found.items
