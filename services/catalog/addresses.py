"""The settings that name the stores, for messages to the operator."""

DATABASE_URL = "ARMOIRE_CATALOG__DATABASE_URL"
BLOB_URL = "ARMOIRE_CATALOG__BLOB_URL"
MILVUS_URI = "ARMOIRE_CATALOG__MILVUS_URI"
