// What plain HTML cannot do; every task works without this file.
"use strict";

function focusNews() {
  const news = document.querySelector("#error-summary") || document.querySelector("[data-focus]");
  if (news) news.focus();
}

// Two minutes before the sign-in ends, show the warning at the top, aloud, with one tap to stay.
function watchSignIn() {
  const warning = document.querySelector(".sign-in-ends");
  if (!warning) return;
  let endsAt = Date.parse(warning.dataset.endsAt);
  const watch = () => {
    const left = endsAt - Date.now() - 120000;
    if (left > 0) return setTimeout(watch, left);
    warning.setAttribute("role", "alert");
    warning.hidden = false;
  };
  warning.querySelector("button").addEventListener("click", async () => {
    const answer = await fetch(warning.dataset.stay, { headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) return location.reload();
    const until = Date.parse((await answer.json()).until);
    if (until <= endsAt) {
      // A day of work is over: no tap makes the sign-in longer, and none is offered.
      warning.querySelectorAll("[data-last]").forEach((part) => { part.hidden = !part.hidden; });
      return;
    }
    endsAt = until;
    const note = document.querySelector(".session-note");
    if (note) note.hidden = true;
    warning.hidden = true;
    warning.removeAttribute("role");
    watch();
  });
  watch();
}

document.addEventListener("DOMContentLoaded", () => { focusNews(); watchSignIn(); });
document.addEventListener("htmx:after:swap", () => {
  const summary = document.querySelector("#error-summary");
  if (summary) summary.focus();
});
