"""The vector index: Milvus (the only user of pymilvus) and the exact flat index in memory."""
