"""Runs every benchmark: `python -m benchmarks`."""

from benchmarks import gateway, reading

if __name__ == "__main__":
    reading.main()
    gateway.main()
