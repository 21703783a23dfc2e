// The run page, live: once a second ask for new lines and for the parts that changed; slower in a
// hidden tab or after errors; stop at the end.

const page = document.getElementById("run");
const lines = page.querySelector("[data-lines]");
const follow = page.querySelector("[data-follow]");
const level = page.querySelector("[data-level]");
const text = page.querySelector("[data-text]");
const earlier = page.querySelector("[data-earlier]");
const offline = page.querySelector("[data-offline]");
const nothing = page.querySelector("[data-no-lines]");
const download = page.querySelector("[data-download]");

const KEPT = 5000; // lines in the page; older ones are a click away
const HIDDEN = 10_000, ACTIVE = 1_000, LONGEST = 30_000;

let status = page.dataset.status;
let active = page.dataset.active === "1";
let first = Number(lines.dataset.first), last = Number(lines.dataset.last);
let pause = ACTIVE, timer, asking = 0, busy = false;

function query(more) {
  const params = new URLSearchParams({ status, ...more });
  if (level.value) params.set("level", level.value);
  if (text.value) params.set("text", text.value);
  return params;
}

async function ask(more) {
  const answer = await fetch(`${page.dataset.liveUrl}?${query(more)}`);
  const json = (answer.headers.get("content-type") || "").includes("json");
  if (answer.redirected || (answer.ok && !json) || answer.status === 403) throw new Error("expired");
  if (!answer.ok) throw new Error("broken");
  return answer.json();
}

// The log

function line([seq, time, name, message]) {
  const row = document.createElement("div");
  row.dataset.seq = seq;
  const clock = Object.assign(document.createElement("span"), { className: "t", textContent: time });
  const tag = Object.assign(document.createElement("span"), { className: `l ${name}`, textContent: `[${name}]` });
  row.append(clock, " ", tag, " ", message);
  return row;
}

function append(rows) {
  if (!rows.length) return;
  lines.append(...rows.map(line));
  if (follow.checked) {
    while (lines.childElementCount > KEPT) lines.firstElementChild.remove();
    first = Number(lines.firstElementChild.dataset.seq);
    earlier.hidden = first <= 1;
    lines.scrollTop = lines.scrollHeight;
  }
}

function prepend(rows) {
  const before = lines.scrollHeight;
  lines.prepend(...rows.map(line));
  lines.scrollTop += lines.scrollHeight - before;
}

function atEnd() {
  return lines.scrollHeight - lines.scrollTop - lines.clientHeight < 24;
}

async function showEarlier(event) {
  event.preventDefault();
  follow.checked = false;
  const news = await ask({ before: first });
  prepend(news.lines);
  first = news.first || first;
  earlier.hidden = !news.earlier;
}

async function search() {
  const mine = ++asking;
  const news = await ask({});
  if (mine !== asking) return; // another search began meanwhile
  lines.replaceChildren(...news.lines.map(line));
  first = news.first;
  last = news.last;
  earlier.hidden = !news.earlier;
  nothing.hidden = news.lines.length > 0;
  lines.scrollTop = lines.scrollHeight;
  const params = query({});
  params.delete("status");
  download.href = `${download.href.split("?")[0]}${params.size ? `?${params}` : ""}`;
}

// The rest of the page

function swap(parts) {
  for (const [name, html] of Object.entries(parts)) {
    const part = page.querySelector(`[data-part="${name}"]`);
    if (part.dataset.seen === html) continue;
    part.dataset.seen = html;
    part.innerHTML = html;
    part.dispatchEvent(new Event("ops:changed", { bubbles: true }));
  }
}

async function tick() {
  if (busy) return; // the one under way plans the next
  busy = true;
  const mine = asking;
  let more = false;
  try {
    const news = await ask({ after: last });
    if (mine === asking) {
      append(news.lines);
      last = news.last || last;
      more = news.later;
      if (news.lines.length) nothing.hidden = true;
    }
    swap(news.parts);
    ({ status, active } = news);
    if (!active && !level.value && !text.value) nothing.textContent = nothing.dataset.ended;
    offline.hidden = true;
    pause = ACTIVE;
  } catch (error) {
    offline.textContent = error.message === "expired" ? page.dataset.expired : page.dataset.broken;
    offline.hidden = false;
    pause = Math.min(pause * 2, LONGEST);
  }
  busy = false;
  plan(more);
}

function plan(more = false) {
  clearTimeout(timer);
  if (!active && !more) return;
  timer = setTimeout(tick, more ? 0 : document.hidden ? Math.max(pause, HIDDEN) : pause);
}

let typing;
for (const hidden of page.querySelectorAll("[data-needs-script]")) hidden.hidden = false;
for (const plain of page.querySelectorAll("[data-without-script]")) plain.hidden = true;
lines.addEventListener("scroll", () => { if (active) follow.checked = atEnd(); });
follow.addEventListener("change", () => { if (follow.checked) lines.scrollTop = lines.scrollHeight; });
earlier.addEventListener("click", showEarlier);
level.addEventListener("change", search);
text.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(search, 250); });
text.form.addEventListener("submit", (event) => { event.preventDefault(); search(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden && active) tick(); });
lines.scrollTop = lines.scrollHeight;
plan(lines.dataset.later === "1" && active);
