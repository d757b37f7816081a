// The desk around the phones: the clock, the faults, the mode, and the strip of wire messages.
import { clockText, dateText, element, exactText } from "./draw.js";

const VERDICTS = {
  waiting: ["等待", "wait"], answered: ["已回复", "good"], acknowledged: ["已确认", "good"], ok: ["成功", "good"],
  illegal: ["非法回复", "bad"], timeout: ["超时断开", "bad"], lost: ["回答丢失", "bad"], unreached: ["连接失败", "bad"],
  status: ["状态异常", "bad"], marked: ["暂停推送", "bad"], refused: ["被拒", "bad"], hung: ["无应答", "bad"],
};
const FAULTS = [
  ["answer_lost", "丢一次回答"], ["slow", "网络慢 4 秒"], ["duplicate", "同时投递两次"], ["api_busy", "接口繁忙 -1"],
  ["token_killed", "令牌失效 40001"], ["api_timeout", "接口已做无应答"], ["api_unreached", "接口未做无应答"],
  ["api_error", "接口 502"], ["media_expired", "素材过期 40007"],
];
const ROWS = 300;
const find = (id) => document.getElementById(id);

export class ClockFace {
  constructor(post, ticked) {
    this.ahead = 0;
    this.ticked = ticked;
    for (const button of document.querySelectorAll("[data-advance]")) {
      button.addEventListener("click", () => post("/control/clock", { advance: Number(button.dataset.advance) }));
    }
    find("clock-december").addEventListener("click", () => post("/control/clock", { set: this.nextDecember() }));
    find("clock-reset").addEventListener("click", () => post("/control/clock", { reset: true }));
    setInterval(() => this.tick(), 1000);
  }

  now() {
    return new Date(Date.now() + this.ahead);
  }

  show(state) {
    this.ahead = new Date(state.now).getTime() - Date.now();
    const hours = Math.round(state.moved_seconds / 3600);
    const days = Math.trunc(hours / 24);
    const parts = [days ? `${days} 天` : "", hours % 24 ? `${hours % 24} 小时` : ""].filter(Boolean);
    find("clock-moved").textContent = parts.length ? `${hours > 0 ? "+" : ""}${parts.join(" ")}` : "";
    this.tick();
  }

  tick() {
    find("clock").textContent = clockText(this.now());
    this.ticked(this.now());
  }

  nextDecember() {
    const beijing = new Date(this.now().getTime() + 8 * 3600000);
    const year = beijing.getUTCFullYear() + (beijing.getUTCMonth() === 11 ? 1 : 0);
    return `${year}-12-01T10:30:00+08:00`;
  }
}

export class FaultList {
  constructor(post, remove) {
    for (const [fault, label] of FAULTS) {
      const button = element("button", "tool", label);
      button.type = "button";
      button.dataset.testid = `fault-${fault}`;
      button.addEventListener("click", () => post("/control/faults", { fault, times: 1, seconds: 4 }));
      find("fault-list").append(button);
    }
    find("fault-clear").addEventListener("click", () => remove("/control/faults"));
    const pop = find("faults");
    document.addEventListener("click", (event) => {
      if (!pop.contains(event.target)) pop.open = false;
    });
  }

  show(armed) {
    const names = Object.keys(armed).map((fault) => FAULTS.find(([name]) => name === fault)?.[1] ?? fault);
    find("fault-armed").textContent = names.length ? `待发生：${names.join("、")}` : "没有待发生的故障";
    find("fault-count").textContent = names.length;
    find("fault-count").hidden = !names.length;
  }
}

function readable(body) {
  if (body.startsWith("<")) return body.replace(/(<\/[^>]+>|^<xml>)(?=<)/g, "$1\n");
  try {
    return JSON.stringify(JSON.parse(body), null, 1);
  } catch {
    return body;
  }
}

function gist(row) {
  if (row.reason) return row.reason;
  const content = /<(?:Content|EventKey)><!\[CDATA\[([\s\S]*?)\]\]>/;
  const said = row.way === "push" ? content.exec(row.sent)?.[1] ?? "" : row.sent;
  const heard = row.way === "push" ? content.exec(row.answered)?.[1] ?? row.answered : row.answered;
  return `${said} → ${heard}`.replace(/\s+/g, " ").slice(0, 200);
}

