/* One stream for all tabs of a browser: a browser opens only six connections to a server, and every tab would hold one. */
"use strict";
var KINDS = ["change", "incident", "bye"], KEPT = 50;
var stream = null, ports = [], kept = [], state = "wait";

function tell(message) { ports.forEach(function (port) { port.postMessage(message); }); }
function become(words) { state = words; tell({ kind: "state", state: state }); }

function start(address) {
  stream = new EventSource(address);
  stream.onopen = function () { become("on"); };
  stream.onerror = function () { become(stream.readyState === EventSource.CLOSED ? "closed" : "lost"); };
  KINDS.forEach(function (kind) {
    stream.addEventListener(kind, function (event) {
      var message = { kind: kind, data: event.data, id: Number(event.lastEventId) || 0 };
      if (kind === "incident") { kept.push(message); kept = kept.slice(-KEPT); }
      if (kind === "bye") { stream.close(); state = "bye"; }
      tell(message);
    });
  });
}

onconnect = function (event) {
  var port = event.ports[0];
  port.onmessage = function (message) {
    if (message.data.leave) { ports = ports.filter(function (other) { return other !== port; }); return; }
    ports.push(port);
    if (!stream || stream.readyState === EventSource.CLOSED) { kept = []; state = "wait"; start(message.data.address); return; }
    port.postMessage({ kind: "state", state: state });
    var after = Number(new URL(message.data.address, self.location.href).searchParams.get("after"));
    kept.forEach(function (old) { if (old.id > after) { port.postMessage(old); } });
  };
};
