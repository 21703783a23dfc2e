// The sentence «Hoy: …» of a policy's form, kept in step with what is typed. Without this file it
// tells of the policy as it was saved.

const WAIT = 400;

function begin(holder) {
  const form = holder.closest("form");
  if (!form) return;
  let timer = null;
  let asked = 0;

  async function ask() {
    const number = ++asked;
    const values = new URLSearchParams(new FormData(form));
    values.delete("csrfmiddlewaretoken");
    try {
      const response = await fetch(`${holder.dataset.preview}?${values}`, { headers: { Accept: "application/json" } });
      if (!response.ok) return;
      const { text } = await response.json();
      if (number === asked) holder.textContent = text; // an older answer may come later
    } catch {
      // Offline: the sentence stays as it was.
    }
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  }

  form.addEventListener("input", later);
  form.addEventListener("change", later);
}

document.addEventListener("DOMContentLoaded", () => {
  for (const holder of document.querySelectorAll("[data-preview]")) begin(holder);
});
