// Keep the parts marked data-live as fresh as the server has them: fetch the same page, swap what
// differs. Rests while the tab is hidden, waits longer after an error, and says that the page is old.

const own = document.querySelector('script[src*="opsconsole/refresh"]');
const seconds = Number(own.dataset.seconds);
const offline = Object.assign(document.createElement("p"), { className: "ops-offline", hidden: true });
let pause = seconds;

offline.setAttribute("role", "status");
document.querySelector(".ops-head").after(offline);

async function refresh() {
  const answer = await fetch(location.href, { headers: { "X-Requested-With": "refresh" } });
  if (answer.redirected || answer.status === 403) throw new Error("expired");
  if (!answer.ok) throw new Error(String(answer.status));
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
    if (!next || next.innerHTML === part.dataset.seen || part.contains(document.activeElement)) continue;
    part.dataset.seen = next.innerHTML;
    part.innerHTML = next.innerHTML;
    part.dispatchEvent(new Event("ops:changed", { bubbles: true }));
  }
}

async function loop() {
  if (!document.hidden) {
    try {
      await refresh();
      pause = seconds;
      offline.hidden = true;
    } catch (error) {
      offline.textContent = error.message === "expired" ? own.dataset.expired : own.dataset.broken;
      offline.hidden = false;
      pause = Math.min(pause * 2, 60);
    }
  }
  setTimeout(loop, pause * 1000);
}

setTimeout(loop, pause * 1000);
