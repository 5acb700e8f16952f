/* New alerts as they happen: a card at the top, a count in the title, and a hint to the page's parts to ask again. */
(function () {
  "use strict";
  var RINGS = { opened: "新舆情", ring: "提醒", level: "等级变化" };
  var MOST = 5;
  var title = document.title, unseen = 0;
  var state = document.getElementById("live-state"), place = document.getElementById("live-alerts");

  function say(words, kind) { if (state) { state.textContent = words; state.className = "live-state " + kind; } }
  function count(number) { unseen = number; document.title = unseen ? "（" + unseen + "）" + title : title; }
  function make(tag, kind, words) {
    var node = document.createElement(tag);
    node.className = kind;
    node.textContent = words;
    return node;
  }
  function card(told) {
    var old = place.querySelector('[data-incident="' + Number(told.incident) + '"]');
    if (old) { old.remove(); } else { count(unseen + 1); }
    var box = make("div", "ring ring-" + Number(told.level), "");
    box.dataset.incident = Number(told.incident);
    var sign = make("span", "level level-" + Number(told.level), "");
    sign.append(make("b", "", told.roman), " " + told.grave);
    var link = make("a", "", told.title || "（无标题）");
    link.href = "/incidents/" + Number(told.incident);
    var seen = make("button", "", "知道了");
    seen.type = "button";
    seen.addEventListener("click", function () { box.remove(); count(Math.max(0, unseen - 1)); });
    box.append(sign, link, seen, make("p", "", (told.text || RINGS[told.what]) + "　" + told.at));
    place.prepend(box);
    while (place.children.length > MOST) { place.lastElementChild.remove(); }
  }
  function settled(told) {
    var old = place.querySelector('[data-incident="' + Number(told.incident) + '"]');
    if (old) { old.remove(); count(Math.max(0, unseen - 1)); }
  }

  var address = document.body.dataset.live;
  if (!address || !window.EventSource) { say("不支持实时提醒，请手动刷新", "off"); return; }
  var stream = new EventSource(address), ended = false;
  stream.addEventListener("open", function () { say("实时", "on"); });
  stream.addEventListener("error", function () {
    if (ended) { return; }
    if (stream.readyState === EventSource.CLOSED) { say("提醒已停止，请刷新或重新登录", "off"); } else { say("连接中断，正在重连", "off"); }
  });
  stream.addEventListener("bye", function () { ended = true; stream.close(); say("登录已超时，提醒已停止，请重新登录", "off"); });
  stream.addEventListener("change", function () { window.htmx.trigger(document.body, "jb:change"); });
  stream.addEventListener("incident", function (event) {
    var told = JSON.parse(event.data);
    if (RINGS[told.what] && told.state === "open") { card(told); } else if (told.state && told.state !== "open") { settled(told); }
  });
}());
