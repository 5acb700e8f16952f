/* The wall: seconds of every clock, and a sound for each new ring while it is switched on.  A browser makes sounds only after a click. */
(function () {
  "use strict";
  var KEY = "jianbao-wall-sound", sound = null, on = false;
  var button = document.getElementById("wall-sound"), time = document.getElementById("wall-time");

  function two(number) { return (number < 10 ? "0" : "") + number; }
  function tick() {
    time.textContent = new Date().toLocaleTimeString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" });
    document.querySelectorAll("[data-count]").forEach(function (node) {
      var left = Math.floor((Date.parse(node.dataset.count) - Date.now()) / 1000), size = Math.abs(left), days = Math.floor(size / 86400);
      if (isNaN(left)) { return; }
      node.textContent = (left < 0 ? "超 " : "") + (days ? days + "天 " : "") + two(Math.floor(size % 86400 / 3600)) + ":" + two(Math.floor(size % 3600 / 60)) + ":" + two(size % 60);
      node.classList.toggle("late", left < 0);
    });
  }

  function beep(times, pitch) {
    if (!on || !sound || sound.state !== "running") { return; }
    for (var n = 0; n < times; n += 1) {
      var tone = sound.createOscillator(), loud = sound.createGain(), at = sound.currentTime + n * 0.35;
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(0.25, at);
      loud.gain.exponentialRampToValueAtTime(0.001, at + 0.3);
      tone.connect(loud);
      loud.connect(sound.destination);
      tone.start(at);
      tone.stop(at + 0.3);
    }
    document.body.dataset.sounded = String(Number(document.body.dataset.sounded || 0) + 1);
  }
  function say() {
    var silent = on && (!sound || sound.state !== "running");
    button.textContent = silent ? "声音：点一下开启" : "声音：" + (on ? "开" : "关");
    button.setAttribute("aria-pressed", String(on));
  }
  function listen() {
    if (!on) { say(); return; }
    sound = sound || new window.AudioContext();
    sound.onstatechange = say;
    sound.resume().then(say, say);
    say();
  }
  button.addEventListener("click", function () {
    var waiting = on && (!sound || sound.state !== "running");
    if (!waiting) { on = !on; }
    try { window.localStorage.setItem(KEY, on ? "on" : "off"); } catch (error) { /* a browser that keeps nothing asks again */ }
    if (on) { listen(); if (!waiting) { sound.resume().then(function () { beep(1, 660); }); } } else { say(); }
  });

  var known = {};
  function look(first) {
    var gravest = 9, news = false;
    document.querySelectorAll("[data-ring]").forEach(function (card) {
      var number = Number(card.dataset.ring);
      if (!number || known[number]) { return; }
      known[number] = true;
      if (first) { return; }
      news = true;
      card.classList.add("new");
      gravest = Math.min(gravest, Number((card.className.match(/wall-([1-4])/) || [0, 4])[1]));
    });
    if (news) { beep(gravest <= 2 ? 4 : 2, gravest <= 2 ? 880 : 660); }
  }
  document.body.addEventListener("htmx:afterSwap", function () { look(false); tick(); });
  try { on = window.localStorage.getItem(KEY) === "on"; } catch (error) { on = false; }
  if (on) { say(); }
  look(true);
  tick();
  setInterval(tick, 1000);
}());
