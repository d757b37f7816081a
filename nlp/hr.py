"""HR's sentences: who is to be notified, why something is returned."""

import re

from nlp.features import Sketch

_PENDING = re.compile("待审|等审核|未审|没审|还没审|待核|审核中|待审核|没审核|等着审|审批中|待批")
_UNFINISHED = re.compile(
    "(?:没|未|还没|没有|尚未|不|还差|差|欠|缺)(?:有)?(?:完成|达标|学完|学满|学够|修满|学|够"
    "|合格|学时|修完|及格|补齐|学公需|学专业|参加|登记)|不达标|未达标|学时不够|拖后腿|落后"
    "|没动静|差学时|不够的|还没学|一个学时都没|欠着"
)
_EVERYONE = re.compile("全体|所有|全部|大家|全员|每个人|全单位|全公司|全院|全校|各位|各部门|各科室|人人|全厂|全局")
_RETURN = re.compile(
    "退回去|退回|驳回|打回去|打回来|打回|不予通过|不予认可|不予认定|不予|不通过|不能通过"
    "|通不过|不同意|不批准|不批|拒绝|否决|退掉|退了|退给他|退给她|退(?=第|[一-龥]{2,3}的)"
    "|不行|不给过|不认可|重新提交|重新交|重新报"
)
_LEAD = re.compile(
    "^(?:[\\s,，.。;；:：!！、\\-]+|理由是|理由|原因是|原因|因为|由于|写上|写|备注|说明|注明"
    "|意见|给他|给她|一下|了|吧|掉|的|(?:申报|登记|材料|申请|记录|学时|讲座"
    "|培训)(?=[\\s,，:：。;；]|$)|那条|这条|那份|他|她|去|就说|说是|说)"
)
_TRAIL = re.compile(
    "(?:[\\s,，.。;；:：!！、]+|的?(?:要|先|给我|给|帮我|请|把|把它|所以|直接|这条|那条|就|应该|需要|得|我|予以|的)++)$"
)


def audience_in(text: str) -> str | None:
    """Whom a notice is for: `pending`, `public_unfinished`, `unfinished` or `all`."""
    if _PENDING.search(text):
        return "pending"
    if _UNFINISHED.search(text):
        return "public_unfinished" if re.search("公需|公共科目|公共课", text) else "unfinished"
    return "all" if _EVERYONE.search(text) else None


def reason_in(seen: Sketch, original: str) -> str | None:
    """HR's reason for a return, as typed: behind the verb, or before it when nothing follows."""
    text = seen.text
    found = _RETURN.search(text)
    if not found:
        return None
    start = found.end()
    while start < len(text):
        term = next((t for t in seen.terms if t.at == start and t.kind in ("index", "person")), None)
        lead = _LEAD.match(text[start:])
        if term:
            start = term.end
        elif lead and lead.end():
            start += lead.end()
        else:
            break
    after = original[start:].strip(" ,，.。;；!！、")
    if len(after) >= 2:
        return after
    before = _before(seen, found.start())
    return original[before[0] : before[1]].strip(" ,，.。;；:：!！、") or None if before else None


def _before(seen: Sketch, verb: int) -> tuple[int, int] | None:
    text = seen.text[:verb]
    trimmed = _TRAIL.sub("", text)
    start = 0
    while start < len(trimmed):
        term = next((t for t in seen.terms if t.at == start and t.kind in ("index", "person")), None)
        lead = re.match(
            "(?:[\\s,:、]+|把|将|的|申报|登记|材料(?![一-龥])|那条|这条|那份|记录|这个|那个|申请)", trimmed[start:]
        )
        if term:
            start = term.end
        elif lead:
            start += lead.end()
        else:
            break
    return (start, len(trimmed)) if len(trimmed) - start >= 3 else None
