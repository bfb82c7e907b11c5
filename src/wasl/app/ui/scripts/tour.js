// The first-visit tour, one hint at a time. Without it all three hints stand there and the form closes them.
(() => {
  "use strict";
  const tour = document.querySelector("[data-tour]");
  if (!tour) return;
  const steps = [...tour.querySelectorAll("li")];
  const next = tour.querySelector("[data-tour-next]");
  let at = 0;
  const show = () => {
    steps.forEach((step, place) => step.classList.toggle("tour__step--on", place === at));
    next.hidden = at === steps.length - 1;
  };
  next.addEventListener("click", () => {
    at += 1;
    show();
    steps[at].tabIndex = -1;
    steps[at].focus();
  });
  tour.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    const body = new FormData(form);
    body.set("quiet", "1");
    fetch(form.action, { method: "POST", body }).then((answer) => (answer.ok ? tour.remove() : form.submit()), () => form.submit());
  });
  show();
})();
