"""Runs every benchmark: `python -m benchmarks`. Takes the better part of an hour."""

from benchmarks import console, december, gateway, imports, miniprogram, photos, proofs, reading, reminders, ruling

if __name__ == "__main__":
    for each in (reading, ruling, reminders, console, proofs, photos, gateway, imports, miniprogram, december):
        print(f"\n== {each.__name__}", flush=True)
        each.main()
