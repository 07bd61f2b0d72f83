"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const root = document.documentElement;
  const search = document.getElementById("search");
  const matches = document.getElementById("matches");
  const groups = all("details.group");
  const findings = all("details.finding");
  const chosen = { standing: "", level: "" };

  for (const control of all(".tools, .filters, .copy")) control.hidden = false;

  // Without a script everything is open; with one, only what needs attention is.
  const fold = () => {
    for (const group of groups) group.open = "attention" in group.dataset;
    findings.forEach((finding, number) => { finding.open = number === 0; });
  };
  fold();

  // Looking for something

  const sections = all("main > section").map((section) => ({
    section,
    items: all(".item", section).map((element) => ({ element, text: null })),
    boxes: all(".group", section),
    count: section.querySelector(".count"),
    nothing: section.querySelector(".nothing"),
    name: section.querySelector("h2").firstChild.textContent.trim().toLowerCase(),
  }));

  const holds = (item, words) => {
    item.text ??= `${item.element.textContent} ${item.element.closest(".group")?.querySelector("h3, .tag")?.textContent ?? ""}`.toLowerCase();
    return words.every((word) => item.text.includes(word));
  };
  const isChosen = ({ element }) =>
    (!chosen.standing || element.dataset.standing === chosen.standing) &&
    (!chosen.level || element.dataset.level === chosen.level);

  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const told = [];
    for (const { section, items, boxes, count, nothing, name } of sections) {
      const isFiltered = section.id === "clauses" && (chosen.standing || chosen.level);
      let shown = 0;
      for (const item of items) {
        const visible = (!isFiltered || isChosen(item)) && holds(item, words);
        item.element.hidden = !visible;
        shown += visible;
      }
      for (const box of boxes) {
        box.hidden = !box.querySelector(".item:not([hidden])");
        if ((words.length || isFiltered) && !box.hidden && "open" in box) box.open = true;
      }
      const isNarrowed = words.length || isFiltered;
      count.textContent = isNarrowed ? `${shown} of ${items.length}` : items.length;
      if (nothing) nothing.hidden = !items.length || shown > 0;
      if (shown) told.push(`${shown} ${name}`);
    }
    if (!words.length && !chosen.standing && !chosen.level) fold();
    matches.textContent = words.length ? `Matches: ${told.join(", ") || "none"}` : "";
  };

  search.addEventListener("input", apply);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input") && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      search.focus();
    }
    if (event.key === "Escape" && event.target === search && search.value) {
      search.value = "";
      apply();
    }
  });

  for (const kind of ["standing", "level"]) {
    const buttons = all(`.filters [data-${kind}]`);
    for (const button of buttons) {
      button.addEventListener("click", () => {
        chosen[kind] = button.dataset[kind];
        for (const one of buttons) one.setAttribute("aria-pressed", String(one === button));
        apply();
      });
    }
  }

  const unfold = document.getElementById("unfold");
  unfold.addEventListener("click", () => {
    const open = unfold.getAttribute("aria-pressed") !== "true";
    for (const group of all("#clauses details.group")) group.open = open;
    unfold.setAttribute("aria-pressed", String(open));
  });

  // A link to something inside a closed box opens the box, and one to something left out brings it back.

  const showAll = () => {
    search.value = "";
    for (const button of all('.filters [data-standing=""], .filters [data-level=""]')) button.click();
  };
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]")) showAll();
    for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();

  // Light and dark

  const theme = document.getElementById("theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const showTheme = () => theme.setAttribute("aria-pressed", String(isDark()));
  // Where a browser keeps nothing for files, the choice lasts as long as the page.
  const keep = (work) => { try { return work(localStorage); } catch { return null; } };
  const kept = keep((store) => store.getItem("factify-contract-theme"));
  if (kept === "dark" || kept === "light") root.dataset.theme = kept;
  showTheme();
  system.addEventListener("change", showTheme);
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    keep((store) => store.setItem("factify-contract-theme", root.dataset.theme));
    showTheme();
  });

  // Commands to the clipboard

  for (const button of all(".copy")) {
    const code = button.parentElement.querySelector("code");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(code.textContent.trim());
        button.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(code);
        button.textContent = "Selected";
      }
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
  }

  // On paper nothing can be opened.

  let before = [];
  addEventListener("beforeprint", () => {
    before = all("details:not([open])");
    for (const box of before) box.open = true;
  });
  addEventListener("afterprint", () => {
    for (const box of before) box.open = false;
  });
})();
