/** Days as people mean them: with their nights, which belong to the day they start on. */

import { QUARTERS_PER_DAY, QUARTERS_PER_WEEK, open, windowText, windows } from "./hours.js";

/** Return the day and the quarter of that day of a quarter of the week. */
export function spotOf(slot) {
  return { day: Math.floor(slot / QUARTERS_PER_DAY), quarter: slot % QUARTERS_PER_DAY };
}

/** Return the week with the windows of a day in place of those of the other days. */
export function copyDay(week, source, targets) {
  const copied = new Uint8Array(QUARTERS_PER_WEEK);
  const starts = windows(week).map(([first, length]) => ({ ...spotOf(first), length }));
  for (let day = 0; day < 7; day++) {
    const from = targets.includes(day) ? source : day;
    for (const { quarter, length } of starts.filter((window) => window.day === from)) {
      open(copied, day * QUARTERS_PER_DAY + quarter, length);
    }
  }
  return copied;
}

/** List the windows past midnight: the day they start on, their text, quarters after midnight. */
export function nights(week) {
  return windows(week)
    .map(([first, length]) => {
      const { day, quarter } = spotOf(first);
      const text = windowText(first, length).replace("-", "–");
      return { day, text, quartersAfter: quarter + length - QUARTERS_PER_DAY };
    })
    .filter((night) => night.quartersAfter > 0)
    .sort((a, b) => a.day - b.day);
}
