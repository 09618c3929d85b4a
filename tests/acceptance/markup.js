// By hand what an accessibility checker looks for: names, labels, headings, captions, scopes, alternatives, unique ids.
() => {
  const faults = [];
  const shown = (element) => element.outerHTML.slice(0, 90);
  const labelled = (element) =>
    (element.getAttribute("aria-labelledby") || "").split(" ").filter(Boolean).map((id) => document.getElementById(id)?.textContent || "").join("");
  const name = (element) => (element.getAttribute("aria-label") || labelled(element) || element.textContent || "").trim();
  const each = (selector, check) => document.querySelectorAll(selector).forEach((element) => {
    const fault = check(element);
    if (fault) faults.push(`${fault}: ${shown(element)}`);
  });
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  ids.filter((id, place) => ids.indexOf(id) !== place).forEach((id) => faults.push(`id twice: ${id}`));
  each("a, button, summary", (e) => !name(e) && "no name");
  each("input:not([type=hidden]), select, textarea", (e) => !e.labels?.length && !e.getAttribute("aria-label") && "no label");
  each("table", (e) => !e.caption && "no caption");
  each("th", (e) => !e.scope && "no scope");
  each("svg[role=img]", (e) => !e.querySelector("title") && "no title");
  each("svg:not([role=img])", (e) => !e.getAttribute("aria-hidden") && "neither image nor hidden");
  each("section, [role=group]", (e) => !e.getAttribute("aria-label") && !labelled(e).trim() && "region without a name");
  each("[aria-labelledby]", (e) => e.getAttribute("aria-labelledby").split(" ").some((id) => !document.getElementById(id)) && "labelled by nothing");
  each("[style], script:not([src])", () => "inline");
  each('a[href^="#"]', (e) => !document.getElementById(e.hash.slice(1)) && "leads nowhere");
  let last = 0;
  document.querySelectorAll("main h1, main h2, main h3, main h4").forEach((heading) => {
    const level = Number(heading.tagName[1]);
    if (level > last + 1) faults.push(`heading skips a level: ${heading.textContent.trim().slice(0, 60)}`);
    last = level;
  });
  if (!document.documentElement.lang) faults.push("no language");
  if (!document.title.trim()) faults.push("no title");
  return faults;
}
