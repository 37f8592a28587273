// Keys for the queue: each is written on the button that it presses. Without this the page works by
// Tab and Enter.
"use strict";

const typesText = (place) =>
  place.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=submit])");
const named = (key) =>
  [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
const ticks = () => [...document.querySelectorAll(".queue__choosing input[type=checkbox]")];

function move(step) {
  const boxes = ticks();
  const at = boxes.indexOf(document.activeElement);
  if (at < 0) return false;
  boxes[(at + step + boxes.length) % boxes.length].focus();
  return true;
}

function press(target) {
  if (target.matches("input")) return target.focus();
  target.click();
  const fold = target.closest("details");
  if (fold && fold.matches(".queue__choosing[open]")) {
    (ticks().find((box) => box.checked) || ticks()[0]).focus();
  }
}

let sent = false;
document.addEventListener("submit", (event) => {
  // One key held down must not answer the next item too.
  if (sent) event.preventDefault();
  sent = true;
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const place = event.target;
  if (event.key === "Escape") return document.activeElement.blur();
  if (typesText(place)) {
    // A note alone answers nothing.
    if (event.key === "Enter" && ["note", "title"].includes(place.id)) event.preventDefault();
    if (event.key === "Enter" && place.name === "paper") {
      event.preventDefault();
      press(named("l"));
    }
    return;
  }
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (step && move(step)) return event.preventDefault();
  if (event.key === "Enter" && place.matches(".queue__choosing input")) {
    event.preventDefault();
    return document.querySelector(".queue__choosing button").click();
  }
  const target = event.repeat ? null : named(event.key);
  if (target) {
    event.preventDefault();
    press(target);
  }
});
