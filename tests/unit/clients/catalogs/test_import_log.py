from __future__ import annotations

from pathlib import Path

from armoire.catalogs.import_log import ImportLog


def test_the_log_is_kept_for_each_server(tmp_path: Path) -> None:
    log = ImportLog(tmp_path, "a:1")
    log.add("image-1", "job-1")
    log.add("image-2", "job-2")
    log.add("image-1", "job-3")
    again = ImportLog(tmp_path, "a:1")
    assert [again.job_of(f"image-{number}") for number in (1, 2, 3)] == ["job-3", "job-2", ""]
    assert ImportLog(tmp_path, "b:1").job_of("image-1") == ""


def test_a_line_that_was_cut_off_counts_for_nothing(tmp_path: Path) -> None:
    ImportLog(tmp_path, "a:1").add("image-1", "job-1")
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes() + b'["image-2", "jo')
    log = ImportLog(tmp_path, "a:1")
    assert (log.job_of("image-1"), log.job_of("image-2")) == ("job-1", "")
    log.add("image-3", "job-3")
    assert ImportLog(tmp_path, "a:1").job_of("image-3") == "job-3"
