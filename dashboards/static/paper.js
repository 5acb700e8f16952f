/* The digest page: go to another week, print. */
(function () {
  "use strict";
  document.querySelectorAll("[data-go]").forEach(function (select) {
    select.addEventListener("change", function () { if (select.value.indexOf("/digest/") === 0) { window.location.assign(select.value); } });
  });
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.addEventListener("click", function () { window.print(); });
  });
}());
