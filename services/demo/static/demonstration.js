// Keeps the clock and the list of what is happening fresh. Every page works without it.
(function () {
  "use strict";

  var EVERY = 1000;
  var clock = document.getElementById("demo-clock");
  var pace = document.getElementById("demo-pace");
  var list = document.getElementById("demo-lines");
  var more = document.getElementById("demo-more");
  var follow = document.getElementById("demo-follow");
  var waiting = [];
  var latest = list ? Number(list.dataset.latest) : 0;
  var most = list ? Math.max(list.children.length, 14) : 0;

  // A reader who points at a line, or whose keyboard is on one, keeps what is before them.
  function mayMove() {
    return follow.checked && !list.matches(":hover") && !list.contains(document.activeElement);
  }

  function made(line) {
    var item = document.createElement("li");
    var when = document.createElement("time");
    var tag = document.createElement("span");
    var says = document.createElement(line.why ? "a" : "span");
    when.textContent = line.when;
    tag.className = "govuk-tag govuk-tag--" + line.colour;
    tag.textContent = line.kind;
    says.textContent = line.words;
    if (line.why) {
      says.href = line.why;
      says.className = "govuk-link";
    }
    var cell = document.createElement("span");
    cell.appendChild(tag);
    item.append(when, cell, says);
    return item;
  }

  function showWaiting() {
    waiting.forEach(function (line) {
      list.prepend(made(line));
    });
    waiting = [];
    while (list.children.length > most) {
      list.lastElementChild.remove();
    }
    more.hidden = true;
  }

  function take(said) {
    clock.textContent = said.now;
    pace.textContent = said.pace;
    if (!list) {
      return;
    }
    Object.keys(said.counts).forEach(function (kind) {
      document.getElementById("demo-count-" + kind).textContent = said.counts[kind];
    });
    said.lines.reverse().forEach(function (line) {
      latest = Math.max(latest, line.number);
      waiting.push(line);
    });
    waiting = waiting.slice(-most);
    if (waiting.length && mayMove()) {
      showWaiting();
    } else if (waiting.length) {
      more.textContent = "Show " + waiting.length + " new";
      more.hidden = false;
    }
  }

  function ask() {
    if (document.hidden) {
      window.setTimeout(ask, EVERY);
      return;
    }
    fetch("/demonstration/now.json?after=" + latest)
      .then(function (answer) {
        return answer.ok ? answer.json().then(take) : null;
      })
      .catch(function () {
        pace.textContent = "the demonstration does not answer";
      })
      .then(function () {
        window.setTimeout(ask, EVERY);
      });
  }

  if (list) {
    document.getElementById("demo-following").hidden = false;
    more.addEventListener("click", showWaiting);
  }
  window.setTimeout(ask, EVERY);
})();
