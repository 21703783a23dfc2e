// The command line beside an operation's form, kept in step with it. The server writes the first
// one; each field says its option and its default.

const holder = document.querySelector("[data-command-of]");
const form = document.querySelector(".ops-form");

// As a POSIX shell needs it.
function quote(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}

function words(field, _place, fields) {
  const { option, default: initial, secret } = field.dataset;
  const boxes = fields.filter((one) => one.name === field.name);
  if (boxes.length > 1) { // one parameter in several boxes: the first speaks for all
    const chosen = boxes.filter((one) => one.checked).map((one) => quote(one.value));
    return field === boxes[0] && chosen.length ? [option, ...chosen] : [];
  }
  if (field.type === "checkbox") return field.checked ? [option] : [];
  if (field.multiple) {
    const chosen = [...field.selectedOptions].map((one) => quote(one.value));
    return chosen.length ? [option, ...chosen] : [];
  }
  const value = field.value.trim();
  if (!value || value === initial) return [];
  return [option, secret ? "••••" : quote(value)];
}

function update() {
  const fields = [...form.querySelectorAll("[data-option]")];
  const line = [holder.dataset.commandOf, ...fields.flatMap(words)].join(" ");
  holder.querySelector("[data-command]").textContent = line;
}

// What a selection filled in travels hidden and is in the server's line only.
if (holder && form && !form.querySelector('[name="_seleccion"]')) {
  form.addEventListener("input", update);
  form.addEventListener("change", update);
  update(); // the browser may have restored what was typed before
}
