// The composer without waiting: marks the fields that findings point at, keeps the issue button honest, removes lines on
// the spot and says when the draft was saved. Without this file every one of these is a button that posts the form.
(() => {
  "use strict";
  const form = document.getElementById("composer");
  if (!form) return;
  let marked = [];

  const mark = () => {
    const result = document.getElementById("result");
    if (!result) return;
    marked.forEach((name) => {
      const field = document.getElementById(name);
      if (field && !document.getElementById("error-" + name)) field.removeAttribute("aria-invalid");
    });
    marked = (result.dataset.marks || "").split(" ").filter(Boolean);
    marked.forEach((name) => {
      const field = document.getElementById(name);
      if (field) field.setAttribute("aria-invalid", "true");
    });
  };

  // The issue button looks as ready as the invoice is; pressing it too early leads to what is missing.
  const issue = form.querySelector("[data-issue]");
  const ready = () => document.getElementById("result").dataset.ready === "1";
  const dress = () => (ready() ? issue.removeAttribute("aria-disabled") : issue.setAttribute("aria-disabled", "true"));
  issue.addEventListener("click", (event) => {
    if (ready()) return;
    event.preventDefault();
    const first = document.querySelector("#result .finding a") || document.getElementById("customer");
    first.scrollIntoView({ block: "center" });
    first.focus({ preventScroll: true });
  });

  const check = () => form.dispatchEvent(new CustomEvent("wasl:check", { bubbles: true }));

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-remove]");
    if (!button) return;
    event.preventDefault();
    const row = document.getElementById(button.dataset.remove);
    const near = row.nextElementSibling || row.previousElementSibling;
    row.remove();
    const focus = near && near.querySelector("textarea, input");
    if (focus) focus.focus();
    check();
  });

  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
  });

  form.addEventListener("click", (event) => {
    const jump = event.target.closest('a[href^="#"]');
    const field = jump && document.getElementById(jump.getAttribute("href").slice(1));
    if (!field) return;
    event.preventDefault();
    field.scrollIntoView({ block: "center" });
    field.focus({ preventScroll: true });
  });

  // Fields are only replaced when other fields are wanted: an answer that comes late must not undo what was typed since.
  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    const here = event.detail.target;
    const coming = event.detail.fragment.querySelector("#reasons");
    if (here.id === "reasons" && coming && coming.dataset.categories === here.dataset.categories) event.detail.shouldSwap = false;
  });

  document.body.addEventListener("htmx:afterSwap", () => {
    mark();
    dress();
  });
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target && event.detail.target.id === "lines") {
      const rows = document.querySelectorAll("#lines .lines__row");
      const field = rows.length && rows[rows.length - 1].querySelector("textarea");
      if (field) field.focus();
      check();
    }
  });
  mark();
  dress();
})();
