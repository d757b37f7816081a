// Draws the plots of a page: <div data-plot='{"months", "this", "last", "labels": [month, this, last, unit]}'>.

const HEIGHT = 260;
const drawn = new Map();

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// Without a pointer over it, the plot tells of the latest month.
function rest(plot, values) {
  requestAnimationFrame(() => plot.setLegend({ idx: values.findLastIndex((value) => value !== null) }, false));
}

function draw(box) {
  const { months, this: now, last, labels } = JSON.parse(box.dataset.plot);
  const figure = new Intl.NumberFormat("zh-CN", { maximumFractionDigits: 1 });
  const told = (value) => (value === null || value === undefined ? "–" : `${figure.format(value)} ${labels[3]}`);
  const month = (value) => (value === null || value === undefined ? "–" : `${value} 月`);
  const axis = { stroke: colour("--faint"), grid: { stroke: colour("--rule"), width: 1 }, ticks: { stroke: colour("--rule"), width: 1 } };
  const options = {
    width: box.clientWidth,
    height: HEIGHT,
    scales: { x: { time: false, range: [1, 12] }, y: { range: (_plot, _low, high) => [0, Math.max(high, 1) * 1.08] } },
    axes: [
      { ...axis, splits: () => (box.clientWidth < 480 ? [1, 4, 7, 10] : months), values: (_plot, values) => values.map(month) },
      { ...axis, size: 68, values: (_plot, values) => values.map((value) => figure.format(value)) },
    ],
    hooks: { ready: [(plot) => { plot.over.addEventListener("mouseleave", () => rest(plot, now)); rest(plot, now); }] },
    cursor: { drag: { x: false, y: false } },
    series: [
      { label: labels[0], value: (_plot, value) => month(value) },
      { label: labels[1], stroke: colour("--accent"), width: 2.5, fill: `${colour("--accent")}1f`, value: (_plot, value) => told(value), points: { show: true, size: 5 } },
      { label: labels[2], stroke: colour("--edge"), width: 2, dash: [6, 4], value: (_plot, value) => told(value), points: { show: false } },
    ],
  };
  drawn.get(box)?.destroy();
  const plot = new uPlot(options, [months, now, last], box);
  drawn.set(box, plot);
}

function drawAll() {
  for (const box of drawn.keys()) if (!box.isConnected) { drawn.get(box).destroy(); drawn.delete(box); }
  for (const box of document.querySelectorAll("[data-plot]")) if (box.clientWidth && !drawn.has(box)) draw(box);
}

function redraw() {
  for (const box of [...drawn.keys()]) if (box.isConnected) draw(box);
}

let waiting = 0;
addEventListener("resize", () => { clearTimeout(waiting); waiting = setTimeout(redraw, 120); });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
document.addEventListener("htmx:afterSettle", drawAll);
drawAll();
