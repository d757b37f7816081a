"""Tags that an account gives its followers: at most 100, each name once, at most 20 on one person."""

from simulator.errors import ApiError

MOST = 100
ON_ONE = 20
AT_ONCE = 50
NAME_LENGTH = 30
SYSTEM = (0, 1, 2)
_FIRST = 100


class Tags:
    """The tags of one account and who has them."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}
        self._members: dict[int, dict[str, None]] = {}
        self._next = _FIRST

    def create(self, name: str) -> int:
        """ApiError 45158 name too long, 45157 empty or taken, 45056 a hundred already."""
        if len(name) > NAME_LENGTH:
            raise ApiError(45158, "invalid tag name, max length 30")
        if not name.strip() or name in self._names.values():
            raise ApiError(45157, "invalid tag name")
        if len(self._names) >= MOST:
            raise ApiError(45056, "too many tag now, please try again after deleting some")
        tag, self._next = self._next, self._next + 1
        self._names[tag], self._members[tag] = name, {}
        return tag

    def listed(self) -> list[dict[str, object]]:
        return [{"id": tag, "name": name, "count": len(self._members[tag])} for tag, name in self._names.items()]

    def members(self, tag: object) -> list[str]:
        """ApiError 45159 for a tag that there is not."""
        return list(self._members[self._there(tag)])

    def put(self, tag: object, openids: list[str]) -> None:
        """ApiError 45059 when somebody would have more than 20."""
        there = self._there(tag)
        for openid in openids:
            if sum(openid in members for other, members in self._members.items() if other != there) >= ON_ONE:
                raise ApiError(45059, "user tag count exceed")
        self._members[there].update(dict.fromkeys(openids))

    def take(self, tag: object, openids: list[str]) -> None:
        there = self._there(tag)
        for openid in openids:
            self._members[there].pop(openid, None)

    def _there(self, tag: object) -> int:
        if not isinstance(tag, int) or tag not in self._members:
            raise ApiError(45159, "invalid tag id")
        return tag
