/* Suggestions under a search box: a combobox with a list, after the ARIA pattern "editable combobox
   with list autocomplete". A box that has `data-suggest` names the address that knows them; with
   `data-suggest-kind` a choice fills the box, else it leads to what was chosen. Without this file
   the box is a plain one. */
"use strict";

(() => {
  const PAUSE = 150; // milliseconds without a key before the server is asked
  let open = null; // { box, list, items, active, told }
  let timer = 0;
  let request = null;

  const isBox = (element) => element instanceof HTMLInputElement && "suggest" in element.dataset;

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  const prepare = (box) => {
    if (box.getAttribute("role") === "combobox") return;
    const list = make("ul", { role: "listbox", id: `${box.id}-suggestions`, class: "suggestions", hidden: "" });
    list.setAttribute("aria-label", box.labels[0]?.textContent ?? "");
    const told = make("span", { role: "status", class: "hidden" });
    for (const [name, value] of Object.entries({
      role: "combobox", autocomplete: "off", "aria-autocomplete": "list",
      "aria-expanded": "false", "aria-controls": list.id,
    })) box.setAttribute(name, value);
    // The box keeps its neighbours: its frame takes its place among them.
    const frame = make("span", { class: "suggest" });
    const focused = document.activeElement === box;
    box.replaceWith(frame);
    frame.append(box, list, told);
    if (focused) box.focus({ preventScroll: true });
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays
    list.addEventListener("click", ({ target }) => {
      const option = target.closest("[role=option]");
      if (option && open) choose(open.items[[...list.children].indexOf(option)]);
    });
  };

  const close = () => {
    clearTimeout(timer);
    request?.abort();
    if (!open) return;
    const { box, list, told } = open;
    list.hidden = true;
    list.replaceChildren();
    told.textContent = "";
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
    open = null;
  };

  const ask = async (box) => {
    const typed = box.value.trim();
    if (!typed) return close();
    const address = new URL(box.dataset.suggest, window.location.href);
    address.searchParams.set("q", typed.slice(0, 100));
    if (box.dataset.suggestKind) address.searchParams.set("kind", box.dataset.suggestKind);
    request?.abort();
    request = new AbortController();
    try {
      const response = await fetch(address, { signal: request.signal });
      if (response.ok) offer(box, await response.json());
    } catch (error) {
      if (error.name !== "AbortError") close(); // no suggestion is no loss
    }
  };

  const offer = (box, { suggestions, said }) => {
    if (document.activeElement !== box) return;
    const list = document.getElementById(`${box.id}-suggestions`);
    const told = list.nextElementSibling;
    list.replaceChildren(...suggestions.map((item, place) => option(list, item, place)));
    list.hidden = suggestions.length === 0;
    box.setAttribute("aria-expanded", String(suggestions.length > 0));
    box.removeAttribute("aria-activedescendant");
    told.textContent = said;
    open = { box, list, told, items: suggestions, active: -1 };
  };

  const option = (list, item, place) => {
    const name = make("span", { class: "suggestions__name" }, item.name);
    const what = item.count === null ? `${item.label} ${item.value}` : `${item.label} · ${item.count}`;
    return make(
      "li",
      { role: "option", id: `${list.id}-${place}`, "aria-selected": "false" },
      name, " ", make("span", { class: "suggestions__kind" }, what),
    );
  };

  const move = (step) => {
    const { box, list, items } = open;
    // One place more than there are options: on it, the reader is back in what was typed.
    const places = items.length + 1;
    open.active = ((open.active + 1 + step + places) % places) - 1;
    [...list.children].forEach((one, place) =>
      one.setAttribute("aria-selected", String(place === open.active)));
    const active = list.children[open.active];
    if (!active) return box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-activedescendant", active.id);
    active.scrollIntoView({ block: "nearest" });
  };

  const choose = (item) => {
    const { box } = open;
    close();
    if (box.dataset.suggestKind) {
      box.value = item.value;
      box.form.requestSubmit();
      return;
    }
    window.location.assign(item.count === null ? item.url : added(box, item));
  };

  /* The question that stands in the address, with the choice in the place of the typed words. */
  const added = (box, item) => {
    const here = new URL(window.location.href);
    if (new URL(box.form.action).pathname !== here.pathname) return item.url;
    for (const gone of ["q", "page", "view"]) here.searchParams.delete(gone);
    if (here.searchParams.get("ordering") === "relevance") here.searchParams.delete("ordering");
    if (!here.searchParams.getAll(item.kind).includes(item.value)) here.searchParams.append(item.kind, item.value);
    return here;
  };

  document.addEventListener("focusin", ({ target }) => {
    if (isBox(target)) prepare(target);
  });
  document.addEventListener("focusout", ({ target }) => {
    if (open?.box === target) close();
  });
  document.addEventListener("input", (event) => {
    if (!isBox(event.target) || event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE, event.target);
  });
  // Chinese is typed in letters first; only what they became is looked for.
  document.addEventListener("compositionend", ({ target }) => {
    if (isBox(target)) ask(target);
  });
  document.addEventListener("keydown", (event) => {
    if (!isBox(event.target) || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (!open) {
      if (event.key === "ArrowDown") { event.preventDefault(); ask(event.target); }
      return;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && open.active >= 0) {
      event.preventDefault();
      choose(open.items[open.active]);
    } else if (event.key === "Escape" && !open.list.hidden) {
      event.preventDefault(); // once to close the list; a second time empties the box
      close();
    } else if (event.key === "Enter" || event.key === "Tab") {
      close();
    }
  });
})();
