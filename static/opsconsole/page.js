// What every page has: copy buttons, the key that focuses the search, forms that are sent once,
// dialogs that open from a link. Without this file each of them is a plain link or form.

async function copy(text, button) {
  await navigator.clipboard.writeText(text);
  const label = button.textContent;
  button.textContent = button.dataset.done;
  setTimeout(() => { button.textContent = label; }, 1500);
}

function showCopyButtons(root) {
  if (!navigator.clipboard) return; // only over https or on this machine
  for (const button of root.querySelectorAll("[data-copy], [data-copy-link]")) button.hidden = false;
}

function onClick(event) {
  const button = event.target.closest("[data-copy]");
  if (button) return copy(button.parentElement.querySelector("[data-command]").textContent, button);
  const link = event.target.closest("[data-copy-link]");
  if (link) return copy(location.href.split(/[?#]/)[0], link);
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (dialog && dialog.showModal) {
    event.preventDefault();
    dialog.showModal();
  }
}

function onSubmit(event) {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
}

function onKey(event) {
  const search = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!search || event.target.matches("input, textarea, select")) return;
  event.preventDefault();
  search.focus();
}

// Coming back by the browser's button finds the form as it was left: let it be sent again.
function onShow() {
  for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
}

document.addEventListener("click", onClick);
document.addEventListener("submit", onSubmit);
document.addEventListener("keydown", onKey);
window.addEventListener("pageshow", onShow);
document.addEventListener("ops:changed", (event) => showCopyButtons(event.target));
showCopyButtons(document);
