"""Runs every benchmark: `python -m benchmarks`."""

from benchmarks import gateway, photos, reading, ruling

if __name__ == "__main__":
    reading.main()
    ruling.main()
    gateway.main()
    photos.main()
