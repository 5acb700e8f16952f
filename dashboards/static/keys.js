/* Keys of the desk: j and k go on and back, o or Enter opens, s signs, c goes to the closing words, u goes back, ? tells them. */
(function () {
  "use strict";
  var at = -1;
  function rows() { return Array.prototype.slice.call(document.querySelectorAll("[data-row]")); }
  function follow(name) {
    var link = document.querySelector('a[data-key="' + name + '"]');
    if (link) { link.click(); }
    return Boolean(link);
  }
  function move(by) {
    var all = rows();
    if (!all.length) { return; }
    at = Math.max(0, Math.min(all.length - 1, at + by));
    all.forEach(function (row, index) { row.classList.toggle("held", index === at); });
    all[at].scrollIntoView({ block: "nearest" });
    var link = all[at].querySelector("a[href]");
    if (link) { link.focus({ preventScroll: true }); }
  }
  function inRow(selector) { var row = rows()[at]; return row ? row.querySelector(selector) : null; }
  function press(button) { if (button) { button.click(); } }
  function closing() {
    var step = document.querySelector('details[data-step="close"]');
    if (!step) { return; }
    step.open = true;
    step.querySelector("textarea").focus();
  }
  document.addEventListener("keydown", function (event) {
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) {
      if (event.key === "Escape") { event.target.blur(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    var key = event.key;
    if (key === "j" || key === "ArrowDown" && rows().length) { if (!follow("next")) { move(1); } }
    else if (key === "k" || key === "ArrowUp" && rows().length) { if (!follow("previous")) { move(-1); } }
    else if (key === "o") { press(inRow("a[href]")); }
    else if (key === "s") { press(inRow('[data-step="sign"] button') || !rows().length && document.querySelector('[data-step="sign"] button')); }
    else if (key === "c") { if (rows().length) { press(inRow("a[href]")); } else { closing(); } }
    else if (key === "u") { follow("back"); }
    else { return; }
    event.preventDefault();
  });
}());
