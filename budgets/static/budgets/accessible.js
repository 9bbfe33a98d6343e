"use strict";

// What the admin's parts from elsewhere leave out for people who use a keyboard or a screen reader.
(() => {
  const WORDLESS = [
    ["#command-submit, #searchbar-submit", "", "Search"],
    ["#search-input-command", "", "Search"],
    ["[x-data='searchCommand()']", "dialog", "Search"],
    ["#nav-sidebar-inner [x-on\\:click^='sidebarMobileOpen']", "", "Hide the menu"],
    ["[x-ref^='relatedWidgetWrapper']", "", "Add, change or look at what is chosen"],
    [".help-tooltip", "img", "Help"],
  ];

  // A searchable select says its value, not what it is the value of.
  const nameSelects = () => {
    for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
      const label = select.labels?.[0];
      const typed = select.nextElementSibling?.querySelector(".select2-search__field");
      if (label) typed?.setAttribute("aria-label", label.textContent.trim());
      const box = select.nextElementSibling?.querySelector(".select2-selection");
      const value = box?.querySelector(".select2-selection__rendered");
      if (!label || !value) continue;
      label.id ||= `${select.id}-label`;
      box.setAttribute("aria-labelledby", `${label.id} ${value.id}`);
      value.setAttribute("aria-labelledby", label.id);
    }
  };

  // Drawings and boxes that act on a click are buttons that only a mouse reaches.
  const makeFocusable = () => {
    const acting = "a[x-on\\:click]:not([href]), :is(div, span)[x-on\\:click].cursor-pointer";
    for (const link of document.querySelectorAll(acting)) {
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

  // What scrolls is reached with the keyboard, but is no part of the page of its own.
  const nameScrolling = () => {
    for (const box of document.querySelectorAll(".simplebar-content-wrapper")) {
      box.setAttribute("role", "group");
    }
  };

  // Buttons and boxes that show no words.
  const nameWordless = () => {
    for (const [selector, role, name] of WORDLESS) {
      for (const part of document.querySelectorAll(selector)) {
        part.setAttribute("aria-label", part.getAttribute("aria-label") ?? name);
        if (role) part.setAttribute("role", role);
      }
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

  const isBuiltLate = (node) => node.matches?.(".select2, .selector");

  window.addEventListener("load", nameScrolling);
  document.addEventListener("alpine:initialized", () => requestAnimationFrame(focusFirst));
  document.addEventListener("DOMContentLoaded", () => {
    makeFocusable();
    regroup();
    nameWordless();
    silenceIcons();
    nameSelects();
    // They are built at a time of their own, some only when a row is added.
    new MutationObserver((records) => {
      if (!records.some((record) => [...record.addedNodes].some(isBuiltLate))) return;
      nameSelects();
      nameWordless();
    }).observe(document.body, { childList: true, subtree: true });
  });
})();
