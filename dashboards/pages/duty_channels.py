"""通知渠道: how the channels stand, tested, added, changed, taken out.  The address of one is typed in and never shown back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from model.alert import ChannelConfig, Level
from model.ports_duty import Channels, RulesDesk
from model.user import Role

from dashboards.pages.duty import done, frame
from dashboards.pages.duty_steps import Fields, Typed
from dashboards.render import page
from dashboards.visitor import Forbidden, NotFound, Posting, Reading, Visitor

router = APIRouter()
KINDS = {"wecom": "企业微信群机器人", "dingtalk": "钉钉群机器人", "feishu": "飞书群机器人", "mail": "邮件", "sms": "短信网关", "webhook": "网络回调"}


def _shown(visitor: Visitor, status: int = 200, **said: object) -> Response:
    visitor.need("duty")
    store = visitor.office.store
    states: Mapping[str, object] = store.channel_states()
    return page(visitor, "duty/channels.html", "/duty", status, **frame(
        visitor, "channels", states=states, parked=store.parked(), sent=store.sent(20), kinds=KINDS, keeps=_may_change(visitor), **said))


@router.get("/duty/channels")
def channels(visitor: Reading) -> Response:
    return _shown(visitor)


def _book(visitor: Visitor) -> Channels:
    visitor.need("act", "只有舆情值班人员可以测试通知渠道。")
    if visitor.office.channels is None:
        raise Forbidden("这里没有接通知渠道。")
    return visitor.office.channels


@router.post("/duty/channels/test")
def test(visitor: Posting, fields: Fields) -> Response:
    book, channel, office = _book(visitor), Typed(fields).text("channel"), visitor.office
    if channel not in {c.id for c in office.bureau().channels}:
        return _shown(visitor, 400, refusal="没有这个通知渠道。")
    why = book.test(channel, visitor.user.display or visitor.user.name)
    office.store.audit(visitor.user.name, "channel_test", channel, "failed" if why else "ok", office.clock.now())
    return _shown(visitor, refusal=f"测试 {channel} 没有送到：{why}。" if why else "", done="" if why else f"测试 {channel}：已送达。")


@router.post("/duty/channels/again")
def again(visitor: Posting, fields: Fields) -> Response:
    book, task = _book(visitor), Typed(fields).number("task")
    return done(visitor, "channel_again", lambda: book.send_again(task, visitor.user.display or visitor.user.name), "/duty/channels",
                lambda why: _shown(visitor, 409, refusal=why), str(task))


# added, changed, taken out

def _may_change(visitor: Visitor) -> bool:
    return visitor.user.role is Role.ADMIN and visitor.office.rules is not None


def _keeps(visitor: Visitor) -> RulesDesk:
    if not _may_change(visitor):
        raise Forbidden("只有管理员可以添加和修改通知渠道。")
    return visitor.office.rules


def _held(visitor: Visitor, channel: str) -> ChannelConfig | None:
    return next((c for c in visitor.office.bureau().channels if c.id == channel), None)


def _form(visitor: Visitor, held: ChannelConfig | None, typed: Mapping[str, str], units: Sequence[str], status: int = 200,
          refusal: str = "") -> Response:
    return page(visitor, "duty/channel_form.html", "/duty", status, held=held, typed=typed, chosen=units, kinds=KINDS, refusal=refusal)


@router.get("/duty/channels/edit")
def blank(visitor: Reading, channel: str = "") -> Response:
    _keeps(visitor)
    held = _held(visitor, channel)
    if channel and held is None:
        raise NotFound
    if held is None:
        return _form(visitor, None, {"min_level": "4"}, ())
    return _form(visitor, held, {"channel": held.id, "kind": held.kind, "min_level": str(int(held.min_level)), "next": held.next,
                                 "url_env": held.url_env}, held.units)


@router.post("/duty/channels/edit")
def save(visitor: Posting, fields: Fields) -> Response:
    desk, office, typed = _keeps(visitor), visitor.office, Typed(fields)
    held = _held(visitor, typed.text("held"))
    address = typed.text("address")
    try:
        level = Level(typed.number("min_level")) if typed.number("min_level") in range(1, 5) else Level.IV
        made = ChannelConfig(held.id if held else typed.text("channel"), typed.text("kind"), typed.text("url_env"), "", level,
                             tuple(typed.many("unit")), typed.text("next"))
        desk.save_channel(visitor.user.display or visitor.user.name, made, address, new=held is None)
    except ValueError as error:
        office.store.audit(visitor.user.name, "channel_save", typed.text("channel")[:100], "refused", office.clock.now())
        kept = {name: value for name, value in typed.flat().items() if name != "address"}
        return _form(visitor, held, kept, typed.many("unit"), 409, f"{error}。")
    office.store.audit(visitor.user.name, "channel_save", made.id, "ok", office.clock.now())
    return RedirectResponse("/duty/channels", 303)


@router.post("/duty/channels/remove")
def remove(visitor: Posting, fields: Fields) -> Response:
    desk, channel = _keeps(visitor), Typed(fields).text("channel")
    return done(visitor, "channel_remove", lambda: desk.remove_channel(visitor.user.display or visitor.user.name, channel),
                "/duty/channels",
                lambda why: _shown(visitor, 409, refusal=why), channel[:100])
