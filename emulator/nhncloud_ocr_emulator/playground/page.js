// The page: takes an image, sends it to the emulator, shows what comes back.
import { element, set } from "./elements.js";
import { read } from "./json_pairs.js";
import { TEXTS } from "./texts.js";
import { turnOf } from "./turn.js";
import { Viewer } from "./viewer.js";

const $ = (id) => document.getElementById(id);
const all = (selector, change) => document.querySelectorAll(selector).forEach(change);
const get = async (path) => (await fetch(path)).json();
const root = document.documentElement;

let language = new URLSearchParams(location.search).get("lang") ?? navigator.language.slice(0, 2);
if (!TEXTS[language]) language = "en";
let dark = matchMedia("(prefers-color-scheme: dark)").matches;
let info = { engine: "…", faults: [] };
let source = null; // { file, name } or { url, name }
let reply = null; // the last one
let started = 0; // calls of this page; the last one's reply is shown, and no other
let chosen = false; // whether a person chose the tab
let calls = [];

const t = (name, ...values) => TEXTS[language][name].replace(/\{(\d)\}/g, (_, i) => values[i]);
const say = (text) => { $("status").textContent = text; };
const cropping = () => $("operation").selectedIndex;
const asked = (more) => new URLSearchParams({ version: $("version").value, cropping: cropping(), fault: faults().join("; "), ...more });
const viewer = new Viewer($("view"), $("words"), (percent) => { $("zoom").textContent = `${percent}%`; });

function translate() {
  root.lang = language;
  all("[data-t]", (each) => { each.textContent = t(each.dataset.t); });
  all("[data-label]", (each) => each.setAttribute("aria-label", t(each.dataset.label)));
  all("[data-ko]", (each) => { each.textContent = each.dataset[language]; });
  $("search").placeholder = t("search");
  $("language").lang = language === "ko" ? "en" : "ko";
  $("engine").textContent = t("engine", info.engine);
  if (reply) show();
  else viewer.clear(t("nothing"));
  listCalls();
}

const tabs = new Map(["words", "text", "raw", "code", "calls"].map((name) => {
  const own = { type: "button", id: `${name}-tab`, role: "tab", onclick: () => { chosen = true; pick(name); } };
  const tab = set(element("button", own, set(element("span"), { "data-t": name }), element("small")), { "aria-controls": `${name}-panel` });
  set($(`${name}-panel`), { "aria-labelledby": tab.id });
  $("tabs").append(tab);
  return [name, tab];
}));

function pick(name) {
  for (const [each, tab] of tabs) {
    tab.setAttribute("aria-selected", each === name);
    tab.tabIndex = each === name ? 0 : -1;
    $(`${each}-panel`).hidden = each !== name;
  }
}

// The form has the faults that the emulator knows: a new one appears in it by itself.
function faultForm() {
  $("fault-list").replaceChildren(...info.faults.map(({ name, kind, choices, about }) => {
    const what = element("span", { className: "quiet small" }), input = element(choices ? "select" : "input", { name });
    if (choices) input.append(set(new Option("", ""), { "data-t": "off" }), ...choices.map((value) => new Option(value)));
    else input.type = { flag: "checkbox", text: "text" }[kind] ?? "number";
    if (kind === "seconds") Object.assign(input, { step: "any", min: "0" });
    Object.assign(what.dataset, about);
    return element("label", {}, element("code", {}, name), input, what);
  }));
}

function faults() {
  return [...$("fault-list").querySelectorAll("input, select")].flatMap((input) => {
    if (input.type === "checkbox") return input.checked ? [input.name] : [];
    return input.value ? [`${input.name}=${input.value}`] : [];
  });
}

function take(file) {
  if (!file) return;
  source = { file, name: file.name || "image.png" };
  send();
}

// Shows a picture, if it is one to the browser.
async function display(blob, number) {
  const url = URL.createObjectURL(blob), picture = new Image();
  picture.src = url;
  const good = await picture.decode().then(() => true, () => false), turn = await turnOf(blob);
  if (number !== started || !good) URL.revokeObjectURL(url);
  if (number !== started) return null;
  $("empty").hidden = good;
  $("view").hidden = $("tools").hidden = !good;
  $("stored-row").hidden = turn === 1;
  $("stored").checked = false;
  if (good) viewer.picture(url, picture.naturalWidth, picture.naturalHeight, turn);
  return good ? picture : null;
}

