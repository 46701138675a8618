"""Clients of other languages can be generated from the contract."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.unit.protos.descriptors import FILES, descriptor_set

PROTOC = shutil.which("protoc")
JAVAC = shutil.which("javac")
JAVA_RUNTIME = Path("/usr/share/java/protobuf.jar")
"""Of Debian's libprotobuf-java, for what its protobuf-compiler makes."""

pytestmark = pytest.mark.skipif(PROTOC is None, reason="needs protoc (Debian: apt install protobuf-compiler)")


def generate(language: str, folder: Path) -> set[str]:
    """The paths of the sources made, below the folder's subfolder of that name."""
    contract = descriptor_set()
    (folder / "contract.binpb").write_bytes(contract.SerializeToString())
    made = folder / language
    made.mkdir()
    names = [file.name for file in contract.file if not file.name.startswith("google/protobuf/")]
    options = [f"--descriptor_set_in={folder / 'contract.binpb'}", f"--{language}_out={made}"]
    subprocess.run([str(PROTOC), *options, *names], check=True, capture_output=True, text=True)
    return {path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()}


def test_java_has_a_class_for_every_message_and_enum(tmp_path: Path) -> None:
    made = generate("java", tmp_path)
    for file in FILES:
        for name in (*file.message_types_by_name, *file.enum_types_by_name):
            assert f"io/armoire/v1/{name}.java" in made


def test_csharp_has_a_file_for_every_noun_in_its_namespace(tmp_path: Path) -> None:
    made = generate("csharp", tmp_path)
    for file in FILES:
        name = f"{Path(file.name).stem.title()}.cs"
        assert name in made
        assert "namespace Armoire.V1 {" in (tmp_path / "csharp" / name).read_text()


@pytest.mark.skipif(
    JAVAC is None or not JAVA_RUNTIME.exists(), reason="needs a JDK and Debian's libprotobuf-java"
)
def test_the_java_classes_compile(tmp_path: Path) -> None:
    sources = [str(tmp_path / "java" / name) for name in generate("java", tmp_path)]
    quick = ["-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-nowarn", "-proc:none", "-g:none"]
    options = [*quick, "-cp", str(JAVA_RUNTIME), "-d", str(tmp_path / "classes")]
    compiled = subprocess.run([str(JAVAC), *options, *sources], capture_output=True, text=True, check=False)
    assert compiled.returncode == 0, compiled.stderr
    assert (tmp_path / "classes/io/armoire/v1/SearchRequest.class").is_file()
