// The flame graph that the server has drawn: widen a box to the whole width, search, walk by keys.
const graph = document.querySelector("[data-flame]");

if (graph) {
  const boxes = [...graph.querySelectorAll(".box")].map((element) => ({
    element,
    left: Number(element.dataset.x),
    width: Number(element.dataset.width),
    depth: Number(element.dataset.depth),
    name: element.getAttribute("aria-label"),
  }));
  const detail = document.querySelector("[data-flame-detail]");
  const reset = document.querySelector("[data-flame-reset]");
  const search = document.querySelector("[data-flame-search]");
  const whole = { left: 0, width: 100, depth: -1 };
  const SLACK = 0.002; // the server rounds to a thousandth
  let zoomed = whole;

  const holds = (outer, inner) =>
    inner.left >= outer.left - SLACK && inner.left + inner.width <= outer.left + outer.width + SLACK;

  function zoom(to) {
    zoomed = to;
    for (const box of boxes) {
      const above = box.depth < to.depth && holds(box, to);
      const within = box.depth >= to.depth && holds(to, box);
      box.element.setAttribute("display", above || within ? "inline" : "none");
      const left = above ? 0 : ((box.left - to.left) / to.width) * 100;
      const width = above ? 100 : (box.width / to.width) * 100;
      box.element.setAttribute("x", `${left}%`);
      box.element.setAttribute("width", `${width}%`);
    }
    reset.hidden = to === whole;
  }

  function tell(box) {
    detail.textContent = [box.name, box.element.dataset.place].filter(Boolean).join(" · ");
  }

  function focus(box) {
    if (!box) return;
    for (const one of boxes) one.element.setAttribute("tabindex", one === box ? "0" : "-1");
    box.element.focus();
  }

  const visible = (box) => box.element.getAttribute("display") !== "none";
  const parent = (box) => boxes.find((one) => one.depth === box.depth - 1 && holds(one, box));
  const child = (box) => boxes.find((one) => one.depth === box.depth + 1 && holds(box, one) && visible(one));

  function sibling(box, step) {
    const row = boxes.filter((one) => one.depth === box.depth && visible(one)).sort((a, b) => a.left - b.left);
    return row[row.indexOf(box) + step];
  }

  const keys = {
    ArrowUp: (box) => focus(parent(box)),
    ArrowDown: (box) => focus(child(box)),
    ArrowLeft: (box) => focus(sibling(box, -1)),
    ArrowRight: (box) => focus(sibling(box, 1)),
    Enter: (box) => zoom(box),
    " ": (box) => zoom(box),
    Escape: () => zoom(whole),
  };

  for (const box of boxes) {
    box.element.addEventListener("mouseenter", () => tell(box));
    box.element.addEventListener("focus", () => tell(box));
    box.element.addEventListener("click", () => (zoom(zoomed === box ? whole : box), focus(box)));
    box.element.addEventListener("keydown", (event) => {
      const act = keys[event.key];
      if (!act) return;
      event.preventDefault();
      act(box);
    });
  }

  reset.addEventListener("click", () => zoom(whole));
  search.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    graph.classList.toggle("searching", wanted !== "");
    for (const box of boxes) {
      box.element.classList.toggle("hit", wanted !== "" && box.name.toLowerCase().includes(wanted));
    }
  });
  for (const one of document.querySelectorAll(".flame [data-needs-script]")) {
    one.hidden = one === reset;
  }
}
