// Offer the way back, where there is one.
const back = document.querySelector("[data-back]");
back.hidden = history.length < 2;
back.addEventListener("click", () => history.back());
