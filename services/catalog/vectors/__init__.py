"""The vector index: Milvus, and the exact one in memory that stands before an embedded one."""
