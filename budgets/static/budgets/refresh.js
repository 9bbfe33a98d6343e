"use strict";

// Refreshes a part of the page in place; without scripts the page is simply as of its loading.
(() => {
  const part = document.querySelector("[data-refresh-url]");
  if (!part) return;
  const pause = Number(part.dataset.refreshSeconds) * 1000;

  const refresh = async () => {
    if (document.hidden) return;
    try {
      const response = await fetch(part.dataset.refreshUrl, {
        credentials: "same-origin",
        headers: { "X-Refresh": "1" }, // nobody need be there: it does not keep a session alive
      });
      // Signed out meanwhile: nothing of the page stays on an empty desk's screen.
      if (response.redirected) return location.reload();
      if (!response.ok) return;
      if (response.status === 205) return location.reload(); // there is another page now
      replace(await response.text());
    } catch {
      // The network is away; the next round tries again.
    }
  };

  const replace = (html) => {
    const focused = part.contains(document.activeElement) ? document.activeElement : null;
    const links = focused?.href ? [...part.querySelectorAll("a")] : [];
    const place = links.indexOf(focused);
    const scrolled = part.querySelector(".abm-scroll")?.scrollLeft ?? 0;
    part.innerHTML = html;
    const table = part.querySelector(".abm-scroll");
    if (table) table.scrollLeft = scrolled;
    if (place >= 0) {
      const again = [...part.querySelectorAll("a")];
      (again.find((link) => link.href === focused.href) ?? again[place])?.focus();
    } else if (focused) {
      table?.focus();
    }
  };

  setInterval(refresh, pause);
  document.addEventListener("visibilitychange", refresh);
})();
