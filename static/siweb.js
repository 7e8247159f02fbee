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
  // Counted from now: the clock of this phone may be wrong by hours.
  const after = (seconds) => Date.now() + seconds * 1000;
  let endsAt = after(warning.dataset.secondsLeft);
  const watch = () => {
    const left = endsAt - Date.now() - 120000;
    if (left > 0) return setTimeout(watch, left);
    warning.setAttribute("role", "alert");
    warning.hidden = false;
  };
  warning.querySelector("button").addEventListener("click", async () => {
    const answer = await fetch(warning.dataset.stay, { headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) return location.reload();
    const until = after((await answer.json()).seconds_left);
    // Whole seconds and the way of the answer make a difference that lengthens nothing.
    if (until - endsAt < 5000) {
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
