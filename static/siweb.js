// What plain HTML cannot do; every task works without this file.
"use strict";

function focusNews() {
  const news = document.querySelector("#error-summary") || document.querySelector("[data-focus]");
  if (news) news.focus();
}

// Two minutes before the sign-in ends, say so aloud and offer one tap to stay.
function watchSignIn() {
  const note = document.querySelector(".session-note");
  if (!note) return;
  const button = note.querySelector("button");
  let endsAt = Date.parse(note.dataset.endsAt);
  const warn = () => {
    const left = endsAt - Date.now() - 120000;
    if (left > 0) return setTimeout(warn, left);
    note.classList.add("notice");
    note.setAttribute("role", "alert");
    button.hidden = false;
  };
  button.addEventListener("click", async () => {
    const answer = await fetch(note.dataset.stay, { headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) return location.reload();
    endsAt = Date.parse((await answer.json()).until);
    note.firstChild.textContent = "";
    note.classList.remove("notice");
    note.removeAttribute("role");
    button.hidden = true;
    warn();
  });
  warn();
}

document.addEventListener("DOMContentLoaded", () => { focusNews(); watchSignIn(); });
document.addEventListener("htmx:after:swap", () => {
  const summary = document.querySelector("#error-summary");
  if (summary) summary.focus();
});
