"""The operator's room: lamps, times, queues, failed messages, the ledger's check, rules to review, what runs.

It shows all processes together, from what each writes down every minute, and nothing personal.
"""

from console.doors import Door, Room
from console.operator import pages
from domain.person import Role

ROOM = Room(
    "operator",
    (
        Door("GET", "/operator", pages.overview),
        Door("GET", "/operator/lines", pages.lines, polled=True),
        Door("POST", "/operator/refresh", pages.refresh),
        Door("GET", "/operator/turns", pages.turns),
        Door("POST", "/operator/turns/replay", pages.replay),
        Door("GET", "/operator/ledger", pages.ledger),
        Door("GET", "/operator/ledger/progress", pages.progress, polled=True),
        Door("POST", "/operator/ledger/check", pages.check),
        Door("GET", "/operator/rules", pages.rules),
        Door("GET", "/operator/machines", pages.machines),
    ),
    (Role.OPERATOR,),
)
