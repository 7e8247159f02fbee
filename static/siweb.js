// What plain HTML cannot do; every task works without this file.
"use strict";

function focusNews(root) {
  const news = root.querySelector("#error-summary") || root.querySelector("[data-focus]");
  if (news) news.focus();
}

document.addEventListener("DOMContentLoaded", () => focusNews(document));
document.addEventListener("htmx:after:swap", () => {
  const summary = document.querySelector("#error-summary");
  if (summary) summary.focus();
});
