"""What other systems and those who keep the connections may be told."""

from __future__ import annotations

from yiwang.kernel.errors import Conflict, TooLarge, UserError


class NotAnEvent(UserError):
    """The request is no CloudEvent 1.0 as the protocol wants it; `facts` names the attribute."""

    code, status = "EVENT_MALFORMED", 400
    message, next_step = "请求不是 CloudEvents 1.0 事件。", "请对照接口文档检查报文。"


class WrongForm(UserError):
    code, status = "EVENT_MEDIA_TYPE", 415
    message = "只接收 application/cloudevents+json，或带 ce- 头的 application/json。"
    next_step = "请逐条发送事件，不要成批。"


class EventTooLarge(TooLarge):
    message, next_step = "事件超过 65536 字节。", "请去掉附件内容，只传文字和链接。"


class NotSigned(UserError):
    """Also the answer for a system nobody knows: a stranger must not learn which keys exist."""

    code, status = "EVENT_SIGNATURE", 401
    message, next_step = "签名不对，或系统编号不存在、已停用。", "请检查密钥、时间戳和签名内容。"


class WrongTime(UserError):
    code, status = "EVENT_TIMESTAMP", 401
    message, next_step = "时间戳与本系统相差超过五分钟。", "请校准时钟后重新签名发送。"


class TooMany(UserError):
    """`facts["retry_after"]` is in seconds."""

    code, status = "TOO_OFTEN", 429
    message, next_step = "发送过于频繁。", "请把事件排队，按 Retry-After 的秒数之后再发。"


class OtherBody(Conflict):
    code = "EVENT_ID_REUSED"
    message, next_step = "这个事件编号已用于内容不同的事件。", "每个新事件请用新的 id；重发时内容须一字不差。"


class NotUnderstood(UserError):
    """A well-formed event with a word we do not know; kept for a person. `facts` names the known ones."""

    code, status = "EVENT_UNKNOWN", 422
    message, next_step = "事件里有本系统不认识的内容。", "事件已留存，等待管理员处理；请核对已知的取值。"


class NotReachable(UserError):
    """The address may not be called, or nobody answers there."""

    code, status = "SYSTEM_UNREACHABLE", 422
    message, next_step = "连接不到对方系统。", "请核对地址和网络。"
