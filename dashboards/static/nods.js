/* One key a decision: a takes the piece in hand, j and k go on and back, r goes to the field for the reason. */
(function () {
  "use strict";
  var held = Array.prototype.slice.call(document.querySelectorAll("[data-nod]")), at = 0;
  function show(index) {
    if (!held.length) { return; }
    at = Math.max(0, Math.min(held.length - 1, index));
    held[at].focus();
    held[at].scrollIntoView({ block: "center" });
  }
  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (!held.length || typing || event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key === "a") { held[at].querySelector("[data-accept]").click(); }
    else if (event.key === "j") { show(at + 1); }
    else if (event.key === "k") { show(at - 1); }
    else if (event.key === "r") { event.preventDefault(); held[at].querySelector("[data-why]").focus(); }
  });
}());
