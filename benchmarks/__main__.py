"""Runs every benchmark: `python -m benchmarks`. Takes the better part of an hour."""

from benchmarks import december, gateway, miniprogram, photos, proofs, reading, reminders, ruling

if __name__ == "__main__":
    for each in (reading, ruling, reminders, proofs, photos, gateway, miniprogram, december):
        print(f"\n== {each.__name__}", flush=True)
        each.main()
