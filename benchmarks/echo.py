"""The yardstick: a bare aiohttp server that decrypts with wechatpy, echoes, and encrypts. It keeps nothing."""

import sys
import time

from aiohttp import web
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import TextReply


def build(token: str, aes_key: str, appid: str) -> web.Application:
    crypto = WeChatCrypto(token, aes_key, appid)

    async def receive(request: web.Request) -> web.Response:
        query = request.query
        xml = crypto.decrypt_message(await request.read(), query["msg_signature"], query["timestamp"], query["nonce"])
        message = parse_message(xml)
        reply = TextReply(content=message.content, message=message).render()
        sealed = crypto.encrypt_message(reply, query["nonce"], str(int(time.time())))
        return web.Response(text=sealed, content_type="text/xml")

    app = web.Application()
    app.router.add_post("/wechat/official", receive)
    return app


if __name__ == "__main__":
    web.run_app(build(*sys.argv[2:5]), host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
