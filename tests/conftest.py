"""What every test runs under: the logs as the service writes them, so that a test sees what an operator would."""

from bot.logs import set_up

set_up()
