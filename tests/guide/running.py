"""The demo in a process of its own, for who looks at it with a browser."""

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.service.world import free_port

FILLED = "more people now"  # what the demo says when its unit is filled


@contextlib.contextmanager
def demo(folder: Path, *, filled: bool = True) -> Iterator[str]:
    """Its address; with `filled` once its unit is there. It must end cleanly on Ctrl-C, without having failed."""
    command = [sys.executable, "-m", "bot.commands", "demo", "--port", str(free_port())]
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    log = folder / "log"
    with log.open("wb") as errors:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        found = re.search(r"http://[\d.:]+/", line)
        assert found, f"no address in {line!r}: {log.read_text('utf-8')[-2000:]}"
        while filled and FILLED not in line:
            line = process.stdout.readline()
            assert line, f"the unit was not filled: {log.read_text('utf-8')[-2000:]}"
        yield found[0]
    finally:
        process.send_signal(signal.SIGINT)
        status = process.wait(20)
        process.stdout.close()
    assert status == 0
    assert "Traceback" not in log.read_text("utf-8")
