// The bell, live: ask every few seconds how many messages are unread; the browser sends the ETag, and
// nothing travels while nothing changed. Rests while the tab is hidden, waits longer after an error.
// A message that is shown is marked as read by a POST, as its button would do.

const SECONDS = 10, LONGEST = 120, SHOWN_MS = 800;
const bell = document.querySelector("[data-bell]");
let pause = SECONDS, timer;

function show(news) {
  const words = bell.querySelector("[data-bell-words]");
  if (words.textContent === news.words) return;
  words.textContent = bell.title = news.words;
  bell.querySelector("[data-bell-number]").textContent = news.number;
  document.querySelector("[data-bell-news]").textContent = news.words;
}

async function ask() {
  const answer = await fetch(bell.dataset.bell);
  if (answer.redirected || answer.status === 403) return false; // logged out: nothing more to ask
  if (!answer.ok) throw new Error(String(answer.status));
  show(await answer.json());
  return true;
}

async function loop() {
  clearTimeout(timer);
  let more = true;
  if (!document.hidden) {
    try {
      more = await ask();
      pause = SECONDS;
    } catch {
      pause = Math.min(pause * 2, LONGEST);
    }
  }
  clearTimeout(timer);
  if (more) timer = setTimeout(loop, pause * 1000);
}

async function markRead(form) {
  const headers = { "X-Requested-With": "fetch" };
  const answer = await fetch(form.action, { method: "POST", headers, body: new FormData(form) });
  if (!answer.ok || answer.redirected) return; // the button is still there
  form.hidden = true;
  document.querySelector("[data-unread]").hidden = false;
  const words = document.querySelector("[data-read-words]");
  words.textContent = words.dataset.after;
  if (bell) loop();
}

function markWhenShown() {
  const form = document.querySelector("[data-read-when-shown]");
  if (form && !form.hidden && !document.hidden) markRead(form).catch(() => {});
}

setTimeout(markWhenShown, SHOWN_MS);
document.addEventListener("visibilitychange", markWhenShown);
if (bell) {
  timer = setTimeout(loop, pause * 1000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) loop(); });
}
