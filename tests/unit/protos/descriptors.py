"""The contract as the stubs hold it."""

from __future__ import annotations

from google.protobuf.descriptor import FileDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet

from armoire.v1 import (
    access_pb2,
    account_pb2,
    admin_pb2,
    catalog_pb2,
    corrections_pb2,
    duplicates_pb2,
    exports_pb2,
    images_pb2,
    imports_pb2,
    indexing_pb2,
    inference_pb2,
    items_pb2,
    models_pb2,
    operations_pb2,
    outfits_pb2,
    products_pb2,
    reviews_pb2,
    search_pb2,
    types_pb2,
    uploads_pb2,
    users_pb2,
    wardrobe_pb2,
    webhooks_pb2,
)

FILES: tuple[FileDescriptor, ...] = tuple(
    module.DESCRIPTOR
    for module in (
        access_pb2,
        account_pb2,
        admin_pb2,
        catalog_pb2,
        corrections_pb2,
        duplicates_pb2,
        exports_pb2,
        images_pb2,
        imports_pb2,
        indexing_pb2,
        inference_pb2,
        items_pb2,
        models_pb2,
        operations_pb2,
        outfits_pb2,
        products_pb2,
        reviews_pb2,
        search_pb2,
        types_pb2,
        uploads_pb2,
        users_pb2,
        wardrobe_pb2,
        webhooks_pb2,
    )
)


def descriptor_set() -> FileDescriptorSet:
    """The files with all they import, each after what it imports."""
    found: dict[str, FileDescriptorProto] = {}

    def add(file: FileDescriptor) -> None:
        for imported in file.dependencies:
            add(imported)
        if file.name not in found:
            proto = FileDescriptorProto()
            file.CopyToProto(proto)
            found[file.name] = proto

    for file in FILES:
        add(file)
    return FileDescriptorSet(file=found.values())
