// The platform's editor of pictures as far as a proof needs it: turn by a quarter, crop by two corners, done or put off.

const MOST = 2400; // pixels of the longer side that the result keeps

function button(text, id) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.dataset.testid = id;
  return made;
}

function turned(picture) {
  const canvas = document.createElement("canvas");
  canvas.width = picture.height;
  canvas.height = picture.width;
  const brush = canvas.getContext("2d");
  brush.translate(canvas.width, 0);
  brush.rotate(Math.PI / 2);
  brush.drawImage(picture, 0, 0);
  return canvas;
}

// The frame (shares of the picture, 0 to 1) cut out of it.
function cut(picture, { left, top, right, bottom }) {
  const [width, height] = [(right - left) * picture.width, (bottom - top) * picture.height];
  const scale = Math.min(1, MOST / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext("2d").drawImage(picture, left * picture.width, top * picture.height, width, height, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function whole(bitmap) {
  const canvas = document.createElement("canvas");
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext("2d").drawImage(bitmap, 0, 0);
  return canvas;
}

// A blob of the edited picture; null when it was put off.
export async function crop(sheets, blob) {
  let picture = whole(await createImageBitmap(blob));
  const frame = { left: 0, top: 0, right: 1, bottom: 1 };
  const sheet = document.createElement("div");
  sheet.className = "crop";
  const stage = document.createElement("div");
  stage.className = "crop-stage";
  const edge = document.createElement("div");
  edge.className = "crop-edge";
  const veil = document.createElement("div");
  veil.className = "crop-veil";
  veil.append(edge);
  const corners = [["left", "top"], ["right", "bottom"]].map(([across, down]) => corner(frame, across, down, () => stage, place));
  const [no, turn, yes] = [button("取消", "mini-crop-no"), button("旋转", "mini-crop-turn"), button("完成", "mini-crop-yes")];
  const bar = document.createElement("div");
  bar.className = "crop-bar";
  bar.append(no, turn, yes);
  sheet.append(stage, bar);

  function place() {
    edge.style.inset = `${frame.top * 100}% ${(1 - frame.right) * 100}% ${(1 - frame.bottom) * 100}% ${frame.left * 100}%`;
    for (const [grip, across, down] of corners) Object.assign(grip.style, { left: `${frame[across] * 100}%`, top: `${frame[down] * 100}%` });
  }
  function show() {
    stage.style.aspectRatio = `${picture.width} / ${picture.height}`;
    stage.style.width = `min(86vw, ${(66 * picture.width) / picture.height}vh)`;
    stage.replaceChildren(picture, veil, ...corners.map(([grip]) => grip));
    place();
  }
  show();
  sheets.append(sheet);
  return new Promise((answered) => {
    const end = (result) => { sheet.remove(); answered(result); };
    no.addEventListener("click", () => end(null));
    turn.addEventListener("click", () => { picture = turned(picture); Object.assign(frame, { left: 0, top: 0, right: 1, bottom: 1 }); show(); });
    yes.addEventListener("click", () => cut(picture, frame).toBlob(end, "image/jpeg", 0.92));
  });
}

// A grip that moves two sides of the frame, by pointer or by the arrow keys.
function corner(frame, across, down, stage, place) {
  const grip = button("", `mini-crop-${across}`);
  grip.className = "crop-grip";
  grip.setAttribute("aria-label", across === "left" ? "左上角" : "右下角");
  const move = (x, y) => {
    frame[across] = across === "left" ? Math.min(Math.max(0, x), frame.right - 0.1) : Math.max(Math.min(1, x), frame.left + 0.1);
    frame[down] = down === "top" ? Math.min(Math.max(0, y), frame.bottom - 0.1) : Math.max(Math.min(1, y), frame.top + 0.1);
    place();
  };
  grip.addEventListener("pointerdown", (event) => grip.setPointerCapture(event.pointerId));
  grip.addEventListener("pointermove", (event) => {
    if (!grip.hasPointerCapture(event.pointerId)) return;
    const box = stage().getBoundingClientRect();
    move((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  });
  const steps = { ArrowLeft: [-0.02, 0], ArrowRight: [0.02, 0], ArrowUp: [0, -0.02], ArrowDown: [0, 0.02] };
  grip.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    move(frame[across] + step[0], frame[down] + step[1]);
  });
  return [grip, across, down];
}
