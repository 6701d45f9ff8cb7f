"use strict";
// Classes as a gallery or a sortable table, the clips that are not ok as a list that can be searched.
const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId("data").textContent);
const whole = new Intl.NumberFormat("en-US");
const style = (status) => "s-" + status.replaceAll(" ", "-");
const element = (tag, className, text) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};

// Light or dark: as the system has it, until the button says otherwise.
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const wanted = new URLSearchParams(location.search).get("theme");
root.dataset.theme = wanted || (dark.matches ? "dark" : "light");
dark.addEventListener("change", () => { root.dataset.theme = dark.matches ? "dark" : "light"; });
byId("theme").addEventListener("click", () => { root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark"; });

const [OK, MISSING, SHORT] = ["ok", "missing", "short"].map((status) => data.statuses.indexOf(status));
const classes = data.classes.map(([name, counts, sprites]) => {
  const clips = counts.reduce((sum, count) => sum + count, 0);
  const usable = counts[OK] + counts[SHORT];
  return { name, counts, sprites, clips, usable, missing: counts[MISSING], broken: clips - usable - counts[MISSING],
    retained: clips ? 100 * usable / clips : 100 };
});

// Sprites are decoded and played only while they can be seen.
const watcher = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting && !target.style.backgroundImage) {
      target.style.backgroundImage = `url(data:image/webp;base64,${target.sprite[1]})`;
    }
    target.classList.toggle("play", isIntersecting);
  }
}, { rootMargin: "150px" });

const shares = (each) => {
  const bar = element("div", "shares");
  data.statuses.forEach((status, number) => {
    if (!each.counts[number]) return;
    const part = element("i", style(status));
    part.style.flexGrow = each.counts[number];
    bar.append(part);
  });
  return bar;
};

const cards = new Map(classes.map((each) => {
  const card = element("article", "card");
  for (const sprite of each.sprites.length ? each.sprites : [null]) {
    const strip = element("span", "strip");
    if (sprite) {
      strip.sprite = sprite;
      strip.title = sprite[0];
      watcher.observe(strip);
    }
    card.append(strip);
  }
  const count = `${whole.format(each.usable)} of ${whole.format(each.clips)} clips`;
  card.append(element("p", "", each.name), element("small", "", count), shares(each));
  return [each, card];
}));

const columns = [
  ["class", "name"], ["clips", "clips"], ["usable", "usable"], ["missing", "missing"], ["broken", "broken"],
  ["retained", "retained"],
];
const rows = new Map(classes.map((each) => {
  const row = element("tr");
  for (const [, key] of columns) {
    const text = key === "name" ? each.name : key === "retained" ? each[key].toFixed(2) + " %" : whole.format(each[key]);
    row.append(element("td", key === "name" ? "" : "n", text));
  }
  return [each, row];
}));

const view = { key: "name", descending: false, words: "" };
const showClasses = () => {
  const words = view.words.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = classes.filter((each) => words.every((word) => each.name.toLowerCase().includes(word)));
  shown.sort((a, b) => {
    const order = view.key === "name" ? a.name.localeCompare(b.name) : a[view.key] - b[view.key];
    return (view.descending ? -order : order) || a.name.localeCompare(b.name);
  });
  byId("gallery").replaceChildren(...shown.map((each) => cards.get(each)));
  byId("class-table").querySelector("tbody").replaceChildren(...shown.map((each) => rows.get(each)));
  const all = shown.length === classes.length;
  byId("class-count").textContent = all ? `${classes.length} classes` : `${shown.length} of ${classes.length} classes`;
  for (const heading of byId("class-table").querySelectorAll("th")) {
    if (heading.dataset.key === view.key) heading.setAttribute("aria-sort", view.descending ? "descending" : "ascending");
    else heading.removeAttribute("aria-sort");
  }
};
for (const [title, key] of columns) {
  const heading = element("th", key === "name" ? "" : "n");
  heading.dataset.key = key;
  const button = element("button", "", title);
  button.type = "button";
  button.addEventListener("click", () => {
    view.descending = view.key === key ? !view.descending : key !== "name" && key !== "retained";
    view.key = key;
    showClasses();
  });
  heading.append(button);
  byId("class-table").querySelector("thead tr").append(heading);
}
byId("search").addEventListener("input", (event) => { view.words = event.target.value; showClasses(); });
const showAs = (table) => {
  byId("gallery").hidden = table;
  byId("class-table").hidden = !table;
  byId("as-table").setAttribute("aria-pressed", table);
  byId("as-gallery").setAttribute("aria-pressed", !table);
};
byId("as-table").addEventListener("click", () => showAs(true));
byId("as-gallery").addEventListener("click", () => showAs(false));
showAs(!classes.some((each) => each.sprites.length));
showClasses();

// The list of faults, a page at a time.
const faults = data.faults;
const PAGE = 200;
const list = { words: [], status: -1, found: [], shown: 0 };
const textOf = (i) => `${faults.names[i]} ${faults.labels[i] || ""} ${faults.splits[i] || ""} ${faults.reasons[faults.reason[i]]}`.toLowerCase();
const faultRow = (i) => {
  const row = element("tr");
  const status = data.statuses[faults.status[i]];
  const cell = element("td", "status");
  cell.append(element("i", "dot " + style(status)), status);
  row.append(element("td", "path", faults.names[i]), element("td", "", faults.labels[i] || ""),
    element("td", "", faults.splits[i] || ""), cell, element("td", "", faults.reasons[faults.reason[i]]));
  return row;
};
const showMore = () => {
  const next = list.found.slice(list.shown, list.shown + PAGE);
  byId("fault-rows").append(...next.map(faultRow));
  list.shown += next.length;
  byId("fault-more").hidden = list.shown >= list.found.length;
};
const findFaults = () => {
  list.found = [];
  for (let i = 0; i < faults.names.length; i += 1) {
    if (list.status >= 0 && faults.status[i] !== list.status) continue;
    if (list.words.length) {
      const text = textOf(i);
      if (!list.words.every((word) => text.includes(word))) continue;
    }
    list.found.push(i);
  }
  list.shown = 0;
  byId("fault-rows").replaceChildren();
  const cut = faults.count > faults.names.length ? `; the first ${whole.format(faults.names.length)} are listed` : "";
  byId("fault-count").textContent = `${whole.format(list.found.length)} of ${whole.format(faults.count)} clips${cut}`;
  showMore();
};
const choice = byId("fault-status");
choice.append(new Option("every status", -1));
data.statuses.forEach((status, number) => {
  if (faults.status.includes(number)) choice.append(new Option(status, number));
});
choice.addEventListener("change", () => { list.status = Number(choice.value); findFaults(); });
byId("fault-search").addEventListener("input", (event) => {
  list.words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  findFaults();
});
byId("fault-more").addEventListener("click", showMore);
byId("faults").hidden = !faults.count;
findFaults();
