"""Words to meaning: pure, deterministic, without I/O after its dictionaries are loaded."""
