/* Draws every [data-chart]: stacked days or bars.  Tooltips are drawn on the canvas, so the content policy stays strict. */
(function () {
  "use strict";
  var COLOURS = ["#1d4f73", "#4f8fbf", "#6f9f7a", "#d1a54a", "#9b7bb0", "#b5694f", "#8b979f", "#c9cfd3"];
  var FONT = getComputedStyle(document.body).fontFamily;
  function option(data) {
    var names = { type: "category", data: data.axis, axisTick: { show: false }, axisLabel: { fontSize: 14, color: "#56626c" } };
    var values = { type: "value", minInterval: 1, axisLabel: { fontSize: 14, color: "#56626c" }, splitLine: { lineStyle: { color: "#e8ecee" } } };
    var lying = data.kind === "bars";
    if (lying) { names.inverse = true; names.axisLabel.width = 150; names.axisLabel.overflow = "truncate"; }
    return {
      color: COLOURS, textStyle: { fontFamily: FONT }, animation: false,
      grid: { left: 8, right: 20, top: 40, bottom: 8, containLabel: true },
      legend: { top: 0, left: 0, textStyle: { fontSize: 15 }, itemWidth: 16, itemHeight: 12 },
      tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" }, textStyle: { fontSize: 15 } },
      xAxis: lying ? values : names, yAxis: lying ? names : values,
      series: data.series.map(function (s) { return { name: s.name, type: "bar", stack: "all", data: s.data, itemStyle: s.colour ? { color: s.colour } : {}, barMaxWidth: lying ? 22 : 34 }; })
    };
  }
  function draw(root) {
    root.querySelectorAll("[data-chart]").forEach(function (node) {
      var data = JSON.parse(node.dataset.chart);
      if (data.kind === "bars") { node.style.height = Math.max(200, 70 + data.axis.length * 36) + "px"; }
      var chart = window.echarts.getInstanceByDom(node) || window.echarts.init(node);
      chart.setOption(option(data));
    });
  }
  draw(document);
  document.body.addEventListener("htmx:beforeSwap", function (event) {
    event.detail.target.querySelectorAll("[data-chart]").forEach(function (node) {
      var chart = window.echarts.getInstanceByDom(node);
      if (chart) { chart.dispose(); }
    });
  });
  document.body.addEventListener("htmx:afterSwap", function (event) { draw(event.detail.target); });
  window.addEventListener("resize", function () {
    document.querySelectorAll("[data-chart]").forEach(function (node) {
      var chart = window.echarts.getInstanceByDom(node);
      if (chart) { chart.resize(); }
    });
  });
}());