async function send() {
  const number = ++started, mine = source, begun = performance.now(), query = asked();
  const seconds = () => (performance.now() - begun) / 1000;
  const got = { hint: "", body: "", bytes: 0 }, headers = { "X-Playground": "1" };
  $("send").disabled = true;
  say("");
  snippet();
  const clock = setInterval(() => {
    $("clock").hidden = number !== started;
    $("clock").textContent = t("reading", Math.floor(seconds()));
  }, 500);
  try {
    let body = JSON.stringify({ imageUrl: mine.url });
    if (mine.file) {
      const picture = await display(mine.file, number);
      const sides = [picture?.naturalWidth, picture?.naturalHeight];
      if (!picture) got.hint = "wrongFile";
      else if (Math.max(...sides) > 2.5 * Math.min(...sides) && !cropping()) got.hint = "long";
      body = new FormData();
      body.append("image", mine.file, mine.name);
    } else headers["Content-Type"] = "application/json";
    const response = await fetch(`recognize?${query}`, { method: "POST", headers, body });
    Object.assign(got, { status: response.status, type: response.headers.get("content-type") });
    const bytes = await response.arrayBuffer(), reading = response.headers.get("x-playground-reading");
    Object.assign(got, { bytes: bytes.byteLength, body: new TextDecoder().decode(bytes), seconds: seconds().toFixed(1) });
    if (reading) { // what a reply does not have: the text with overlaps once, the picture behind a URL
      got.merged = (await get(`readings/${reading}`)).text;
      if (!mine.file) await display(await (await fetch(`readings/${reading}/image`)).blob(), number);
    }
  } catch (error) {
    got.error = error.message;
  }
  clearInterval(clock);
  if (number !== started) return; // another image has come meanwhile
  $("clock").hidden = true;
  $("send").disabled = false;
  reply = got;
  show();
  if (!chosen) pick(got.lines ? "words" : "raw");
  say(got.said);
  root.dataset.done = number;
}

function show() {
  const got = reply;
  let view = null;
  try { view = got.error ? null : read(got.body); } catch { /* no JSON: the raw view has it */ }
  $("raw").textContent = got.body;
  $("raw-head").textContent = got.error ?? t("http", got.status, got.type, got.bytes);
  got.lines = view?.successful ? view.lines : null;
  const words = got.lines?.flat() ?? [], boxless = words.filter((word) => !word.box).length;
  tabs.get("words").lastChild.textContent = words.length || "";
  if (got.error) got.said = t("broken", got.error);
  else if (view?.code === undefined) got.said = t("strange", got.status);
  else if (!got.lines) got.said = t("refused", view.code, view.message ?? "");
  else got.said = t("done", words.length, got.lines.length, got.seconds);
  if (got.lines) viewer.result(got.lines);
  else viewer.clear(got.said);
  if (view?.slices > 1) got.said += t("slices", view.slices);
  if (boxless) got.said += t("boxless", boxless);
  if (got.hint) got.said += ` ${t(got.hint)}`;
  $("merge-row").hidden = !(view?.slices > 1);
  plainText();
  threshold();
  find();
}

function plainText() {
  const lines = reply?.lines?.map((line) => line.map((word) => word.text.trim()).join(" ")) ?? [];
  const merged = $("merge").checked && !$("merge-row").hidden;
  $("text").textContent = merged ? reply.merged : lines.join("\n");
}

function find() {
  const count = viewer.search($("search").value);
  $("hits").textContent = $("search").value && t("found", count);
}

function threshold() {
  $("least").textContent = Number($("threshold").value).toFixed(2);
  viewer.threshold(Number($("threshold").value));
}

async function snippet() {
  const query = asked({ language: $("snippet").value, image: source?.url ?? source?.name ?? "receipt.png", url: Number(Boolean(source?.url)) });
  $("fault-count").textContent = faults().length || "";
  $("code").textContent = await (await fetch(`snippet?${query}`)).text();
}

