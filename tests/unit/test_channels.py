"""Channels: each kind's form, what counts as taken, and no secret in anything that is said or written."""

import base64
import hashlib
import hmac
import logging

import pytest

from alerts.channels import ConfiguredChannel, test_message as trial
from alerts.webhook import payload, refused, target
from duty_room import NOON
from model.alert import ChannelConfig, Level, Message
from model.errors import Decision, Drop, Retry
from receiver import receiving

MESSAGE = Message("incident:7:3", "Ⅱ级舆情：某事", "【舆情 Ⅱ级 重大】新舆情\n单位：市人民医院", "http://desk/incidents/7", Level.II)
CANARY = "CANARYs3cr3tt0ken"


def channel(monkeypatch, kind, address):
    monkeypatch.setenv("T_CHANNEL", address)
    return ConfiguredChannel(ChannelConfig("c1", kind, url_env="T_CHANNEL"))


@pytest.mark.parametrize("kind, address, url, secret", [
    ("wecom", "wecombot://KEY", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=KEY", ""),
    ("dingtalk", "dingtalk://SEC@TOKEN", "https://oapi.dingtalk.com/robot/send?access_token=TOKEN", "SEC"),
    ("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=T#SEC", "https://oapi.dingtalk.com/robot/send?access_token=T", "SEC"),
    ("feishu", "feishu://TOKEN", "https://open.feishu.cn/open-apis/bot/v2/hook/TOKEN", ""),
    ("webhook", "json://host:81/x", "http://host:81/x", ""), ("sms", "jsons://host/x", "https://host/x", ""),
])
def test_addresses_in_the_robots_own_form_or_apprises(kind, address, url, secret):
    assert target(kind, address) == (url, secret)


def test_each_kind_is_given_its_form_with_the_key_and_the_whole_link(monkeypatch):
    with receiving((200, {"errcode": 0, "code": 0})) as there:
        for kind in ("wecom", "dingtalk", "feishu", "webhook", "sms"):
            channel(monkeypatch, kind, there.address()).send(MESSAGE)
        bodies = [body for _, _, body in there.got]
        assert there.keys == [MESSAGE.key] * 5
    texts = [bodies[0]["text"]["content"], bodies[1]["text"]["content"], bodies[2]["content"]["text"], bodies[3]["message"], bodies[4]["message"]]
    assert all(t.endswith("\nhttp://desk/incidents/7") and "市人民医院" in t for t in texts)
    assert (bodies[0]["msgtype"], bodies[2]["msg_type"], bodies[3]["key"], bodies[3]["level"]) == ("text", "text", "incident:7:3", 2)


def test_signatures_are_made_as_the_robots_ask():
    _, query = payload("dingtalk", MESSAGE, "SEC", 1_700_000_000)
    assert query["sign"] == base64.b64encode(hmac.new(b"SEC", b"1700000000000\nSEC", hashlib.sha256).digest()).decode()
    body, _ = payload("feishu", MESSAGE, "SEC", 1_700_000_000)
    assert body["sign"] == base64.b64encode(hmac.new(b"1700000000\nSEC", b"", hashlib.sha256).digest()).decode()


@pytest.mark.parametrize("kind, status, raw, said", [
    ("wecom", 200, b'{"errcode":0,"errmsg":"ok"}', ""), ("wecom", 200, b'{"errcode":93000,"errmsg":"invalid webhook url"}', "错误代码 93000"),
    ("dingtalk", 200, b'{"errcode":310000,"errmsg":"keywords not in content"}', "错误代码 310000"), ("feishu", 200, b'{"code":19021,"msg":"sign"}', "错误代码 19021"),
    ("feishu", 200, b'{"StatusCode":0,"StatusMessage":"success"}', ""), ("feishu", 200, b"{}", "没有给出结果代码"), ("wecom", 200, b"<html>", "不是 JSON"),
    ("wecom", 200, b'{"errcode":"x<script>"}', "错误代码"), ("webhook", 200, b"ok", ""), ("webhook", 204, b"", ""), ("webhook", 200, b'{"errcode":1}', "错误代码 1"),
    ("webhook", 200, b'{"success":false}', "未成功"), ("webhook", 500, b"", "500"), ("webhook", 302, b"", "302"), ("sms", 429, b"", "429"), ("webhook", 200, b"[]", ""),
])
def test_what_counts_as_taken(kind, status, raw, said):
    why = refused(kind, status, raw)
    assert (said in why and bool(said) == bool(why)) and "<script>" not in why and "webhook url" not in why


def test_a_receiver_that_asks_for_patience_gets_it(monkeypatch):
    with receiving((500, {})) as there, pytest.raises(Retry, match="500"):
        channel(monkeypatch, "webhook", there.address()).send(MESSAGE)


def test_an_answer_without_end_is_cut_and_a_redirect_is_not_followed(monkeypatch):
    with receiving((200, b"x" * 300_000), (302, {})) as there:
        channel(monkeypatch, "webhook", there.address()).send(MESSAGE)
        with pytest.raises(Retry, match="302"):
            channel(monkeypatch, "webhook", there.address()).send(MESSAGE)


@pytest.mark.parametrize("config, said", [
    (ChannelConfig("c1", "wecom", url_env="T_NOT_SET_ANYWHERE"), "T_NOT_SET_ANYWHERE"), (ChannelConfig("c1", "mail", url_file="no/such.txt"), "no/such.txt")])
def test_a_channel_that_is_not_set_up_names_what_is_missing(config, said):
    with pytest.raises(Drop, match=said):
        ConfiguredChannel(config).send(MESSAGE)


def test_an_address_in_a_file_of_the_bureaus_folder(tmp_path):
    with receiving() as there:
        (tmp_path / "hook.txt").write_text(there.address() + "\n")
        ConfiguredChannel(ChannelConfig("c1", "webhook", url_file="hook.txt"), tmp_path).send(MESSAGE)
        assert there.keys == [MESSAGE.key]


@pytest.mark.parametrize("kind, address", [
    ("webhook", f"http://127.0.0.1:1/{CANARY}?key={CANARY}"), ("wecom", f"http://127.0.0.1:1/send?key={CANARY}"), ("webhook", f"http://[{CANARY}/"),
    ("webhook", f"http://{CANARY}:99999/x"), ("dingtalk", f"http://127.0.0.1:1/x#{CANARY}"), ("feishu", f"http://no such host/{CANARY}"),
    ("webhook", f"nosuchscheme://{CANARY}@host"), ("mail", f"mailto://user:{CANARY}@127.0.0.1:1?to=a@b.example"), ("mail", f"{CANARY}"),
    ("webhook", f"http://user:{CANARY}@127.0.0.1:1/x"), ("webhook", f"http://xn--{CANARY}{'a' * 80}.example/")])
def test_no_secret_in_an_error_or_a_log(monkeypatch, caplog, capfd, kind, address):
    caplog.set_level(logging.DEBUG)
    made = channel(monkeypatch, kind, address)
    for act in (lambda: made.send(MESSAGE), made.reach):
        try:
            act()
        except Decision as error:
            assert CANARY.lower() not in str(error).lower() and error.__context__ is None and error.__cause__ is None
    out = capfd.readouterr()
    assert CANARY.lower() not in (caplog.text + out.out + out.err).lower()


def test_nothing_that_the_other_side_says_is_repeated(monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    with receiving((200, {"errcode": 40001, "errmsg": f"bad key {CANARY}"}), (500, CANARY.encode())) as there:
        for _ in range(2):
            with pytest.raises(Retry) as caught:
                channel(monkeypatch, "wecom", there.address(f"/{CANARY}")).send(MESSAGE)
            assert CANARY not in str(caught.value)
    assert CANARY not in caplog.text


def test_the_test_message_says_that_it_is_one():
    made = trial("云川市卫健委", "张三", NOON)
    assert "测试" in made.title and "不必处理" in made.body and made.key != trial("云川市卫健委", "张三", NOON).key
