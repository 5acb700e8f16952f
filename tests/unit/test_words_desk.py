"""The words desk in a real bureau's house: clicks become cases, cases train, changes are rehearsed and saved, rules ring."""

import json
import shutil
from dataclasses import replace

import pytest
from app.learned import LearnedFile
from app.words import WordsDesk
from config.cases import read_cases
from config.edit import text_of
from dashboards_office import client_as, token_on
from model.alert import IncidentState
from model.opinion import Label
from model.rehearsal import WordChange
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from words_room import DRAMA, room

COLD = "云川市第一人民医院护士甩脸子", "有市民反映，云川市第一人民医院的护士叫号时甩脸子。"


def drama(made, n, **more):
    return made.publish(DRAMA[0].format(n), DRAMA[1].format("甲乙丙丁戊己庚辛"[n]), **more)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A room with a few clippings, its folder and its var copied anew for each test."""
    folder = tmp_path_factory.mktemp("kept")
    made = room(folder)
    made.publish(*COLD)
    for n in range(5):
        drama(made, n)
    made.publish("云川市第一人民医院开展义诊", "云川市第一人民医院的医生为居民量血压。")
    made.house.close()
    return folder / "bureau"


@pytest.fixture
def made(kept, tmp_path):
    from app.house import House
    from app.serve import office
    from words_room import Room
    shutil.copytree(kept, tmp_path / "bureau")
    house = House(tmp_path / "bureau", "test")
    made = Room(house, office(house), pages=100)
    yield made
    house.close()


def send(client, path, page, **fields):
    """The form as a person sends it from a page."""
    return client.post(path, data={**fields, "csrf": token_on(client.get(page))})


def test_false_alarms_clicked_with_a_reason_train_and_the_next_one_tells_its_correction(made):
    client = client_as(made, "duty")
    for article in range(2, 7):
        answer = send(client, f"/clippings/{article}/lesson", f"/clippings/{article}", label="P", text="是话剧，不是事件", unit="")
        assert answer.status_code == 200 and "舆情值班甲" in HTMLParser(answer.text).css_first(".taught").text()
    held, problems = read_cases(made.folder)
    assert not problems and [(x.was, x.label, x.click, x.reason) for x in held] == [("N", "P", "误报", "是话剧，不是事件")] * 5
    assert made.office.words.train_if_due()                # the timed job, after five new cases
    assert not made.office.words.train_if_due()
    before, after = made.judged(2), made.judged(drama(made, 5))
    assert "经验修正−" in after.reason and after.score < before.score and "经验修正" not in before.reason
    shown = client.get("/settings/lessons").text
    assert "词:话剧" in shown and "是话剧，不是事件" in shown
    others = json.loads((made.house.bureau().var / "learned.json").read_text(encoding="utf-8"))["weights"]
    assert abs(others.get("词:医院", 0)) < abs(others["词:话剧"]) / 2        # what other articles have too takes less of it


def test_the_correction_is_switched_off_and_on_from_the_page(made):
    for article in range(2, 7):
        made.office.words.teach(article, "", "P", "话剧", "值班")
    client = client_as(made, "secretariat")
    assert "立即训练" in send(client, "/settings/lessons/train", "/settings/lessons").text
    assert made.house.flow().learned is not None
    assert "已关闭" in send(client, "/settings/lessons/switch", "/settings/lessons", on="").text
    assert made.house.flow().learned is None and "经验修正" not in made.judged(drama(made, 6)).reason
    send(client, "/settings/lessons/switch", "/settings/lessons", on="1")
    assert made.house.flow().learned is not None


def test_a_missed_one_and_a_unit_are_taught_too_and_what_is_wrong_is_told(made):
    desk = made.office.words
    missed = desk.teach(1, "syy", "N", "确有其事", "值班")
    assert (missed.unit_id, missed.label) == ("syy", "N")
    for wrong, said in ((("zyy", "N", "x"), "没有确定涉及"), (("", "N", " "), "理由"), (("", "Z", "x"), "哪一类")):
        with pytest.raises(ValueError, match=said):
            desk.teach(1, *wrong, "值班")
    assert len(read_cases(made.folder)[0]) == 1


def test_a_case_that_was_a_false_alarm_teaches_its_articles(made):
    client, incident = client_as(made, "duty"), made.store.incidents()[-1]
    send(client, f"/incidents/{incident.id}/false-alarm", f"/incidents/{incident.id}", text="话剧演出", label="P")
    assert made.store.incident(incident.id).state is IncidentState.FALSE_ALARM
    held = read_cases(made.folder)[0]
    assert held and {(x.label, x.was, x.reason, x.who) for x in held} == {("P", "N", "话剧演出", "舆情值班甲")}


def test_a_word_is_tried_on_the_page_listed_saved_and_judged_by_at_once(made):
    client, flow = client_as(made, "secretariat"), made.house.flow()
    assert made.judged(1, "syy").label is not Label.NEGATIVE
    answer = send(client, "/settings/words/try", "/settings/words", form="word", place="T04.strong", added="护士叫号时甩脸子\n护士甩脸子")
    tree = HTMLParser(answer.text)
    assert COLD[0] in tree.css_first("#newly").text() and tree.css_first('#newly a[href="/clippings/1"]')
    assert "护士甩脸子" not in text_of(made.folder, "words.yaml")
    form = {i.attributes["name"]: i.attributes.get("value") or "" for i in tree.css('form[action="/settings/words"] input')}
    assert "已保存" in client.post("/settings/words", data=form).text
    assert "T04.strong:护士甩脸子: 秘书处甲" in text_of(made.folder, "words.yaml")
    assert made.house.flow(flow) is not flow
    again = made.publish(COLD[0] + "引议论", COLD[1] + "市民希望医院改进。")
    assert made.judged(again, "syy").label is Label.NEGATIVE
    assert any(row[2:5:2] == ("words_change", "ok") for row in made.store.audit_rows())


def test_a_rehearsal_that_ran_out_of_time_says_so_and_is_done_whole_when_asked(made):
    made.office = replace(made.office, words=WordsDesk(made.folder, made.store, made.house.bureau, made.house.clock, patience=-1.0))
    client = client_as(made, "secretariat")
    stopped = send(client, "/settings/words/try", "/settings/words", form="word", place="T04.strong", added="护士甩脸子\n医院")
    tree = HTMLParser(stopped.text)
    assert "7 篇没有来得及算" in tree.css_first(".notice").text() and "重判 0 篇" in stopped.text and not tree.css_first("#newly")
    (again,) = [form for form in tree.css("form") if "全部算完" in form.text()]
    fields = {i.attributes["name"]: i.attributes.get("value") or "" for i in again.css("input, button")}
    whole = client.post(again.attributes["action"], data=fields)
    assert "重判 7 篇" in whole.text and COLD[0] in HTMLParser(whole.text).css_first("#newly").text()
    assert "没有来得及算" not in whole.text and "全部算完" not in whole.text


def test_what_was_tried_on_an_older_file_is_not_saved(made):
    desk = made.office.words
    tried = desk.rehearse(WordChange("T04.strong", ("甲甲",)), "赵")
    assert not [p for p in desk.save(WordChange("T04.strong", ("乙乙",)), "钱", desk.rehearse(WordChange("T04.strong", ("乙乙",)), "钱").mark) if not p.warning]
    refused = desk.save(WordChange("T04.strong", ("甲甲",)), "赵", tried.mark)
    assert [p.message for p in refused] == ["试算之后，词表又被改过"] and "甲甲" not in text_of(made.folder, "words.yaml")


def test_a_rule_of_the_bureau_rings_with_its_kind_topic_and_reason(made):
    client = client_as(made, "admin")
    fields = dict(form="rule", name="停诊风波", when="停诊 +云川市第一人民医院 !检修", effect="risk", topic="T22", severity="2", kind="emergency")
    tree = HTMLParser(send(client, "/settings/words/try", "/settings/words", **fields).text)
    client.post("/settings/words", data={i.attributes["name"]: i.attributes.get("value") or "" for i in tree.css('form[action="/settings/words"] input')})
    found = made.publish("云川市第一人民医院门诊安排", "云川市第一人民医院今起停诊三天，恢复时间另行通知。")
    judged, incident = made.judged(found, "syy"), made.store.incidents()[0]
    assert judged.reason.startswith("本单位规则：停诊风波") and (judged.topic, judged.severity, judged.alarm) == ("T22", 2, "emergency")
    assert incident.kind == "emergency" and "本单位规则：停诊风波" in incident.reason
    assert "本单位规则：停诊风波" in client.get(f"/clippings/{found}").text
    shown = client.get("/settings/words").text
    assert "停诊风波" in shown and "突发事件" in shown


def test_a_bad_rule_is_refused_on_the_page_with_file_line_and_reason(made):
    before = text_of(made.folder, "words.yaml")
    answer = send(client_as(made, "admin"), "/settings/words/try", "/settings/words", form="rule", name="坏", when="/(停+)+诊/", effect="negative", severity="1", kind="opinion")
    assert answer.status_code == 400
    said = HTMLParser(answer.text).css_first('[role="alert"]').text()
    assert "words.yaml:" in said and "可能很慢" in said and text_of(made.folder, "words.yaml") == before


def test_the_cases_that_a_change_turns_are_listed_before_it_is_saved(made):
    made.office.words.teach(2, "", "P", "话剧", "值班")
    shown = made.office.words.rehearse(WordChange(rule={"name": "话剧", "when": "话剧", "effect": "calm"}), "赵").rehearsal
    assert [(x.reason, before, after) for x, before, after in shown.lessons] == [("话剧", "N", "P")]
    assert len(shown.no_longer) == 5 and not shown.newly and shown.read == 7


@pytest.mark.parametrize("role", ["duty", "reader", "unit"])
def test_only_the_secretariat_and_the_administrator_change_words_and_training(made, role):
    client = client_as(made, role)
    token = token_on(client.get("/clippings"))
    for path in ("/settings/words", "/settings/words/try", "/settings/lessons/train", "/settings/lessons/switch"):
        assert client.post(path, data={"csrf": token, "place": "T04.strong", "added": "甲"}).status_code == 403, path
    assert client.post("/clippings/2/lesson", data={"csrf": token, "label": "P", "text": "x"}).status_code == (200 if role == "duty" else 403)


def test_words_with_script_in_them_are_shown_as_text(made):
    evil = "<script>alert(1)</script>"
    answer = send(client_as(made, "admin"), "/settings/words/try", "/settings/words", form="rule", name=evil, when=f"{evil} 护士", effect="negative", severity="1", kind="opinion")
    assert answer.status_code == 200 and evil not in answer.text and "&lt;script&gt;" in answer.text


def test_a_spoilt_file_of_what_was_taught_is_passed_over(made):
    (made.house.bureau().var / "learned.json").write_text('{"weights": [1', encoding="utf-8")
    assert LearnedFile(made.house.bureau().var).current() is None
    assert made.judged(drama(made, 7)).label is Label.NEGATIVE
    assert WordsDesk(made.folder, made.store, made.house.bureau, made.house.clock).taught().cases == 0
