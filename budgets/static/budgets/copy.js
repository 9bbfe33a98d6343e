"use strict";

// A button that puts the text of a box into the clipboard; shown only where that can be done.
(() => {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    const box = document.getElementById(button.dataset.copy);
    box.addEventListener("focus", () => box.select());
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(box.value);
      button.textContent = button.dataset.copied;
    });
  }
})();
