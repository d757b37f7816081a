// Draws pictures of invented proofs, so that there is something to photograph: nobody and nothing on them exists.
const WIDE = 1240;
const FACE = '"Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", SimSun, serif';
const PLAIN = '"Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif';

export const SAMPLES = [
  ["certificate", "结业证书（培训班，24学时）"],
  ["lecture", "讲座证明（没写科目）"],
  ["screen", "公需课截图（手机屏幕）"],
  ["blurred", "拍糊的证书"],
];

const day = (date) => `${date.getFullYear()}年${date.getMonth() + 1}月${date.getDate()}日`;
const span = (first, last) => `${day(first)}至${first.getFullYear() === last.getFullYear() ? "" : `${last.getFullYear()}年`}${last.getMonth() + 1}月${last.getDate()}日`;
const before = (now, days) => new Date(now.getTime() - days * 86400000);

// The picture as a JPEG. `now` is the clock's: what is on it happened shortly before.
export function sample(kind, name, now) {
  const paper = document.createElement("canvas");
  const pen = paper.getContext("2d");
  if (kind === "screen") screen(paper, pen, name, now);
  else if (kind === "lecture") lecture(paper, pen, name, now);
  else certificate(paper, pen, name, now);
  return new Promise((done) => (kind === "blurred" ? blurred(paper) : paper).toBlob(done, "image/jpeg", 0.92));
}

function sheet(paper, pen, high, colour) {
  paper.width = WIDE;
  paper.height = high;
  pen.fillStyle = colour;
  pen.fillRect(0, 0, WIDE, high);
  pen.fillStyle = "#222";
}

function line(pen, text, x, y, size, { face = FACE, align = "left", weight = "" } = {}) {
  pen.font = `${weight} ${size}px ${face}`;
  pen.textAlign = align;
  pen.fillText(text, x, y);
}

// Lines of at most `most` characters, one below the other; gives the height reached.
function paragraph(pen, text, x, y, size, most) {
  for (let at = 0; at < text.length; at += most, y += size * 1.9) line(pen, text.slice(at, at + most), x, y, size);
  return y;
}

function seal(pen, text, x, y) {
  pen.save();
  pen.strokeStyle = pen.fillStyle = "rgba(200, 30, 30, 0.55)";
  pen.lineWidth = 6;
  pen.beginPath();
  pen.arc(x, y, 96, 0, 2 * Math.PI);
  pen.stroke();
  line(pen, "★", x, y + 22, 64, { align: "center" });
  line(pen, text, x, y + 68, 22, { align: "center" });
  pen.restore();
}

function certificate(paper, pen, name, now) {
  sheet(paper, pen, 880, "#fdf9ec");
  pen.strokeStyle = "#a5803a";
  pen.lineWidth = 10;
  pen.strokeRect(36, 36, WIDE - 72, 808);
  const [first, last] = [before(now, 40), before(now, 38)];
  line(pen, "结业证书", WIDE / 2, 170, 76, { align: "center", weight: "bold" });
  line(pen, `证书编号：JX${last.getFullYear()}-00${417 + last.getDate()}`, WIDE - 110, 240, 26, { align: "right", face: PLAIN });
  const told = `　　${name}同志于${span(first, last)}参加由青禾市建设培训中心主办的绿色建筑施工技术培训班学习，完成全部课程，共24学时（专业科目），考核合格，特发此证。`;
  paragraph(pen, told, 130, 330, 38, 26);
  line(pen, "青禾市建设培训中心", WIDE - 150, 690, 36, { align: "right" });
  line(pen, day(before(now, 36)), WIDE - 170, 750, 34, { align: "right" });
  seal(pen, "培训专用章", WIDE - 290, 690);
}

function lecture(paper, pen, name, now) {
  sheet(paper, pen, 700, "#ffffff");
  const on = before(now, 12);
  line(pen, "学术讲座学时证明", WIDE / 2, 130, 56, { align: "center", weight: "bold" });
  const rows = [["姓名", name], ["讲座题目", "城市更新中的结构检测"], ["主办单位", "青禾市土木建筑学会"], ["时间", day(on)], ["学时", "4学时"]];
  rows.forEach(([label, value], at) => line(pen, `${label}：${value}`, 160, 230 + at * 72, 36, { face: PLAIN }));
  line(pen, "青禾市土木建筑学会", WIDE - 150, 600, 34, { align: "right" });
  seal(pen, "学会专用章", WIDE - 280, 590);
}

function screen(paper, pen, name, now) {
  sheet(paper, pen, 1500, "#f3f5f9");
  pen.fillStyle = "#2f6fed";
  pen.fillRect(0, 0, WIDE, 190);
  pen.fillStyle = "#fff";
  line(pen, "我的学习记录", WIDE / 2, 120, 52, { align: "center", face: PLAIN });
  pen.fillStyle = "#fff";
  pen.fillRect(60, 250, WIDE - 120, 900);
  pen.fillStyle = "#222";
  const rows = [["姓名", name], ["课程名称", "人工智能与专业技术人员素养"], ["主办单位", "青禾市专业技术人员继续教育平台"],
    ["科目类别", "公需科目"], ["学习时间", span(before(now, 30), before(now, 21))], ["获得学时", "10学时"],
    ["学习状态", "已完成"]];
  rows.forEach(([label, value], at) => line(pen, `${label}：${value}`, 110, 360 + at * 112, 42, { face: PLAIN }));
}

function blurred(paper) {
  const soft = document.createElement("canvas");
  soft.width = WIDE;
  soft.height = paper.height;
  const pen = soft.getContext("2d");
  pen.filter = "blur(14px) brightness(0.6)";
  pen.drawImage(paper, 0, 0);
  return soft;
}
