/* The list of trials answers each click in place. Without this file the form's buttons do it. */
"use strict";

(() => {
  if (!window.htmx) return;
  document.documentElement.classList.add("live");

  const answer = () => document.getElementById("answer");
  const found = () => document.getElementById("found");
  const filters = () => document.getElementById("filters");
  const fold = () => document.getElementById("filters-fold");
  let before = null; // how the filters stood when their answer came
  let sent = new Map(); // what stood in the fields when it was asked for
  let done = false; // the reader has chosen, and wants to see the trials

  // An address says what was asked, and neither empty fields nor what goes without saying.
  document.addEventListener("formdata", ({ target, formData }) => {
    if (target.id !== "filters") return;
    for (const name of new Set(formData.keys())) {
      const usual = target.elements.namedItem(name)?.dataset?.default;
      const said = formData.getAll(name).filter((value) => value !== "" && value !== usual);
      formData.delete(name);
      said.forEach((value) => formData.append(name, value));
    }
  });

  // What belongs to the form without standing in it.
  document.addEventListener("change", ({ target }) => {
    if (target.matches("select[form=filters]")) filters().requestSubmit();
  });

  document.addEventListener("submit", ({ target, submitter }) => {
    done = target.id === "filters" && Boolean(submitter?.closest(".filters__show"));
  });

  /* What was opened stays open, what was scrolled stays where it is, and the focus stays on the
     box that was clicked. A link that is gone hands it to the number of trials. What was typed
     since the question was sent is not in its answer, and stays too; so does the tick of a trial
     that is to be compared and is still in the list. */

  const fields = () => new Map(
    [...filters().elements]
      .filter((one) => one.id && !["checkbox", "submit"].includes(one.type))
      .map((one) => [one.id, one.value]));

  const named = (one) => one.id || `${one.parentElement.closest("[id]").id} rest`;

  const seen = () => ({
    typed: [...fields()].filter(([id, value]) => value !== sent.get(id)),
    folds: new Map([...answer().querySelectorAll("details")].map((one) => [named(one), one.open])),
    scrolled: fold().lastElementChild.scrollTop,
    chosen: new Set([...answer().querySelectorAll(".choose :checked")].map((one) => one.value)),
    focus: answer().contains(document.activeElement) ? document.activeElement : null,
  });

  const again = (element) => {
    if (element.id) return document.getElementById(element.id);
    if (!element.name) return null;
    const same = [...filters().elements].filter((one) => one.name === element.name);
    return same.find((one) => one.value === element.value) || null;
  };

  document.addEventListener("htmx:beforeRequest", () => { sent = fields(); });

  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.target.id === "answer") before = seen();
  });

  document.addEventListener("htmx:afterSwap", () => {
    if (!before || !answer()) return;
    const { typed, folds, scrolled, chosen, focus } = before;
    before = null;
    for (const [id, value] of typed) {
      const field = document.getElementById(id);
      if (field) field.value = value;
    }
    for (const one of answer().querySelectorAll("details")) {
      if (folds.has(named(one))) one.open = folds.get(named(one));
    }
    for (const one of answer().querySelectorAll(".choose input")) one.checked = chosen.has(one.value);
    fold().lastElementChild.scrollTop = scrolled;
    if (done) show();
    else if (focus) (again(focus) || found()).focus({ preventScroll: true });
  });

  const show = () => {
    done = false;
    fold().open = false;
    found().focus({ preventScroll: true });
    found().scrollIntoView();
  };

  // The links to the other language stand outside of what is exchanged.
  const translate = () => {
    for (const link of document.querySelectorAll(".languages a")) {
      const here = new URL(window.location.href);
      here.searchParams.set("lang", link.hreflang.toLowerCase());
      link.href = here;
    }
  };
  document.addEventListener("htmx:pushedIntoHistory", translate);
  document.addEventListener("htmx:historyRestore", translate);

  // On a phone the drawer opens on the names of its groups.
  if (!window.matchMedia("(min-width: 62rem)").matches) {
    for (const group of answer().querySelectorAll(".group[open]")) group.open = Boolean(group.querySelector(".tally"));
  }

  // What cannot be answered in place is answered by the page itself.
  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failure, ({ detail }) => {
      window.location.assign(detail.pathInfo.finalRequestPath || detail.pathInfo.requestPath);
    });
  }
  document.addEventListener("htmx:historyCacheMissLoadError", () => window.location.reload());
})();
