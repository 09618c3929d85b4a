// Charts read out what is pointed at, and an open page follows the ledger. Without this script the page is whole.
(() => {
  "use strict";

  // -- reading out: the pointer, or the arrow keys on a chart that has the focus --------------------------------------------
  const out = (box) => box.nextElementSibling;
  const marks = (box) => [...box.querySelectorAll("[data-say]")];
  const show = (box, mark) => {
    for (const other of box.querySelectorAll(".at")) other.classList.remove("at");
    mark.classList.add("at");
    out(box).textContent = mark.dataset.say;
  };
  const leave = (box) => {
    for (const other of box.querySelectorAll(".at")) other.classList.remove("at");
  };
  const boxOf = (event) => event.target.closest && event.target.closest(".reads");

  document.addEventListener("pointerover", (event) => {
    const box = boxOf(event);
    const mark = box && event.target.closest("[data-say]");
    if (mark) show(box, mark);
  });
  document.addEventListener("focusin", (event) => {
    const box = boxOf(event);
    if (box && event.target === box && !out(box).textContent) out(box).textContent = box.dataset.hint;
  });
  document.addEventListener("focusout", (event) => {
    const box = boxOf(event);
    if (box) leave(box);
  });
  document.addEventListener("keydown", (event) => {
    const box = boxOf(event);
    if (!box || event.target !== box) return;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const all = marks(box);
    if (!all.length) return;
    event.preventDefault();
    const at = all.findIndex((mark) => mark.classList.contains("at"));
    const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length;
    show(box, all[next]);
  });

  // -- following: when events come in, the figures are asked for again ------------------------------------------------------
  const stand = document.getElementById("stand");
  if (!stand || !stand.dataset.follow || !window.EventSource || !window.fetch) return;
  const [pause, goOn, moving, paused, away] = stand.dataset.follow.split("|");
  const number = new Intl.NumberFormat(document.documentElement.lang === "en" ? "en-GB" : "nl-BE");
  const state = document.getElementById("volgt");
  let shown = Number(stand.dataset.position);
  let head = shown;
  let still = false;
  let asking = false;

  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.id = "pauze";
  button.textContent = pause;
  document.getElementById("ververs").replaceWith(button);

  const behind = () => {
    const place = document.getElementById("achter");
    const left = head - shown;
    place.textContent = left <= 0 ? place.dataset.none : left === 1 ? place.dataset.one : place.dataset.some.replace("#", number.format(left));
  };

  const renew = async () => {
    if (asking || still) return;
    asking = true;
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" }, credentials: "same-origin" });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = fresh.getElementById("stand");
      const figures = fresh.getElementById("cijfers");
      if (!now || !figures || still) return;
      const old = document.getElementById("cijfers");
      const open = [...old.querySelectorAll("details[open][id]")].map((one) => one.id);
      const active = document.activeElement && old.contains(document.activeElement) ? document.activeElement : null;
      const anchored = active && active.closest("[id]") ? active.closest("[id]").id : "";
      const within = active && anchored ? [...old.querySelectorAll(`#${anchored} a, #${anchored} summary, #${anchored} [tabindex]`)].indexOf(active) : -1;
      for (const id of open) {
        const again = figures.querySelector(`#${CSS.escape(id)}`);
        if (again) again.open = true;
      }
      old.replaceWith(document.importNode(figures, true));
      if (within >= 0) {
        const again = document.querySelectorAll(`#${anchored} a, #${anchored} summary, #${anchored} [tabindex]`)[within];
        if (again) again.focus({ preventScroll: true });
      }
      stand.querySelector("strong").textContent = now.querySelector("strong").textContent;
      shown = Number(now.dataset.position);
      stand.dataset.position = shown;
      head = Math.max(head, shown);
      behind();
      // The views follow the ledger at some distance: ask again until the figures are there.
      if (head > shown) window.setTimeout(renew, 800);
    } catch (error) {
      state.textContent = away;
    } finally {
      asking = false;
    }
  };

  button.addEventListener("click", () => {
    still = !still;
    button.textContent = still ? goOn : pause;
    state.textContent = still ? paused : moving;
    if (!still && head > shown) renew();
  });

  const source = new EventSource("/api/status/stream");
  source.addEventListener("open", () => { state.textContent = still ? paused : moving; });
  source.addEventListener("error", () => { state.textContent = away; });
  source.addEventListener("status", (event) => {
    head = Math.max(head, JSON.parse(event.data).position);
    behind();
    if (head > shown) renew();
  });
})();
