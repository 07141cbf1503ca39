// Hides the page at once while somebody walks past, by button or Escape, and prints it.
"use strict";
(() => {
  const root = document.documentElement;
  const hide = document.querySelector("[data-hide-screen]");
  const print = document.querySelector("[data-print]");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }
  if (!hide) return;
  const show = document.createElement("button");
  show.type = "button";
  show.className = "govuk-button app-screen__show";
  show.textContent = "Show screen";
  const hidden = () => root.classList.contains("app-screen--hidden");
  const turn = () => {
    if (hidden()) {
      root.classList.remove("app-screen--hidden");
      show.remove();
      hide.focus();
    } else {
      root.classList.add("app-screen--hidden");
      document.body.append(show);
      show.focus();
    }
  };
  hide.hidden = false;
  hide.addEventListener("click", turn);
  show.addEventListener("click", turn);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") turn();
  });
})();
