/* New alerts as they happen: a card at the top, a count in the title, and a hint to the page's parts to ask again. */
(function () {
  "use strict";
  var RINGS = { opened: "新舆情", ring: "提醒", escalated: "催签", assigned: "交办" };
  var SETTLES = { signed: 1, closed: 1, filed: 1, false_alarm: 1, merged: 1, handled: 1, feedback: 1 };
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

  var SAID = { on: ["实时", "on"], lost: ["连接中断，正在重连", "off"], closed: ["提醒已停止，请刷新或重新登录", "off"],
    bye: ["登录已超时，提醒已停止，请重新登录", "off"], wait: ["正在连接", ""] };
  function become(name) {
    say(SAID[name][0], SAID[name][1]);
    if (name === "bye" || name === "closed") { document.title = "（提醒已停止）" + title; }
  }
  function take(kind, data) {
    if (kind === "change") { window.htmx.trigger(document.body, "jb:change"); return; }
    if (kind === "bye") { become("bye"); return; }
    var told = JSON.parse(data);
    if (told.rings) { card(told); } else if (SETTLES[told.what]) { settled(told); }
  }

  function shared(address) {
    var port = new SharedWorker(document.body.dataset.liveWorker).port;
    port.onmessage = function (event) { if (event.data.kind === "state") { become(event.data.state); } else { take(event.data.kind, event.data.data); } };
    port.postMessage({ address: address });
    window.addEventListener("pagehide", function () { port.postMessage({ leave: true }); });
    window.addEventListener("pageshow", function (event) { if (event.persisted) { window.location.reload(); } });
  }
  function alone(address) {
    var stream = new EventSource(address);
    stream.onopen = function () { become("on"); };
    stream.onerror = function () { become(stream.readyState === EventSource.CLOSED ? "closed" : "lost"); };
    ["change", "incident", "bye"].forEach(function (kind) {
      stream.addEventListener(kind, function (event) {
        if (kind === "bye") { stream.onerror = null; stream.close(); }
        take(kind, event.data);
      });
    });
  }

  document.body.addEventListener("htmx:responseError", function (event) { if (event.detail.xhr.status === 401) { become("bye"); } });
  var address = document.body.dataset.live;
  if (!address || !window.EventSource) { say("不支持实时提醒，请手动刷新", "off"); } else if (window.SharedWorker) { shared(address); } else { alone(address); }
}());
