"""Runs every benchmark: `python -m benchmarks`."""

from benchmarks import gateway

if __name__ == "__main__":
    gateway.main()
