// The next five times of a programme, as it is being filled in. Without this they come on saving.
"use strict";

(() => {
  const FIELDS = ["schedule_type", "cron", "minutes", "next_run_0", "next_run_1", "zone"];
  const PAUSE_MS = 300;

  function start() {
    const place = document.querySelector(".field-coming .readonly");
    const form = document.querySelector("#schedule_form");
    if (!place || !form || !form.elements.schedule_type) return;
    const address = location.pathname.replace(/(add|[^/]+\/change)\/$/, "proximas/");
    let asked = 0;
    let waiting;

    async function ask() {
      const mine = ++asked;
      const said = new URLSearchParams(FIELDS.map((name) => [name, form.elements[name].value]));
      const answer = await fetch(`${address}?${said}`).catch(() => null);
      // A later question has made this one old.
      if (!answer || !answer.ok || mine !== asked) return;
      const { times, problems } = await answer.json();
      show(times || problems);
    }

    function show(lines) {
      place.replaceChildren(...lines.map((line) => {
        const row = document.createElement("div");
        row.textContent = line;
        return row;
      }));
    }

    function soon(event) {
      if (!FIELDS.includes(event.target.name)) return;
      clearTimeout(waiting);
      waiting = setTimeout(ask, PAUSE_MS);
    }

    place.setAttribute("aria-live", "polite");
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    if (form.elements.cron.value) ask();
  }

  document.addEventListener("DOMContentLoaded", start);
})();
