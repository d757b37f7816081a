"""December in small: whatever goes wrong, nobody is told twice, nobody who is done, and everybody else on the day."""

from pathlib import Path

from benchmarks.winter import STAGES, Winter


async def test_a_unit_through_the_winter(tmp_path: Path) -> None:
    """24 people, a platform in trouble, and kill -9 of the service while reminders are on their way."""
    async with Winter(tmp_path, people=24, seed=20251201, kills=2, others=3) as winter:
        report = await winter.run()
    print(report.table())
    assert report.wrong == []
    assert report.quota_errors == 0
    assert report.kills == 2
    assert list(report.rows) == list(STAGES)
    heard = [row["heard"] for row in report.rows.values()]
    assert heard[0] > 5, "the winter was not empty"
    assert sum(heard) > 20
    assert report.rows[1]["done"] > report.rows[90]["done"], "people do get on"
    assert all(row["unreachable"] for row in report.rows.values())
