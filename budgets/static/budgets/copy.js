"use strict";

// Buttons that copy a text of the page; without scripts the text is there to be marked by hand.
(() => {
  const status = document.getElementById("abm-copied");

  const mark = (node) => {
    if (node.select) {
      node.select();
      return;
    }
    const range = document.createRange();
    range.selectNodeContents(node);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  };

  const copy = async (button) => {
    const node = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(node.value ?? node.textContent);
      status.textContent = button.dataset.copied;
    } catch {
      // Without HTTPS there is no clipboard to write to, or the browser was told not to.
      mark(node);
      status.textContent = document.execCommand("copy") ? button.dataset.copied : button.dataset.failed;
    }
  };

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
})();