export class WireStrip {
  constructor() {
    this.rows = new Map();
    this.names = new Map();
    for (const id of ["wire-phone", "wire-way"]) find(id).addEventListener("change", () => this.filter());
    find("wire-clear").addEventListener("click", () => this.clear());
    find("wire-toggle").addEventListener("click", () => this.fold());
    if (matchMedia("(max-width: 600px)").matches) this.fold();
  }

  people(phones) {
    for (const phone of phones) {
      this.names.set(phone.id, phone.name);
      const option = element("option", "", phone.name);
      option.value = phone.id;
      find("wire-phone").append(option);
    }
  }

  fold() {
    const shut = find("wire").classList.toggle("shut");
    find("wire-toggle").setAttribute("aria-expanded", String(!shut));
  }

  clear() {
    this.rows.clear();
    find("wire-rows").replaceChildren();
    this.count();
  }

  show(row) {
    const made = this.draw(row);
    const old = this.rows.get(row.id);
    if (old) {
      made.firstChild.open = old.firstChild.open;
      old.replaceWith(made);
    } else find("wire-rows").prepend(made);
    this.rows.set(row.id, made);
    if (this.rows.size > ROWS) {
      const oldest = this.rows.keys().next().value;
      this.rows.get(oldest).remove();
      this.rows.delete(oldest);
    }
    made.hidden = !this.wanted(made);
    this.count();
  }

  draw(row) {
    const item = element("li");
    const details = element("details", "row");
    details.dataset.testid = "wire-row";
    Object.assign(item.dataset, { phone: row.phone, way: row.way });
    Object.assign(details.dataset, { name: row.name, verdict: row.verdict, attempt: row.attempt });
    const [word, tone] = VERDICTS[row.verdict] ?? [row.verdict, ""];
    const code = row.errcode ? ` ${row.errcode}` : row.verdict === "status" ? ` ${row.status}` : "";
    const summary = element("summary");
    summary.append(
      this.time(new Date(row.at)),
      element("span", "cell-phone", this.names.get(row.phone) ?? "–"),
      element("span", `cell-way way-${row.way}`, row.way === "push" ? "推送" : "接口"),
      element("span", "cell-name", row.name.replace(/^message\//, "")),
      element("span", "cell-attempt", row.attempt ? `${row.attempt}/${row.attempts}` : ""),
      element("span", "cell-ms", row.ms === null ? "…" : `${row.ms} ms`),
      element("span", `verdict ${tone}`, word + code),
      element("span", "cell-gist", gist(row)),
    );
    details.append(summary);
    details.addEventListener("toggle", () => details.open && this.open(details, row), { once: true });
    item.append(details);
    return item;
  }

  time(at) {
    const made = element("span", "cell-time");
    made.append(element("span", "cell-date", `${dateText(at)} `), exactText(at));
    return made;
  }

  open(details, row) {
    const bodies = element("div", "bodies");
    const modes = { plain: "明文模式", compat: "兼容模式", safe: "安全模式，已解密" };
    const notes = [modes[row.mode], row.msg_id && `MsgId ${row.msg_id}`].filter(Boolean).join(" · ");
    for (const [title, body] of [[`${row.way === "push" ? "推送" : "请求"} ${notes}`, row.sent], ["应答", row.answered]]) {
      const part = element("div");
      part.append(element("h4", "", title), element("pre", "", readable(body) || "（空）"));
      bodies.append(part);
    }
    details.append(bodies);
  }

  wanted(item) {
    const [phone, way] = [find("wire-phone").value, find("wire-way").value];
    return (!phone || item.dataset.phone === phone) && (!way || item.dataset.way === way);
  }

  filter() {
    for (const item of this.rows.values()) item.hidden = !this.wanted(item);
  }

  count() {
    find("wire-count").textContent = this.rows.size ? `${this.rows.size} 条` : "还没有";
  }
}
