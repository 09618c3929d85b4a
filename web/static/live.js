// What comes in, as it comes in. Without this script the page is whole; it only has to be refreshed by hand.
(() => {
  "use strict";
  const table = document.getElementById("live");
  if (!table || !window.EventSource) return;
  const body = table.tBodies[0];
  const labels = JSON.parse(table.dataset.labels);
  const lang = table.dataset.lang === "en" ? "en-GB" : "nl-BE";
  const number = new Intl.NumberFormat(lang);
  const zone = { timeZone: "Europe/Brussels" };
  const day = new Intl.DateTimeFormat(lang, { day: "numeric", month: "short", year: "numeric", ...zone });
  const time = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", ...zone });
  const state = document.getElementById("live-state");
  const refresh = document.getElementById("live-refresh");
  const most = Math.max(body.rows.length, 12);
  let paused = false;
  let last = Number((body.rows[0] && body.rows[0].cells[0].textContent || "0").replace(/\D/g, ""));

  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = table.dataset.pause;
  button.addEventListener("click", () => {
    paused = !paused;
    button.textContent = paused ? table.dataset.go : table.dataset.pause;
    state.textContent = paused ? table.dataset.paused : table.dataset.moving;
  });
  refresh.replaceWith(button);

  const cell = (row, content, name) => {
    const made = row.insertCell();
    if (name) made.className = name;
    const head = table.tHead.rows[0].cells[made.cellIndex];
    if (made.cellIndex > 2) made.dataset.label = head.textContent;
    made.append(content);
  };
  const written = (moment) => day.format(moment).replace(/\./g, "");

  const show = (heading) => {
    if (heading.position <= last) return;
    last = heading.position;
    const row = body.insertRow(0);
    row.className = "fresh";
    cell(row, number.format(heading.position), "num");
    const label = labels.types[heading.type] || heading.type;
    if (heading.stream.startsWith("persoon/")) {
      const link = document.createElement("a");
      link.href = `/trajecten/${heading.stream.slice(8)}#p${heading.position}`;
      link.textContent = label;
      cell(row, link);
    } else {
      cell(row, label);
    }
    cell(row, labels.roles[heading.role] || heading.role);
    cell(row, written(new Date(heading.time)));
    const admitted = new Date(heading.admitted_at);
    cell(row, `${written(admitted)} ${time.format(admitted)}`);
    while (body.rows.length > most) body.deleteRow(-1);
  };

  const source = new EventSource("/api/status/stream");
  source.addEventListener("open", () => { state.textContent = paused ? table.dataset.paused : table.dataset.moving; });
  source.addEventListener("error", () => { state.textContent = table.dataset.away; });
  source.addEventListener("status", (event) => {
    if (paused) return;
    const told = JSON.parse(event.data);
    for (const name of ["position", "duplicate", "open_refusals"]) {
      for (const place of document.querySelectorAll(`[data-live="${name}"]`)) place.textContent = number.format(told[name]);
    }
    const behind = document.getElementById("live-behind");
    if (behind) {
      const said = behind.dataset;
      behind.textContent = !told.behind ? said.none : told.behind === 1 ? said.one : said.some.replace("#", number.format(told.behind));
    }
    for (const heading of told.recent.slice().reverse()) show(heading);
  });
})();
