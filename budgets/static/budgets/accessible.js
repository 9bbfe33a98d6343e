"use strict";

// What the admin's parts from elsewhere leave out for people who use a keyboard or a screen reader.
(() => {
  // A searchable select says its value, not what it is the value of.
  const nameSelects = () => {
    for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
      const label = select.labels?.[0];
      const box = select.nextElementSibling?.querySelector(".select2-selection");
      const value = box?.querySelector(".select2-selection__rendered");
      if (!label || !value) continue;
      label.id ||= `${select.id}-label`;
      box.setAttribute("aria-labelledby", `${label.id} ${value.id}`);
      value.setAttribute("aria-labelledby", label.id);
    }
  };

  // Links without an address are buttons that only a mouse reaches.
  const makeFocusable = () => {
    for (const link of document.querySelectorAll("a[x-on\\:click]:not([href])")) {
      link.tabIndex = 0;
      link.setAttribute("role", "button");
      link.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        link.click();
      });
    }
  };

  // A list of buttons that are no items of it.
  const regroup = () => {
    for (const list of document.querySelectorAll("ul.object-tools:not(:has(> li))")) {
      list.setAttribute("role", "group");
    }
  };

  // The name of an icon is its drawing; read aloud it is a riddle: "manage_history Activity".
  const silenceIcons = () => {
    for (const icon of document.querySelectorAll(".material-symbols-outlined")) {
      const words = icon.closest("a, button")?.textContent.trim();
      // Where nothing else is said, a riddle is better than silence.
      if (words !== icon.textContent.trim()) icon.setAttribute("aria-hidden", "true");
    }
  };

  // The page stays hidden until its scripts are there; what is hidden cannot take the focus.
  const focusFirst = () => {
    if (document.activeElement === document.body) document.querySelector("[autofocus]")?.focus();
  };

  const isSelect = (node) => node.classList?.contains("select2");

  document.addEventListener("alpine:initialized", () => requestAnimationFrame(focusFirst));
  document.addEventListener("DOMContentLoaded", () => {
    makeFocusable();
    regroup();
    silenceIcons();
    nameSelects();
    // They are built at a time of their own, some only when a row is added.
    new MutationObserver((records) => {
      if (records.some((record) => [...record.addedNodes].some(isSelect))) nameSelects();
    }).observe(document.body, { childList: true, subtree: true });
  });
})();
