// Draws every chart that the page describes, as wide as there is room, and again when the room changes.
// Kinds: bars, rates, multiples, flow, course. One accent colour; what is named stands beside what it names.
"use strict";
(() => {
  const charts = JSON.parse(document.getElementById("charts").textContent);
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const [ink, quiet, line, grey, accent] = ["ink", "quiet", "line", "grey", "accent"].map(colour);
  const style = { fontFamily: "inherit", fontSize: "13px", color: ink, background: "none" };
  const month = (text) => new Date(`${text}-01T00:00:00Z`);
  const named = d3.utcFormat("%b %Y");

  // rows: {label, value, shown, note?, main?}: a bar under its own name and number.
  function bars({ rows }, width) {
    return Plot.plot({
      style: { ...style, fontSize: "15px" }, width, height: rows.length * 50 + 6, marginLeft: 1, marginRight: 1, marginTop: 8, marginBottom: 0,
      x: { axis: null, domain: [0, d3.max(rows, (row) => row.value) || 1] },
      y: { axis: null, domain: rows.map((row) => row.label), padding: 0 },
      marks: [
        Plot.barX(rows, { x: "value", y: "label", fill: (row) => (row.main ? accent : grey), insetTop: 28, insetBottom: 12 }),
        Plot.text(rows, { x: 0, y: "label", text: (row) => row.shown, dy: -11, textAnchor: "start", fontWeight: 700, fill: (row) => (row.main ? accent : ink) }),
        Plot.text(rows, { x: 0, y: "label", text: (row) => [row.label, row.note].filter(Boolean).join(", "), dy: -11, dx: after(rows), textAnchor: "start", fill: ink }),
      ],
    });
  }
  const after = (rows) => 14 + 8.6 * d3.max(rows, (row) => row.shown.length);

  // rows: {group, panel, share, low, high, main?}, share is null where it is hidden; panels, groups: in order; mark?: {share, text}.
  function rates({ rows, groups, panels, mark }, width) {
    const narrow = width < 560, side = narrow ? "fy" : "fx";
    const seen = rows.filter((row) => row.share !== null), hidden = rows.filter((row) => row.share === null);
    const at = { [side]: "panel", y: "group" };
    return Plot.plot({
      style, width, height: narrow ? panels.length * (groups.length * 23 + 30) + 30 : groups.length * 27 + 56,
      marginLeft: 92, marginRight: 46, marginTop: 30, marginBottom: 24,
      x: { domain: [0, 1], ticks: [0, 0.5, 1], tickFormat: "%", tickSize: 0, label: null },
      y: { domain: groups, tickSize: 0, label: null },
      [side]: { domain: panels, label: null, axis: null, padding: narrow ? 0.2 : 0.16 },
      marks: [
        Plot.ruleX([0, 0.5, 1], { stroke: line }),
        Plot.text(panels, { [side]: (panel) => panel, text: (panel) => panel, frameAnchor: "top-left", dy: -14, dx: narrow ? -90 : 0, fontWeight: 700 }),
        mark ? Plot.ruleX([mark.share], { stroke: ink, strokeDasharray: "4,3" }) : null,
        mark ? Plot.text(panels, { [side]: (panel) => panel, x: () => mark.share, text: () => mark.text, frameAnchor: "top", dy: -14, fontSize: 12 }) : null,
        Plot.link(seen, { ...at, x1: "low", x2: "high", y1: "group", y2: "group", stroke: (row) => (row.main ? accent : grey), strokeWidth: 2.5, strokeLinecap: "round" }),
        Plot.dot(seen, { ...at, x: "share", r: 4.5, fill: (row) => (row.main ? accent : ink) }),
        Plot.text(seen, { ...at, x: 1, dx: 6, text: (row) => d3.format(".0%")(row.share).replace("%", " %"), textAnchor: "start", fontWeight: (row) => (row.main ? 700 : 400), fill: (row) => (row.main ? accent : ink) }),
        Plot.text(hidden, { ...at, x: 0, dx: 4, text: "state", textAnchor: "start", fontStyle: "italic", fill: quiet, fontSize: 12 }),
      ].filter(Boolean),
    });
  }

  // rows: {month, row, column, value, shown?}, value is null where it is hidden: one small picture each, all to one scale.
  function multiples({ rows, months, across, down }, width) {
    const last = rows.filter((row) => row.month === months.at(-1));
    const place = { fx: "column", fy: "row" }, x = (row) => month(row.month);
    const narrow = width < 560;
    return Plot.plot({
      style: { ...style, fontSize: narrow ? "12px" : "13px" }, width, height: down.length * (narrow ? 56 : 66) + 30,
      marginLeft: narrow ? 72 : 100, marginRight: narrow ? 4 : 40, marginTop: 24, marginBottom: 6,
      x: { axis: null, type: "utc", domain: d3.extent(months, month) },
      y: { axis: null, domain: [0, (d3.max(rows, (row) => row.value) || 1) * 1.4] },
      fx: { axis: "top", domain: across, label: null, padding: 0.12 }, fy: { domain: down, label: null, axis: null, padding: 0.12 },
      marks: [
        Plot.text(down, { fy: (row) => row, text: (row) => row, fx: () => across[0], frameAnchor: "bottom-left", dx: narrow ? -70 : -98, dy: -4, textAnchor: "start" }),
        Plot.ruleY([0], { stroke: line }),
        Plot.areaY(rows, { ...place, x, y1: 0, y2: "value", fill: grey, fillOpacity: 0.28 }),
        Plot.lineY(rows, { ...place, x, y: "value", stroke: quiet, strokeWidth: 1.4 }),
        Plot.dot(rows, { ...place, x, y: "value", r: 1, fill: quiet }),
        Plot.dot(last, { ...place, x, y: "value", r: 2.8, fill: accent }),
        Plot.text(last.filter((row) => row.value !== null), { ...place, x, y: "value", text: "shown", dy: -10, dx: narrow ? 3 : 6, textAnchor: "end", fontWeight: 700, fill: accent }),
        Plot.text(last.filter((row) => row.value === null), { ...place, text: () => "hidden", frameAnchor: "bottom-right", dy: -4, fontStyle: "italic", fill: quiet, fontSize: 11 }),
      ],
    });
  }

  // rows: {month, came, left}, null where it is not known: who came into debt above the line, who left it below.
  function flow({ rows }, width) {
    const known = rows.filter((row) => row.came !== null && row.left !== null), last = known.at(-1);
    return Plot.plot({
      style, width, height: 270, marginLeft: 4, marginRight: 4, marginTop: 20, marginBottom: 24, insetTop: 20, insetBottom: 22,
      x: { domain: rows.map((row) => row.month), tickFormat: (text) => d3.utcFormat("%b")(month(text)), tickSize: 0, label: null, padding: 0.25 },
      y: { axis: null },
      marks: [
        Plot.barY(known, { x: "month", y: "came", fill: (row) => (row === last ? accent : grey) }),
        Plot.barY(known, { x: "month", y: (row) => -row.left, fill: (row) => (row === last ? accent : grey), fillOpacity: 0.55 }),
        Plot.ruleY([0], { stroke: ink }),
        Plot.text(known, { x: "month", y: "came", text: (row) => d3.format(",")(row.came), dy: -9, fontWeight: (row) => (row === last ? 700 : 400), fill: (row) => (row === last ? accent : quiet) }),
        Plot.text(known, { x: "month", y: (row) => -row.left, text: (row) => d3.format(",")(row.left), dy: 10, fontWeight: (row) => (row === last ? 700 : 400), fill: (row) => (row === last ? accent : quiet) }),
      ],
    });
  }

  // rows: {month, value, shown}: one line, its first and last value named.
  function course({ rows }, width) {
    const known = rows.filter((row) => row.value !== null), ends = known.length > 1 ? [known[0], known.at(-1)] : known;
    const x = (row) => month(row.month);
    return Plot.plot({
      style, width, height: 210, marginLeft: 6, marginRight: 6, marginTop: 34, marginBottom: 28,
      x: { type: "utc", domain: d3.extent(rows, x), ticks: rows.length > 1 ? [x(rows[0]), x(rows.at(-1))] : [], tickFormat: named, tickSize: 0, label: null, insetLeft: 30, insetRight: 34 },
      y: { axis: null, domain: [0, (d3.max(known, (row) => row.value) || 1) * 1.05] },
      marks: [
        Plot.ruleY([0], { stroke: line }),
        Plot.areaY(rows, { x, y1: 0, y2: "value", fill: grey, fillOpacity: 0.22 }),
        Plot.lineY(rows, { x, y: "value", stroke: quiet, strokeWidth: 2 }),
        Plot.dot(ends, { x, y: "value", r: 4, fill: (row) => (row === known.at(-1) ? accent : quiet) }),
        Plot.text(ends, { x, y: "value", text: "shown", dy: -16, fontSize: 15, fontWeight: 700, fill: (row) => (row === known.at(-1) ? accent : quiet) }),
      ],
    });
  }

  const kinds = { bars, rates, multiples, flow, course };
  const described = new Map(charts.map((chart) => [chart.id, chart]));
  function draw(place) {
    const chart = described.get(place.dataset.chart), width = Math.floor(place.clientWidth);
    if (width === 0 || place.dataset.width === `${width}`) return;
    const svg = kinds[chart.kind](chart, width);
    svg.setAttribute("aria-hidden", "true");
    place.replaceChildren(svg);
    place.dataset.width = width;
  }
  const room = new ResizeObserver((entries) => entries.forEach((entry) => draw(entry.target)));
  document.querySelectorAll("[data-chart]").forEach((place) => { draw(place); room.observe(place); });
})();
