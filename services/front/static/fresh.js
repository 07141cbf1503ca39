// Asks now and then whether there is more, and offers to show it. It never moves what is there.
"use strict";
(() => {
  const place = document.querySelector("[data-fresh]");
  if (!place) return;
  const EVERY = 15000;
  const LONGEST = 30 * 60000; // an unattended page must not keep its session alive
  const began = Date.now();
  const offer = (count) => {
    const text = count === 1 ? place.dataset.one : count + place.dataset.several;
    const link = place.querySelector("a") || document.createElement("a");
    if (link.textContent === text) return;
    link.className = "govuk-link app-fresh__link";
    link.href = place.dataset.show;
    link.textContent = text;
    place.append(link);
  };
  const ask = async () => {
    if (Date.now() - began > LONGEST) return clearInterval(turns);
    if (document.hidden) return;
    try {
      const answer = await fetch(place.dataset.fresh, { redirect: "error" });
      if (answer.ok) {
        const { new: count } = await answer.json();
        if (count > 0) offer(count);
      }
    } catch {
      // not reachable now, or signed out: the page stays as it is
    }
  };
  const turns = setInterval(ask, Number(place.dataset.every) || EVERY);
})();
