"""Runs every benchmark: `python -m benchmarks`."""

from benchmarks import gateway, photos, proofs, reading, ruling

if __name__ == "__main__":
    reading.main()
    ruling.main()
    gateway.main()
    photos.main()
    proofs.main()