function listCalls() {
  $("sum").textContent = calls.length ? t("sum", calls.length, calls.filter((call) => call.billed).length) : t("noCalls");
  tabs.get("calls").lastChild.textContent = calls.length || "";
  $("calls").replaceChildren(...calls.slice(-200).reverse().map((call) => {
    const good = call.code === 0 || (call.kind === "token" && call.status === 200), className = "quiet small";
    const parts = [
      element("b", { className: good ? "good" : "bad" }, call.status === null ? t("lost") : call.code ?? call.status),
      element("code", {}, `${call.method} ${call.path}`),
      call.billed && element("span", { className }, t("billed")),
      call.reason && element("p", { className }, call.reason),
    ];
    return element("li", { value: call.number }, ...parts.filter(Boolean));
  }));
}

// One of the open tabs listens and tells the others: a browser has six connections to a host.
const channel = new BroadcastChannel("nhncloud-ocr-emulator-calls");
const last = () => calls.at(-1)?.number ?? 0;
function heard(news) {
  calls = [...calls, ...news.calls.filter((call) => call.number > last())].slice(-1000);
  listCalls();
}
channel.onmessage = (event) => heard(event.data);
function listen() {
  new EventSource(`events?after=${last()}`).onmessage = (event) => {
    const news = JSON.parse(event.data);
    heard(news);
    channel.postMessage(news);
  };
  return new Promise(() => {}); // until the tab goes
}

for (const id of ["file", "again"]) {
  $(id).onchange = (event) => { take(event.target.files[0]); event.target.value = ""; }; // the same file may come again
}
$("request").onsubmit = (event) => { event.preventDefault(); if (source) send(); };
$("by-url").onsubmit = (event) => {
  event.preventDefault();
  source = { url: $("url").value };
  send();
};
$("sample").onclick = async () => take(new File([await (await fetch("sample.png")).blob()], "sample.png"));
for (const id of ["version", "operation", "snippet", "fault-list"]) $(id).onchange = snippet;
$("fault-clear").onclick = () => { faultForm(); translate(); snippet(); };
$("in").onclick = () => viewer.scale(viewer.zoom * 1.5);
$("out").onclick = () => viewer.scale(viewer.zoom / 1.5);
$("fit").onclick = () => viewer.fit();
$("search").oninput = find;
$("merge").onchange = plainText;
$("stored").onchange = () => viewer.frame($("stored").checked);
$("threshold").oninput = threshold;
$("tabs").onkeydown = (event) => { // arrow keys go from one to the next
  const each = [...tabs.values()], step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const to = step && each[(each.indexOf(event.target) + step + each.length) % each.length];
  to?.click();
  to?.focus();
};
$("language").onclick = () => {
  language = language === "ko" ? "en" : "ko";
  history.replaceState(null, "", `?lang=${language}`);
  translate();
};
$("theme").onclick = () => {
  dark = !dark;
  root.style.colorScheme = dark ? "dark" : "light";
};
for (const kind of ["dragover", "dragleave", "drop"]) {
  addEventListener(kind, (event) => { event.preventDefault(); root.toggleAttribute("data-over", kind === "dragover"); });
}
addEventListener("drop", (event) => take(event.dataTransfer.files[0]));
addEventListener("paste", (event) => take(event.clipboardData.files[0]));
addEventListener("pointerdown", (event) => { if (!event.target.closest("#faults")) $("faults").open = false; });
addEventListener("keydown", (event) => { if (event.key === "Escape") $("faults").open = false; });

all("pre", (pre) => { // each is scrolled by keys, too, and can be copied
  set(pre, { class: "scroll", tabindex: 0, role: "region" });
  const onclick = () => navigator.clipboard.writeText(pre.textContent).then(() => say(t("copied")));
  const copy = element("button", { type: "button", className: "plain copy", onclick });
  pre.previousElementSibling.append(set(copy, { "data-t": "copy" }));
});
pick("code");
translate();
info = await get("info");
faultForm();
heard(await get("calls"));
translate();
await snippet();
if (navigator.locks) navigator.locks.request("nhncloud-ocr-emulator-calls", listen);
else listen();
root.dataset.ready = "1";
