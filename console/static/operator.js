// The plots of the operator's room: lines of a day, drawn by uPlot in the colours of the page, and again when it is resized.

const place = document.querySelector("[data-lines]");
const LINES = { answers: ["half", "most", "slowest"], ages: ["inbox", "outbox", "tasks"] };
const COLOURS = ["--accent", "--info", "--warn"];
const DASHES = [[], [6, 4], [2, 3]];

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });

function options(figure, names, width) {
  const axis = { stroke: colour("--faint"), grid: { stroke: colour("--rule"), width: 1 }, ticks: { stroke: colour("--rule") } };
  return {
    width,
    height: 230,
    scales: { y: { range: (_plot, _low, high) => [0, Math.max(high ?? 0, 0.1) * 1.1] } },
    axes: [{ ...axis, values: (_plot, ticks) => ticks.map(clock) }, { ...axis, size: 56 }],
    series: [
      { label: place.dataset.time, value: (_plot, seconds) => (seconds === null ? "–" : clock(seconds)) },
      ...names.map((name, at) => ({
        label: figure.dataset[name],
        stroke: colour(COLOURS[at]),
        dash: DASHES[at],
        width: 2,
        points: { size: 5 },
        value: (_plot, value) => (value === null || value === undefined ? "–" : String(value)),
      })),
    ],
  };
}

function draw(figure, at, lines) {
  const names = LINES[figure.dataset.plot];
  const values = names.map((name) => lines[name]);
  if (at.length < 1 || values.every((line) => line.every((value) => value === null))) {
    const none = document.createElement("p");
    none.textContent = place.dataset.none;
    figure.append(none);
    return;
  }
  const inner = () => figure.clientWidth - parseFloat(getComputedStyle(figure).paddingLeft) * 2;
  const make = () => new uPlot(options(figure, names, inner()), [at, ...values], figure);
  let plot = make();
  new ResizeObserver(() => plot.setSize({ width: inner(), height: 230 })).observe(figure);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    plot.destroy();
    plot = make();
  });
}

if (place) {
  const told = await (await fetch(place.dataset.lines, { headers: { Accept: "application/json" } })).json();
  for (const figure of place.querySelectorAll("[data-plot]")) draw(figure, told.at, told[figure.dataset.plot]);
}
