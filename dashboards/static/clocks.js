/* Keeps the words of every clock right: [data-due] holds the ISO time that must not be passed. */
(function () {
  "use strict";
  function length(ms) {
    var minutes = Math.floor(ms / 60000);
    if (minutes < 60) { return minutes + " 分钟"; }
    var hours = Math.floor(minutes / 60);
    if (hours >= 48) { return Math.floor(hours / 24) + " 天"; }
    return hours + " 小时" + (minutes % 60 ? " " + (minutes % 60) + " 分钟" : "");
  }
  function tick() {
    document.querySelectorAll("[data-due]").forEach(function (node) {
      var left = Date.parse(node.dataset.due) - Date.now();
      if (isNaN(left)) { return; }
      node.textContent = left < 0 ? "已超时 " + length(-left) : "还剩 " + length(left);
      if (node.parentElement) { node.parentElement.classList.toggle("late", left < 0); }
    });
  }
  setInterval(tick, 15000);
}());
