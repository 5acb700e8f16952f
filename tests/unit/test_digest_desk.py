"""The digest desk: editors change what is printed and no number; what fails a check waits for a person; everything leaves through the outbox once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from app.digest import Digests, ended
from app.post import Postman
from dashboards import booklet, digest_checks
from dashboards.digest_paper import shelves
from dashboards.weeks import span_at, span_before, span_between, span_from_key
from dashboards_office import NOW, UNITS, client_as, token_on, world
from config.init import make
from config.watch import Watched
from analysis.masking import leaks
from model.alert import ChannelConfig
from model.digest import Digest
from model.duty import DutyRules, Group, Person
from model.errors import Retry
from model.unit import Alias

DUTY = DutyRules(
    people=(Person("li", "李处长", ("li-mail",), user="secretariat", title="副处长"), Person("wang", "王主任", ("wang-mail",), title="主任"), Person("zhao", "赵干事")),
    groups=(Group("office", "办公室", ("li", "wang", "zhao"), ("robot",)),))
CHANNELS = (ChannelConfig("li-mail", "mail", url_env="X"), ChannelConfig("wang-mail", "mail", url_env="X"), ChannelConfig("robot", "wecom", url_env="X"))


def of(tmp_path, **more):
    made = world(tmp_path, duty=DUTY, channels=CHANNELS, **more)
    made.fill()
    return made, made.office.digests, made.office.digests.span("")


@pytest.fixture
def house(tmp_path):
    return of(tmp_path)


def numbers(digest: Digest):
    return (digest.total, digest.firsts, digest.reposts, digest.own_total, digest.classes, digest.bins, digest.units, digest.negative)


# editing

def test_editors_change_what_is_printed_and_no_number(house):
    made, desk, span = house
    before = desk.digest(span)
    other = [i.article_id for i in before.items if i.class_name == "其他"]
    desk.edit(span, "李处长", "leave_out", other[0])
    desk.edit(span, "李处长", "note", other[1], "已核实")
    desk.edit(span, "李处长", "lead", value="本周平稳。")
    city = [i.article_id for i in before.items if i.class_name == "市级媒体"]
    desk.edit(span, "李处长", "move", city[1], "1")
    after = desk.digest(span)
    assert numbers(after) == numbers(before) == numbers(desk.facts(span))
    assert [i.article_id for i in after.items if i.class_name == "市级媒体"] == city[::-1]
    assert after.lead == "本周平稳。" and after.notes == {other[1]: "已核实"} and other[0] not in {i.article_id for i in after.printed}
    text = client_as(made, "reader").get("/digest").text
    assert "本周平稳。" in text and "编者按：已核实" in text and "另有1篇从略。" in text and "（四）其他（2篇）" in text
    desk.edit(span, "王主任", "take_back", other[0])
    desk.edit(span, "王主任", "note", other[1], "")
    assert desk.digest(span).notes == {} and desk.digest(span).left_out == frozenset()
    assert [(e.who, e.what) for e in desk.edits(span)] == [("李处长", "leave_out"), ("李处长", "note"), ("李处长", "lead"), ("李处长", "move"),
                                                          ("王主任", "take_back"), ("王主任", "note")]


def test_a_piece_is_listed_on_top_or_under_another_class_and_counted_in_its_own(house):
    made, desk, span = house
    before = desk.digest(span)
    city = [i for i in before.items if i.class_name == "市级媒体"]
    central, = (i for i in before.items if i.class_name == "中央媒体")
    desk.edit(span, "李处长", "under", city[0].article_id, "top")
    desk.edit(span, "李处长", "under", city[1].article_id, "prov")
    desk.edit(span, "李处长", "under", central.article_id, "top")
    desk.edit(span, "李处长", "move", city[0].article_id, "1")
    after = desk.digest(span)
    assert numbers(after) == numbers(before) and faults(made, desk, after) == []
    listed = {s.title: [i.title for i in s.items] for s in shelves(after)}
    assert listed["本期要闻"] == [city[0].title, central.title] and listed["市级媒体（2篇）"] == [] and city[1].title in listed["省级媒体（1篇）"]
    assert {s.title: s.remark(after) for s in shelves(after)} == {
        "本期要闻": "以上稿件仍计入各自类别。", "中央媒体（1篇）": "另有1篇列入其他部分。", "市级媒体（2篇）": "另有2篇列入其他部分。",
        "省级媒体（1篇）": "含由其他类别列入的1篇，不计入本类。", "其他（2篇）": ""}
    text = client_as(made, "reader").get("/digest").text
    assert text.index("（一）本期要闻") < text.index(city[0].title, text.index("（一）本期要闻")) < text.index("（二）中央媒体（1篇）") and "计入市级媒体" in text
    assert booklet.chosen(after)[0].title == city[0].title
    desk.edit(span, "李处长", "under", city[0].article_id, "")
    assert desk.digest(span).shelf(city[0]) == "city"
    edit = client_as(made, "secretariat").get(f"/digest/{span.key}/edit").text
    assert "本期要闻" in edit and "市级媒体（原类别）" in edit


@pytest.mark.parametrize("what, target, value, said", [
    ("under", None, "nowhere", "没有这个类别"), ("under", "own", "top", "自有平台"),
    ("nothing", 1, "", "没有这种"), ("leave_out", 999, "", "不在本期"), ("move", None, "0", "数字"), ("move", None, "x", "数字"), ("note", None, "长" * 401, "最多400字"),
    ("lead", 0, "长" * 2001, "最多2000字")])
def test_an_edit_that_cannot_be_taken_is_refused_in_words(house, what, target, value, said):
    _, desk, span = house
    made = desk.digest(span)
    target = made.items[0].article_id if target is None else made.own_items[0].article_id if target == "own" else target
    with pytest.raises(ValueError, match=said):
        desk.edit(span, "李处长", what, target, value)
    assert desk.edits(span) == []


def test_the_record_of_edits_cannot_be_changed(house):
    made, desk, span = house
    desk.edit(span, "李处长", "lead", value="一")
    with pytest.raises(Exception, match="只能追加"), made.store.db.write() as conn:
        conn.exec_driver_sql("UPDATE digest_edit SET value = '二'")


def test_the_pages_edit_and_refuse(house):
    made, desk, span = house
    client = client_as(made, "secretariat")
    page = client.get(f"/digest/{span.key}/edit")
    first = desk.digest(span).items[0].article_id
    answer = client.post(f"/digest/{span.key}/edit", data={"csrf": token_on(page), "what": "leave_out", "target": first, "value": ""})
    assert answer.status_code == 200 and "已略去" in answer.text and first in desk.digest(span).left_out
    refused = client.post(f"/digest/{span.key}/edit", data={"csrf": token_on(page), "what": "move", "target": first, "value": "x"})
    assert refused.status_code == 400 and "位置须是从1起的数字" in refused.text
    assert client_as(made, "reader").get(f"/digest/{span.key}/edit").status_code == 403
    assert client_as(made, "unit").get("/digest").status_code == 403


# checks

def faults(made, desk, digest):
    return [str(f) for f in digest_checks.faults(digest, made.store, made.office.bureau(), leaks)]


def test_a_sound_digest_has_no_fault(house):
    made, desk, span = house
    assert desk.faults(desk.digest(span)) == []


@pytest.mark.parametrize("change, said", [
    (lambda d: {"total": d.total + 1}, "总数 7，分项合计 6"),
    (lambda d: {"lead": "本周共刊发XX篇"}, "导语：有没填完的内容"),
    (lambda d: {"lead": "20**年"}, "导语：有没填完的内容"),
    (lambda d: {"lead": "{{ 总数 }}篇"}, "导语：有没填完的内容"),
    (lambda d: {"items": (replace(d.items[0], title="某市XX医院开诊"), *d.items[1:])}, "稿件《某市XX医院开诊》（云川日报）：有没填完的内容“XX”"),
    (lambda d: {"office": ""}, "编辑单位：没有填写"),
    (lambda d: {"lead": "见 http://test/clippings/9999 。"}, "导语：站内链接打不开：/clippings/9999"),
    (lambda d: {"notes": {d.items[0].article_id: "见 /incidents/77"}}, "按语：站内链接打不开：/incidents/77"),
    (lambda d: {"items": (replace(d.items[0], article_id=9999), *d.items[1:])}, "剪报已不在库中"),
    (lambda d: {"items": (replace(d.items[0], published=NOW - timedelta(days=30)), *d.items[1:])}, "时间不在本期之内"),
    (lambda d: {"items": (replace(d.items[0], url=d.items[1].url), *d.items[1:])}, "重复：同一网址"),
    (lambda d: {"items": (replace(d.items[0], title=d.items[1].title, outlet=d.items[1].outlet, published=d.items[1].published), *d.items[1:])},
     "重复：同一媒体同日同一标题"),
    (lambda d: {"items": (replace(d.items[0], title="长" * 61), *d.items[1:])}, "标题过长（61字"),
    (lambda d: {"items": (replace(d.items[0], title="短"), *d.items[1:])}, "标题过短（1字"),
    (lambda d: {"items": (replace(d.items[0], units=("不存在的医院",)), *d.items[1:])}, "不在单位表中"),
    (lambda d: {"lead": "王主任处长作了批示"}, "王主任的职务应为“主任”"),
    (lambda d: {"lead": "患者张三（男，35岁）电话13812345678"}, "未遮盖：手机号"),
    (lambda d: {"lead": "患者张三（男，35岁）来信"}, "未遮盖：患者姓名“张三”"),
    (lambda d: {"notes": {d.items[0].article_id: "身份证110105199003071234"}}, "未遮盖：身份证号"),
])
def test_each_check_names_where_and_what(house, change, said):
    made, desk, span = house
    digest = desk.digest(span)
    assert any(said in f for f in faults(made, desk, replace(digest, **change(digest)))), said


def test_a_former_name_of_a_unit_is_told(tmp_path):
    units = (replace(UNITS[0], aliases=(Alias("云川市卫生局", until="2013-12-31"),)), *UNITS[1:])
    made, desk, span = of(tmp_path, units=units)
    desk.edit(span, "李处长", "lead", value="云川市卫生局召开会议。")
    assert any("“云川市卫生局”是旧称，现为“市卫健委”" in str(f) for f in desk.faults(desk.digest(span)))


def test_what_the_press_prints_of_a_patient_is_masked_in_every_paper(house):
    made, desk, span = house
    made.clip("患者张三（男，35岁）投诉云川市人民医院", "患者张三（男，35岁）说，电话13812345678，身份证110105199003071234。")
    digest = desk.digest(span)
    assert any("患者张某（男" in i.title for i in digest.items) and desk.faults(digest) == []
    for form in ("mail", "docx", "xlsx"):
        assert "张三（男".encode() not in desk.drawn(digest, form)
    from dashboards.booklet import clip
    item = next(i for i in digest.items if "张某" in i.title)
    text = "".join(clip(made.store, item, desk.mask).paragraphs)
    assert "张三" not in text and "138****5678" in text and "110************234" in text


# sending

def posted(made, issue):
    return {p.channel: p.state for p in made.store.posted(issue.id)}


def test_a_sound_digest_leaves_to_people_groups_and_robots_once_each(house):
    made, desk, span = house
    issue = desk.send(span, "李处长", ["office", "li"])
    assert issue.state == "sent" and posted(made, issue) == {"robot": "pending", "li-mail": "pending", "wang-mail": "pending"}
    task, = (t for t in made.store.take_tasks(("deliver:robot",), 5, NOW) if t.key.startswith("digest:"))
    assert f"稿件{desk.digest(span).total}篇" in task.payload["body"] and task.payload["link"] == f"http://test/digest/{span.key}"
    assert sorted(f.form for f in issue.files) == ["docx", "html", "pdf", "xlsx"]
    assert all(desk.kept(issue.id, f.name) and len(desk.kept(issue.id, f.name)) == f.size for f in issue.files)
    assert desk.kept(issue.id, "../../jianbao.db") is None
    made.clip("会后又来的一篇云川市人民医院稿件")
    assert desk.kept(issue.id, issue.files[0].name) and desk.issues(span)[0][0] == issue      # as it was sent


def test_while_a_check_fails_it_waits_for_a_person(house):
    made, desk, span = house
    desk.edit(span, "李处长", "lead", value="共XX篇")
    issue = desk.send(span, "李处长", ["office"])
    assert issue.state == "waiting" and any("没填完" in f for f in issue.faults) and posted(made, issue) == {}
    assert f"/digest/{span.key}/send#issue-{issue.id}" in client_as(made, "secretariat").get("/").text
    assert "等待核对的周报" not in client_as(made, "reader").get("/").text
    with pytest.raises(ValueError, match="核对情况"):
        desk.release(issue.id, "王主任", " ")
    done = desk.release(issue.id, "王主任", "已看，照发")
    assert done.state == "sent" and done.decided_by == "王主任" and len(posted(made, done)) == 3
    with pytest.raises(ValueError, match="不在等待"):
        desk.release(issue.id, "王主任", "再发")
    other = desk.send(span, "李处长", ["li"])
    assert desk.drop(other.id, "王主任", "改了再发").state == "dropped" and posted(made, other) == {}


def test_a_preview_goes_to_oneself_alone(house):
    made, desk, span = house
    issue = desk.preview(span, "secretariat")
    assert issue.state == "preview" and posted(made, issue) == {"li-mail": "pending"}
    with pytest.raises(ValueError, match="没有登记接收通道"):
        desk.preview(span, "reader")
    with pytest.raises(ValueError, match="没有可以送达的接收人"):
        desk.send(span, "李处长", ["zhao"])


RULES = """# 通知
people:
  - {id: li, name: 李处长, channels: [li-mail]}      # 宣传科
