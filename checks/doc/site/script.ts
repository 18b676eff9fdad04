/**
 * The script of every page: searches the entries that the page carries. `/` goes to the search, the arrow keys to what was
 * found, Escape back. Without it the page can be read all the same, and there is no search to be seen.
 */
export const SCRIPT = `
(() => {
  const entries = JSON.parse(document.getElementById("search-entries").textContent);
  const form = document.getElementById("search");
  const input = form.querySelector("input");
  const found = document.getElementById("found");
  const told = document.getElementById("told");
  form.hidden = false;
  const texts = entries.map(([title, , about]) => (title + " " + about).toLowerCase());
  // What is called so first, then what is called so in other words, then what says so.
  const rank = (title, query, words) =>
    title === query ? 0 : title.includes(query) ? 1 : words.every((word) => title.includes(word)) ? 2 : 3;
  const show = () => {
    const query = input.value.trim().toLowerCase();
    const words = query.split(/\\s+/).filter(Boolean);
    const hits = words.length === 0 ? [] : entries.filter((_, at) => words.every((word) => texts[at].includes(word)));
    const best = hits.map((entry) => [rank(entry[0].toLowerCase(), query, words), entry]);
    best.sort(([a], [b]) => a - b);
    best.splice(12);
    found.replaceChildren(...best.map(([, [title, href, about]]) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      const text = document.createElement("span");
      link.href = href;
      link.textContent = title;
      text.textContent = about;
      item.append(link, text);
      return item;
    }));
    found.hidden = best.length === 0;
    told.textContent = words.length === 0 ? "" : hits.length === 0 ? "Nothing found" : hits.length + " found";
  };
  input.addEventListener("input", show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const link = found.querySelector("a");
    if (link) link.click();
  });
  const clear = () => {
    input.value = "";
    show();
  };
  found.addEventListener("click", (event) => {
    if (event.target.closest("a")) clear();
  });
  document.addEventListener("keydown", (event) => {
    const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
    if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      input.focus();
      return;
    }
    if (!form.contains(event.target)) return;
    if (event.key === "Escape") {
      clear();
      input.focus();
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const places = [input, ...found.querySelectorAll("a")];
    const next = places[places.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
})();
`;
