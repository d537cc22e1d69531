"""Which columns say when, and which moments they mean."""
