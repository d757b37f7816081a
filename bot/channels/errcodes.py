"""The platform's error codes: which kind each one is, and what to do about it.

Meanings come from the platform's documentation and public SDKs (each API's page, global return codes). Errors
arrive with HTTP status 200; the text beside the code changes, so only the code decides.
"""

from enum import StrEnum
from typing import NamedTuple


class ErrorKind(StrEnum):
    """What an error asks for."""

    RETRY = "retry"  # transient, back off
    TOKEN = "token"  # noqa: S105 - a kind of error; refresh then one retry
    QUOTA = "quota"  # stop until reset
    USER = "user"  # drop or mark this recipient only, keep sending to others
    REQUEST = "request"  # permanent for this payload
    CONFIG = "config"  # stop this API and alert an operator
    BUG = "bug"  # our defect
    MEDIA = "media"  # upload again
    RELOGIN = "relogin"  # send the person through login
    DONE = "done"  # count as success
    CONTENT = "content"  # refuse the content


class ErrorCode(NamedTuple):
    """`action` is for the operator who reads the log."""

    kind: ErrorKind
    action: str


ERROR_CODES: dict[int, ErrorCode] = {
    -1: ErrorCode(ErrorKind.RETRY, "exponential back-off with jitter, at most 3 tries"),
    6000: ErrorCode(ErrorKind.RETRY, "version conflict, retry later"),
    40001: ErrorCode(
        ErrorKind.TOKEN,
        "drop the cached token if it is still the one used, fetch once, retry once; "
        "a second 40001 on token fetch means wrong secret",
    ),
    40003: ErrorCode(ErrorKind.USER, "openid/userid unknown or of another account"),
    40004: ErrorCode(ErrorKind.REQUEST, "media type"),
    40005: ErrorCode(ErrorKind.REQUEST, "file type"),
    40006: ErrorCode(ErrorKind.REQUEST, "file size"),
    40007: ErrorCode(ErrorKind.MEDIA, "media_id unknown or expired: upload again, then retry once"),
    40013: ErrorCode(ErrorKind.CONFIG, "appid/corpid wrong"),
    40014: ErrorCode(ErrorKind.TOKEN, "as 40001"),
    40029: ErrorCode(ErrorKind.RELOGIN, "code invalid or expired"),
    40031: ErrorCode(ErrorKind.REQUEST, "openid list holds an invalid entry: split and find it"),
    40032: ErrorCode(ErrorKind.REQUEST, "list too long"),
    40033: ErrorCode(ErrorKind.BUG, "\\uXXXX escapes in the body: send raw UTF-8"),
    40036: ErrorCode(ErrorKind.CONFIG, "template id missing or malformed"),
    40037: ErrorCode(ErrorKind.CONFIG, "template id invalid for this account"),
    40056: ErrorCode(ErrorKind.CONFIG, "agentid invalid"),
    40125: ErrorCode(ErrorKind.CONFIG, "secret wrong"),
    40163: ErrorCode(ErrorKind.RELOGIN, "code already used"),
    40164: ErrorCode(ErrorKind.CONFIG, "caller IP not on the whitelist (errmsg carries the IP)"),
    40200: ErrorCode(ErrorKind.CONFIG, "account type may not use this message type"),
    40226: ErrorCode(ErrorKind.USER, "high-risk user blocked; do not retry"),
    40243: ErrorCode(ErrorKind.CONFIG, "secret frozen by the administrator"),
    41001: ErrorCode(ErrorKind.BUG, "request left without access_token"),
    41030: ErrorCode(ErrorKind.CONFIG, "page not in the released version"),
    42001: ErrorCode(ErrorKind.TOKEN, "as 40001"),
    42002: ErrorCode(ErrorKind.RELOGIN, "web refresh_token expired: send the user through OAuth again"),
    42003: ErrorCode(ErrorKind.RELOGIN, "oauth code expired"),
    42007: ErrorCode(ErrorKind.RELOGIN, "grant void after password change"),
    43002: ErrorCode(ErrorKind.BUG, "must be POST"),
    43004: ErrorCode(ErrorKind.USER, "not a follower: mark unsubscribed"),
    43019: ErrorCode(ErrorKind.USER, "receiver is on the account blacklist"),
    43101: ErrorCode(ErrorKind.USER, "no subscription grant left or refused: set grant to 0 for that template"),
    43104: ErrorCode(ErrorKind.BUG, "openid and appid do not match"),
    44002: ErrorCode(ErrorKind.BUG, "empty body"),
    44004: ErrorCode(ErrorKind.BUG, "empty text"),
    45001: ErrorCode(ErrorKind.REQUEST, "media too large"),
    45002: ErrorCode(ErrorKind.REQUEST, "content too long: split"),
    45008: ErrorCode(ErrorKind.REQUEST, "too many articles"),
    45009: ErrorCode(ErrorKind.QUOTA, "stop this API until 00:00 Beijing time, or clear quota by an operator decision"),
    45011: ErrorCode(ErrorKind.RETRY, "wait for the next minute, then slow down"),
    45015: ErrorCode(ErrorKind.USER, "customer window closed: use another channel or wait for user action"),
    45028: ErrorCode(ErrorKind.REQUEST, "no mass send is left"),
    45033: ErrorCode(ErrorKind.RETRY, "too many concurrent calls: lower concurrency"),
    45035: ErrorCode(ErrorKind.CONFIG, "caller IP not registered"),
    45047: ErrorCode(ErrorKind.USER, "customer allowance used up: wait for user action"),
    45056: ErrorCode(ErrorKind.REQUEST, "100 tags reached"),
    45057: ErrorCode(ErrorKind.REQUEST, "tag has over 100 000 followers, cannot delete"),
    45058: ErrorCode(ErrorKind.REQUEST, "system tag 0/1/2"),
    45059: ErrorCode(ErrorKind.USER, "20 tags on one person"),
    45065: ErrorCode(ErrorKind.DONE, "same clientmsgid already sent; treat as success and store the returned msg_id"),
    45066: ErrorCode(ErrorKind.RETRY, "same clientmsgid too soon: wait 1 minute"),
    45067: ErrorCode(ErrorKind.BUG, "clientmsgid over 64 bytes"),
    45072: ErrorCode(ErrorKind.BUG, "typing: command unknown"),
    45080: ErrorCode(ErrorKind.USER, "typing: no user message within 30 s"),
    45081: ErrorCode(ErrorKind.DONE, "typing already set"),
    45157: ErrorCode(ErrorKind.REQUEST, "tag name taken or illegal"),
    45158: ErrorCode(ErrorKind.REQUEST, "tag name over 30 bytes"),
    45159: ErrorCode(ErrorKind.REQUEST, "unknown tag id"),
    46004: ErrorCode(ErrorKind.USER, "user does not exist"),
    47001: ErrorCode(ErrorKind.BUG, "bad JSON"),
    47003: ErrorCode(ErrorKind.REQUEST, "template field breaks its type rule; errmsg names the field"),
    48001: ErrorCode(ErrorKind.CONFIG, "API not granted to this account, or token of another account type"),
    48002: ErrorCode(ErrorKind.USER, "follower switched message reception off (WeCom: API not permitted, config)"),
    48004: ErrorCode(ErrorKind.CONFIG, "API banned for violations: alert"),
    48006: ErrorCode(ErrorKind.CONFIG, "no quota clears left this month"),
    48008: ErrorCode(ErrorKind.CONFIG, "no right to send this type"),
    49003: ErrorCode(ErrorKind.USER, "openid of another account, or not a follower"),
    50001: ErrorCode(ErrorKind.CONFIG, "OA: user did not grant the API; WeCom: redirect domain not trusted"),
    50002: ErrorCode(ErrorKind.CONFIG, "account restricted"),
    50003: ErrorCode(ErrorKind.CONFIG, "app disabled"),
    50005: ErrorCode(ErrorKind.USER, "not a follower"),
    60011: ErrorCode(ErrorKind.CONFIG, "no right over that member/party/tag"),
    60020: ErrorCode(ErrorKind.CONFIG, "caller IP not trusted"),
    60111: ErrorCode(ErrorKind.USER, "userid not in the directory"),
    61004: ErrorCode(ErrorKind.CONFIG, "caller IP not registered"),
    61007: ErrorCode(ErrorKind.CONFIG, "permission set not granted to the third-party platform"),
    61010: ErrorCode(ErrorKind.USER, "user not active in the last 2 hours"),
    81013: ErrorCode(ErrorKind.USER, "every receiver invalid or out of the app scope"),
    82002: ErrorCode(ErrorKind.REQUEST, "over 100 parties"),
    82003: ErrorCode(ErrorKind.REQUEST, "over 100 tags"),
    84061: ErrorCode(ErrorKind.USER, "no external-contact relation"),
    87014: ErrorCode(ErrorKind.CONTENT, "content refused (v1 check)"),
    89503: ErrorCode(ErrorKind.CONFIG, "IP awaiting the administrator (1 h lock after refusal)"),
    301002: ErrorCode(ErrorKind.CONFIG, "token may not act for this app"),
}
