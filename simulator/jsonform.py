"""Pushes of mini programs in JSON: the same fields as in XML, wrapped as the console's choice of JSON wraps them."""

import json
from collections.abc import Mapping

from simulator.account import Account, Mode
from simulator.envelope import Envelope, Wrapped, signature, signed_query
from simulator.markup import Value

_LISTS = ("SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent", "SubscribeMsgSentEvent")


def render_json(fields: Mapping[str, Value]) -> bytes:
    """One push in UTF-8. The subscription events put `List` at top level, one template as an object of its own."""
    said = dict(fields)
    for wrapper in _LISTS:
        inside = said.pop(wrapper, None)
        if isinstance(inside, Mapping):
            listed = inside["List"]
            alone = isinstance(listed, list) and len(listed) == 1
            said["List"] = listed[0] if alone and isinstance(listed, list) else listed
    return json.dumps(said, ensure_ascii=False).encode()


def wrap_json(
    account: Account, mode: Mode, body: bytes, *, openid: str, timestamp: str, nonce: str, random16: bytes
) -> Wrapped:
    """A push in this mode; `body` is the message in clear."""
    query = signed_query(account, openid, timestamp, nonce)
    if mode is Mode.PLAIN:
        return Wrapped(query, body)
    encrypted = Envelope(account.token, account.aes_key, account.appid).seal(body, random16)
    query |= {"encrypt_type": "aes", "msg_signature": signature(account.token, timestamp, nonce, encrypted)}
    beside = {"ToUserName": account.original_id} if mode is Mode.SAFE else json.loads(body)
    return Wrapped(query, json.dumps({**beside, "Encrypt": encrypted}, ensure_ascii=False).encode())
