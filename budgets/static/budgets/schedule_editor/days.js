/** Copy days as people mean them: with their nights, which belong to the day they start on. */

import { QUARTERS_PER_DAY, QUARTERS_PER_WEEK, open, windowText, windows } from "./hours.js";

/** Return the week with the windows of a day in place of those of the other days. */
export function copyDay(week, source, targets) {
  const copied = new Uint8Array(QUARTERS_PER_WEEK);
  const starts = windows(week).map(([first, length]) => ({
    day: Math.floor(first / QUARTERS_PER_DAY),
    start: first % QUARTERS_PER_DAY,
    length,
  }));
  for (let day = 0; day < 7; day++) {
    const from = targets.includes(day) ? source : day;
    for (const window of starts.filter((candidate) => candidate.day === from)) {
      open(copied, day * QUARTERS_PER_DAY + window.start, window.length);
    }
  }
  return copied;
}

/** Return the week with every open quarter closed and every closed one open. */
export function inverted(week) {
  return week.map((quarter) => 1 - quarter);
}

/** List the windows past midnight: the day they start on, their text, quarters after midnight. */
export function nights(week) {
  return windows(week)
    .map(([first, length]) => ({
      day: Math.floor(first / QUARTERS_PER_DAY),
      text: windowText(first, length).replace("-", "–"),
      quartersAfter: (first % QUARTERS_PER_DAY) + length - QUARTERS_PER_DAY,
    }))
    .filter((night) => night.quartersAfter > 0)
    .sort((a, b) => a.day - b.day);
}