groups:
  - {id: office, name: 办公室, members: [li], channels: [robot]}
channels:
  - {id: li-mail, kind: mail, url_env: JIANBAO_TEST_LIST}
  - {id: robot, kind: wecom, url_env: JIANBAO_TEST_LIST}
"""


def test_by_schedule_once_a_span_to_the_list_of_the_folder(house, tmp_path, monkeypatch):
    monkeypatch.setenv("JIANBAO_TEST_LIST", "mailto://127.0.0.1:1?from=a@a.example&to=b@a.example")
    made, _, span = house
    folder = tmp_path / "bureau"
    make(folder, sample=True)
    (folder / "rules.yaml").write_text(RULES, encoding="utf-8")
    watched = Watched(folder)
    desk = Digests(made.store, watched.current, made.clock, lambda: "http://test")
    assert desk.scheduled() is None and desk.list_of("week") == ()
    desk.set_list("week", ["office", "li"], "李处长")
    desk.set_list("month", ["li"], "李处长")
    assert (folder / "rules.yaml").read_text(encoding="utf-8").startswith(RULES) and desk.list_of("week") == ("office", "li")
    assert watched.current().duty.digests == {"week": ("office", "li"), "month": ("li",)}
    sent = desk.scheduled()
    assert sent.who == "系统" and sent.recipients == ("office", "li") and desk.scheduled() is None
    assert desk.scheduled("month").span == "2026-10"
    for names, kind, said in ((["nobody"], "week", "没有这个接收人"), (["li"], "span", "不定时发送")):
        with pytest.raises(ValueError, match=said):
            desk.set_list(kind, names, "李处长")
    desk.set_list("week", [], "李处长")
    desk.set_list("month", [], "李处长")
    assert (folder / "rules.yaml").read_text(encoding="utf-8") == RULES
    (folder / "rules.yaml").write_text(RULES + "digests: {year: [office]}\n", encoding="utf-8")
    assert desk.list_of("year") == ("office",)


def test_when_months_have_ended():
    assert ended(NOW.replace(month=10, day=1)) == ["month", "quarter"] and ended(NOW.replace(month=1, day=1)) == ["month", "quarter", "half", "year"]


class Box:
    """A channel that keeps what it takes; `fails` times it says "try again" first."""

    def __init__(self, fails: int = 0):
        self.taken, self.fails = [], fails

    def __call__(self, config):
        self.config = config
        return self

    def post(self, title, html, files):
        if self.fails:
            self.fails -= 1
            raise Retry("网络不通", 60)
        self.taken.append((self.config.id, title, html, [f.name for f in files], [f.read_bytes()[:2] for f in files]))


class Rooms:
    """What the postman needs of a house."""

    def __init__(self, made):
        self.store, self.clock, self.bureau = made.store, made.clock, made.office.bureau


def test_a_mail_carries_its_files_and_is_sent_once(house):
    made, desk, span = house
    issue, box = desk.send(span, "李处长", ["li"]), Box(fails=1)
    post = Postman(Rooms(made), box)
    assert post.run() == 1 and not box.taken and posted(made, issue) == {"li-mail": "pending"}
    made.clock.at += timedelta(minutes=5)
    post.run()
    made.clock.at += timedelta(minutes=5)
    post.run()
    (channel, title, html, names, marks), = box.taken
    assert channel == "li-mail" and title == f"舆情剪报周报{issue.number}" and f"稿件{desk.digest(span).total}篇" in html
    assert sorted(n.rpartition(".")[2] for n in names) == ["docx", "pdf", "xlsx"] and set(marks) == {b"PK", b"%P"}
    assert posted(made, issue) == {"li-mail": "done"} and [s.ok for s in made.store.sent()] == [True, False]


def test_a_mail_that_cannot_be_sent_is_shown_and_sent_again_by_hand(house):
    made, desk, span = house
    issue, box = desk.send(span, "李处长", ["li"]), Box(fails=99)
    post = Postman(Rooms(made), box)
    for _ in range(10):
        post.run()
        made.clock.at += timedelta(hours=2)
    assert posted(made, issue) == {"li-mail": "parked"}
    page = client_as(made, "secretariat").get(f"/digest/{span.key}/send")
    assert "发送失败" in page.text and "网络不通" in page.text
    for path in ("/", "/duty/channels"):
        text = client_as(made, "duty").get(path).text
        assert f"舆情剪报周报{issue.number}" in text and "网络不通" in text and "li-mail" in text, path
    task = made.store.posted(issue.id)[0].task_id
    client_as(made, "secretariat").post(f"/digest/{span.key}/issues/{issue.id}", data={"csrf": token_on(page), "act": "again", "task": task})
    box.fails = 0
    post.run()
    assert posted(made, issue) == {"li-mail": "done"}


def test_sending_from_the_page(house):
    made, desk, span = house
    client = client_as(made, "secretariat")
    page = client.get(f"/digest/{span.key}/send")
    assert "核对无误" in page.text and "办公室（组）" in page.text
    sent = client.post(f"/digest/{span.key}/send", data={"csrf": token_on(page), "to": ["office"], "act": "send"})
    assert "已发出" in sent.text and "待发送" in sent.text and "接收人：办公室（组）" in sent.text
    assert "没有可以送达" in client.post(f"/digest/{span.key}/send", data={"csrf": token_on(page), "act": "send"}).text
    issue = desk.issues(span)[0][0]
    name = next(f.name for f in issue.files if f.form == "docx")
    assert client.get(f"/digest/{span.key}/issues/{issue.id}/{name}").content[:2] == b"PK"
    assert client.post(f"/digest/{span.key}/send", data={"to": ["office"], "act": "send"}).status_code == 403


# spans

@pytest.mark.parametrize("key, label, before", [
    ("2026-W47", "2026年第47周", "2026-W46"), ("2026-11", "2026年11月", "2026-10"), ("2026-01", "2026年1月", "2025-12"), ("2026Q1", "2026年第一季度", "2025Q4"),
    ("2026H2", "2026年下半年", "2026H1"), ("2026", "2026年", "2025"), ("20261101-20261109", "2026年11月1日至11月9日", "20261023-20261031")])
def test_a_span_has_a_name_an_address_and_one_before(key, label, before):
    span = span_from_key(key)
    assert (span.key, span.label, span_before(span).key) == (key, label, before)
    assert span_before(span).until == span.since and span_between(span.since, span.until) == span


@pytest.mark.parametrize("key", ["2026-13", "2026-W60", "2026Q5", "2026H3", "1850", "99999", "20261109-20261101", "20250101-20260601", "20261301-20261401", "x", "２０２６"])
def test_no_such_span(key):
    assert span_from_key(key) is None


def test_a_month_counts_what_was_handed_in_and_adopted_against_the_task(tmp_path):
    from model.credit import Scheme
    from dashboards_office import SCHEME
    made, desk, _ = of(tmp_path, schemes=(replace(SCHEME, quota_per_month=4),))
    assert isinstance(SCHEME, Scheme)
    rows = {t.unit_id: (t.submitted, t.adopted, t.needed, t.met) for t in desk.digest(span_at("month", NOW)).tasks}
    assert rows == {"yy": (0, 1, 4, False), "zy": (0, 1, 4, False), "dq": (0, 0, 4, False)}
    quarter = desk.digest(span_at("quarter", NOW))
    assert {t.needed for t in quarter.tasks} == {8}       # two of its months have begun
    from dashboards.digest_paper import summary
    assert f"共刊登涉及本系统稿件{quarter.total}篇，其中中央媒体1篇" in summary(quarter)
    text = client_as(made, "reader").get("/digest/2026-11").text
    assert "报送与采用" in text and "未完成任务的单位：市人民医院、市中医院、东桥区卫健局" in text
    assert client_as(made, "reader").get("/digest?since=2026-11-16&until=2026-11-20").url.path == "/digest/20261116-20261120"
    assert client_as(made, "reader").get("/digest/2027-01").status_code == 404


def test_a_desk_of_its_own_sees_what_another_did(house):
    made, desk, span = house
    desk.edit(span, "李处长", "lead", value="一句")
    other = Digests(made.store, made.office.bureau, made.clock, lambda: "")
    assert other.digest(span).lead == "一句"
