/* One key a decision: 1 verifies, 2 rejects (after a reason), n goes on, r goes to the field for the reason. */
(function () {
  "use strict";
  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName), why = document.querySelector("[data-why]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key === "r" && why) { event.preventDefault(); why.focus(); return; }
    var button = document.querySelector('[data-key="' + (/^[12n]$/.test(event.key) ? event.key : "none") + '"]');
    if (button) { button.click(); }
  });
}());
