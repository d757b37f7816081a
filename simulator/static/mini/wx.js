// The functions of wx.* that a mini program calls, done with what a browser has. The network goes through the stand-in,
// which lets it reach the one server that the mini program has registered, as WeChat does.

import { crop } from "./crop.js";

const OK = (name) => ({ errMsg: `${name}:ok` });

// Both styles: callbacks when any is given, a promise otherwise.
function both(name, act) {
  return (options = {}) => {
    const { success, fail, complete } = options;
    const running = Promise.resolve().then(() => act(options)).then((found) => ({ ...OK(name), ...found }));
    const told = running.then(
      (found) => { success?.(found); complete?.(found); return found; },
      (error) => {
        const failed = { errMsg: `${name}:fail ${error?.message ?? error}`, ...(error?.errno ? { errno: error.errno } : {}) };
        fail?.(failed);
        complete?.(failed);
        if (!success && !fail && !complete) throw failed;
        return failed;
      },
    );
    return success || fail || complete ? undefined : told;
  };
}

function parts(url) {
  const [path, query = ""] = url.split("?");
  const here = window.getCurrentPages().at(-1)?.route ?? "";
  return [new URL(path, `file:///${here}`).pathname.slice(1), Object.fromEntries(new URLSearchParams(query))];
}

export function bridge({ phone, state, router, sheets, file }) {
  const kept = `mini:${phone}:`;
  const files = new Map(); // blobs by their name on the phone
  const listeners = { network: new Set(), theme: new Set() };
  let number = 0;

  function keep(blob) {
    const name = `wxfile://tmp_${Date.now()}_${++number}.${(blob.type.split("/")[1] ?? "bin").replace("jpeg", "jpg")}`;
    files.set(name, { blob, url: URL.createObjectURL(blob) });
    return name;
  }

  // Where an address leads: to the program's server through the stand-in. Anything else the platform refuses.
  function through(url) {
    if (url.startsWith("/")) return `/mini/net${url}`;
    const wanted = new URL(url);
    if (wanted.origin !== new URL(state.service).origin) throw Object.assign(new Error("url not in domain list"), { errno: 600002 });
    return `/mini/net${wanted.pathname}${wanted.search}`;
  }

  function task(name, options, run) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(new Error("timeout")), options.timeout ?? 60000);
    both(name, async () => {
      try {
        if (!navigator.onLine) throw new Error("网络不可用");
        return await run(stop.signal);
      } catch (error) {
        throw stop.signal.aborted ? stop.signal.reason : error;
      } finally {
        clearTimeout(timer);
      }
    })({ ...options, complete: options.complete ?? (() => {}) });
    return { abort: () => stop.abort(new Error("abort")), onProgressUpdate() {}, onHeadersReceived() {}, offHeadersReceived() {}, offProgressUpdate() {} };
  }

  const headers = (response) => Object.fromEntries([...response.headers].map(([name, value]) => [name === "etag" ? "ETag" : name.replace(/(^|-)[a-z]/g, (c) => c.toUpperCase()), value]));

  function request(options) {
    return task("request", options, async (signal) => {
      const method = (options.method ?? "GET").toUpperCase();
      const header = { ...options.header };
      let url = through(options.url);
      let body;
      if (options.data !== undefined && options.data !== null && (method === "GET" || method === "HEAD")) {
        const query = new URLSearchParams(options.data).toString();
        if (query) url += (url.includes("?") ? "&" : "?") + query;
      } else if (options.data !== undefined && options.data !== null) {
        body = typeof options.data === "string" || options.data instanceof ArrayBuffer ? options.data : JSON.stringify(options.data);
        if (!Object.keys(header).some((name) => name.toLowerCase() === "content-type")) header["content-type"] = "application/json";
      }
      const response = await fetch(url, { method, headers: header, body, signal, cache: "no-store", credentials: "omit" });
      const data = options.responseType === "arraybuffer" ? await response.arrayBuffer() : read(await response.text(), options.dataType ?? "json");
      return { data, statusCode: response.status, header: headers(response), cookies: [] };
    });
  }

  function read(text, type) {
    if (type !== "json") return text;
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }

  const stored = (key) => localStorage.getItem(kept + key);
  function setStorageSync(key, value) {
    localStorage.setItem(kept + key, JSON.stringify({ value }));
  }
  const getStorageSync = (key) => (stored(key) === null ? "" : JSON.parse(stored(key)).value);
  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(kept)).map((key) => key.slice(kept.length));
  const storageInfo = () => ({ keys: keys(), currentSize: Math.ceil(keys().reduce((sum, key) => sum + stored(key).length, 0) / 512), limitSize: 10240 });

  async function post(path, body) {
    const response = await fetch(`/mini/${phone}/${path}`, { method: "POST", body: JSON.stringify(body ?? {}) });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error ?? response.status);
    return answer;
  }

  const theme = () => (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => listeners.theme.forEach((tell) => tell({ theme: theme() })));
  for (const name of ["online", "offline"]) {
    window.addEventListener(name, () => listeners.network.forEach((tell) => tell({ isConnected: navigator.onLine, networkType: navigator.onLine ? "wifi" : "none" })));
  }
  const windowInfo = () => ({ windowWidth: innerWidth, windowHeight: innerHeight, screenWidth: innerWidth, screenHeight: innerHeight, pixelRatio: devicePixelRatio, statusBarHeight: 0, safeArea: { left: 0, right: innerWidth, top: 0, bottom: innerHeight, width: innerWidth, height: innerHeight } });
  const baseInfo = () => ({ SDKVersion: "3.8.0", version: "8.0.50", language: "zh_CN", theme: theme(), enableDebug: false, fontSizeSetting: 16, host: { env: "WeChat" } });
  const device = () => ({ brand: "preview", model: "preview", platform: "devtools", system: "preview" });

  return {
    __file: (src) => files.get(src)?.url ?? (/^(https?:|data:|blob:)/.test(src) ? src : `/mini/program/files/${parts(src)[0]}`),
    __contact: (from) => sheets.contact(phone, state, from),
    request,
    uploadFile: (options) => task("uploadFile", options, async (signal) => {
      const found = files.get(options.filePath);
      if (!found) throw new Error("file not found");
      const form = new FormData();
      for (const [name, value] of Object.entries(options.formData ?? {})) form.append(name, String(value));
      form.append(options.name, found.blob, options.filePath.split("/").at(-1));
      const response = await fetch(through(options.url), { method: "POST", headers: options.header, body: form, signal, credentials: "omit" });
      return { data: await response.text(), statusCode: response.status, header: headers(response) };
    }),
    downloadFile: (options) => task("downloadFile", options, async (signal) => {
      const response = await fetch(through(options.url), { headers: options.header, signal, cache: "no-store", credentials: "omit" });
      return { tempFilePath: keep(await response.blob()), statusCode: response.status, header: headers(response) };
    }),
    login: both("login", () => post("login")),
    checkSession: both("checkSession", () => ({})),
    requestSubscribeMessage: both("requestSubscribeMessage", async ({ tmplIds }) => {
      const asked = state.templates.filter((template) => tmplIds.includes(template.id));
      if (!asked.length || asked.length < tmplIds.length) throw Object.assign(new Error("No template data return, verify the template id exist"), { errno: 20001 });
      const answers = await sheets.consent(state.name, asked);
      await post("subscribe", { answers });
      return Object.fromEntries(tmplIds.map((id) => [id, answers[id] ? "accept" : "reject"]));
    }),
    chooseMedia: both("chooseMedia", async ({ sourceType = ["album", "camera"] }) => {
      const blob = await sheets.photo(file, sourceType, new Date());
      if (!blob) throw new Error("cancel");
      return { type: "image", tempFiles: [{ tempFilePath: keep(blob), size: blob.size, fileType: "image" }] };
    }),
    previewImage: both("previewImage", ({ current, urls }) => { sheets.picture(files.get(current ?? urls[0])?.url ?? current ?? urls[0]); }),
    openDocument: both("openDocument", ({ filePath }) => {
      const found = files.get(filePath);
      if (!found) throw new Error("file not found");
      window.open(found.url, "_blank", "noopener");
    }),
    getFileSystemManager: () => ({ saveFile: both("saveFile", ({ tempFilePath }) => ({ savedFilePath: tempFilePath })) }),
    setClipboardData: both("setClipboardData", async ({ data }) => {
      await navigator.clipboard?.writeText(data).catch(() => {});
      sheets.toast({ title: "内容已复制" });
    }),
    navigateTo: both("navigateTo", ({ url }) => router.navigateTo(...parts(url))),
    redirectTo: both("redirectTo", ({ url }) => router.redirectTo(...parts(url))),
    switchTab: both("switchTab", ({ url }) => router.switchTab(...parts(url))),
    reLaunch: both("reLaunch", ({ url }) => router.reLaunch(...parts(url))),
    navigateBack: both("navigateBack", ({ delta = 1 } = {}) => router.navigateBack(delta)),
    setNavigationBarTitle: both("setNavigationBarTitle", ({ title }) => {
      router.top().title = title;
      document.getElementById("nav-title").textContent = title;
    }),
    setNavigationBarColor: both("setNavigationBarColor", () => ({})),
    pageScrollTo: both("pageScrollTo", ({ scrollTop = 0 }) => { router.top().node.scrollTo({ top: scrollTop }); }),
    startPullDownRefresh: both("startPullDownRefresh", () => { router.top().pull(); }),
    stopPullDownRefresh: both("stopPullDownRefresh", () => { router.top()?.rest(); }),
    showToast: both("showToast", (options) => { sheets.toast(options); }),
    hideToast: both("hideToast", () => { sheets.hide(); }),
    showLoading: both("showLoading", (options) => { sheets.toast({ ...options, icon: "loading", lasting: true }); }),
    hideLoading: both("hideLoading", () => { sheets.hide(); }),
    showModal: both("showModal", (options) => sheets.modal(options)),
    showActionSheet: both("showActionSheet", async ({ itemList }) => {
      const tapIndex = await sheets.choose(itemList);
      if (tapIndex < 0) throw new Error("cancel");
      return { tapIndex };
    }),
    setStorageSync, getStorageSync,
    removeStorageSync: (key) => localStorage.removeItem(kept + key),
    clearStorageSync: () => keys().forEach((key) => localStorage.removeItem(kept + key)),
    getStorageInfoSync: storageInfo,
    setStorage: both("setStorage", ({ key, data }) => { setStorageSync(key, data); }),
    getStorage: both("getStorage", ({ key }) => {
      if (stored(key) === null) throw new Error("data not found");
      return { data: getStorageSync(key) };
    }),
    removeStorage: both("removeStorage", ({ key }) => { localStorage.removeItem(kept + key); }),
    getNetworkType: both("getNetworkType", () => ({ networkType: navigator.onLine ? "wifi" : "none" })),
    onNetworkStatusChange: (tell) => listeners.network.add(tell),
    offNetworkStatusChange: (tell) => listeners.network.delete(tell),
    onThemeChange: (tell) => listeners.theme.add(tell),
    offThemeChange: (tell) => listeners.theme.delete(tell),
    getExtConfigSync: () => state.ext,
    getAccountInfoSync: () => ({ miniProgram: { appId: state.appid, envVersion: "develop", version: "" } }),
    getAppBaseInfo: baseInfo, getWindowInfo: windowInfo, getDeviceInfo: device,
    getSystemInfoSync: () => ({ ...baseInfo(), ...windowInfo(), ...device() }),
    getMenuButtonBoundingClientRect: () => ({ width: 87, height: 32, top: 6, right: innerWidth - 10, bottom: 38, left: innerWidth - 97 }),
    getLaunchOptionsSync: () => ({ path: "", query: {}, scene: 1001 }),
    getUpdateManager: () => ({ onCheckForUpdate() {}, onUpdateReady() {}, onUpdateFailed() {}, applyUpdate() {} }),
    vibrateShort: both("vibrateShort", () => ({})),
    hideKeyboard: both("hideKeyboard", () => { document.activeElement?.blur(); }),
    nextTick: (act) => Promise.resolve().then(act),
    canIUse: () => true,
    onAppShow() {}, onAppHide() {}, onError() {}, onUnhandledRejection() {}, onMemoryWarning() {},
    editImage: both("editImage", async ({ src }) => {
      const edited = files.has(src) ? await crop(document.getElementById("sheets"), files.get(src).blob) : null;
      if (!edited) throw new Error("cancel");
      return { tempFilePath: keep(edited) };
    }),
  };
}
