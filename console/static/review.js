// The review: zoom and rotate the picture, and reasons that are chosen by a number and sent by Enter.

const STEP = 1.25;
const MOST = 6;

for (const viewer of document.querySelectorAll(".viewer")) {
  const tools = viewer.querySelector(".tools");
  if (!tools) continue;
  tools.hidden = false;
  const frames = [...viewer.querySelectorAll(".frame")];
  let zoom = 1;
  let turned = 0;

  function drawn() {
    for (const frame of frames) {
      const image = frame.querySelector("img");
      const upright = turned % 180 === 0;
      const width = Math.min(image.naturalWidth || frame.clientWidth, frame.clientWidth);
      const height = width * (image.naturalHeight || 1) / (image.naturalWidth || 1);
      frame.classList.toggle("large", zoom > 1);
      const scale = zoom * (upright || zoom > 1 ? 1 : Math.min(1, frame.clientWidth / Math.max(height, 1)));
      image.style.width = zoom > 1 ? `${width * zoom}px` : "";
      image.style.transform = `rotate(${turned}deg)${zoom > 1 ? "" : ` scale(${scale})`}`;
      image.style.margin = zoom > 1 && !upright ? `${Math.max(0, (width - height) * zoom / 2)}px 0` : "";
    }
  }

  tools.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.zoom === "in") zoom = Math.min(zoom * STEP, MOST);
    else if (button.dataset.zoom === "out") zoom = Math.max(zoom / STEP, 1);
    else if ("rotate" in button.dataset) turned = (turned + 90) % 360;
    else [zoom, turned] = [1, 0];
    drawn();
  });
}

// The summary opens with "r"; then the first reason is ready, and Enter sends the one that is chosen.
for (const panel of document.querySelectorAll("details.returning")) {
  panel.addEventListener("toggle", () => {
    if (panel.open) (panel.querySelector("input:checked") ?? panel.querySelector("input[type=radio]"))?.focus();
  });
  panel.addEventListener("change", (event) => {
    if (event.target.type !== "radio") return;
    panel.open = true;
    if (event.target.value === "other") panel.querySelector("textarea").focus();
    else event.target.focus();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.target.type !== "radio") return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });
}
