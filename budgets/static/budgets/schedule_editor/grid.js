/** Draw the week: a row a day, a cell a quarter hour. Narrow pages turn it, days side by side. */

import { spotOf } from "./days.js";
import { QUARTERS_PER_DAY, QUARTERS_PER_WEEK, clockText, windows } from "./hours.js";

const CLOSED = 0;
const OPEN = 1;
const OPEN_SINCE_YESTERDAY = 2;
const ALL = -1; // in a heading: every day, or every hour

export class Grid {
  constructor(host, words) {
    this.host = host;
    this.words = words;
    this.cells = [];
    this.dayTotals = [];
    this.states = new Uint8Array(QUARTERS_PER_WEEK);
    this.current = 0;
    this.selection = null;
    this.mark = element("span", "schedule-editor__now-mark", { "aria-hidden": "true" });
    this.draw();
  }

  /** True where the page is narrow: hours run down and days across. */
  get isTurned() {
    return getComputedStyle(this.host).gridAutoFlow.startsWith("column");
  }

  draw() {
    this.host.append(this.hourHeadings(), ...this.words.days.map((_, day) => this.dayRow(day)));
    this.cells[this.current].tabIndex = 0;
    this.host.setAttribute("aria-rowcount", 8);
    this.host.setAttribute("aria-colcount", QUARTERS_PER_DAY + 1);
  }

  hourHeadings() {
    const row = element("div", "schedule-editor__row", { role: "row" });
    row.append(element("div", "schedule-editor__corner", { role: "columnheader" }));
    row.firstChild.append(element("span", "abm-hidden", {}, this.words.say("day")));
    for (let hour = 0; hour < 24; hour++) {
      const [text, minutes] = [clockText(hour * 4).slice(0, 2), element("span", "", {}, ":00")];
      const column = { "aria-colindex": hour * 4 + 2, "aria-colspan": 4 };
      const heading = { role: "columnheader", "aria-label": `${text}:00`, ...column };
      row.append(element("div", "schedule-editor__hour", heading, text));
      row.lastChild.append(minutes);
    }
    return row;
  }

  dayRow(day) {
    const row = element("div", "schedule-editor__row", { role: "row" });
    const heading = element("div", "schedule-editor__day", { role: "rowheader" });
    const name = element("abbr", "", { title: this.words.days[day] }, this.words.shortDays[day]);
    this.dayTotals[day] = element("span", "schedule-editor__day-total");
    heading.append(name, this.dayTotals[day]);
    row.append(heading);
    for (let quarter = 0; quarter < QUARTERS_PER_DAY; quarter++) {
      const cell = element("div", "schedule-editor__cell", { role: "gridcell", tabindex: -1 });
      if (quarter % 4 === 0) cell.classList.add("starts-hour");
      cell.dataset.slot = this.cells.length;
      this.cells.push(cell);
      this.label(this.cells.length - 1, CLOSED);
      row.append(cell);
    }
    return row;
  }

  /** Show a week; the hours after a midnight that belong to the day before look apart. */
  show(week) {
    const states = new Uint8Array(QUARTERS_PER_WEEK);
    for (const [first, length] of windows(week)) {
      for (let n = 0; n < length; n++) {
        const isNextDay = (first % QUARTERS_PER_DAY) + n >= QUARTERS_PER_DAY;
        states[(first + n) % QUARTERS_PER_WEEK] = isNextDay ? OPEN_SINCE_YESTERDAY : OPEN;
      }
    }
    states.forEach((state, slot) => state !== this.states[slot] && this.label(slot, state));
    this.states = states;
    this.dayTotals.forEach((total, day) => {
      const quarters = states.subarray(day * QUARTERS_PER_DAY, (day + 1) * QUARTERS_PER_DAY);
      total.textContent = this.words.shortLength(quarters.filter(Boolean).length);
    });
  }

  label(slot, state) {
    const cell = this.cells[slot];
    cell.classList.toggle("is-open", state !== CLOSED);
    cell.classList.toggle("is-since-yesterday", state === OPEN_SINCE_YESTERDAY);
    cell.setAttribute("aria-label", this.describe(slot, state));
  }

  /** Say a quarter and whether it is open: `Sunday 00:15–00:30, open, since Saturday`. */
  describe(slot, state = this.states[slot]) {
    const yesterday = this.words.days[(spotOf(slot).day + 6) % 7];
    const name = ["isClosed", "isOpen", "isOpenSinceYesterday"][state];
    return `${this.words.quarter(slot)}, ${this.words.say(name, { day: yesterday })}`;
  }

  /** Show what a stroke will do before it is done; nothing shows no stroke. */
  preview(area, willOpen) {
    this.highlight("will-open", willOpen ? area : null);
    this.highlight("will-close", willOpen ? null : area);
  }

  /** Show an area as selected; nothing shows no selection. */
  select(area) {
    this.highlight("is-selected", area);
    this.cells.forEach((cell) => {
      cell.setAttribute("aria-selected", cell.classList.contains("is-selected"));
    });
    this.selection = area;
  }

  highlight(name, area) {
    const marked = new Set(area ? slotsOf(area) : []);
    this.cells.forEach((cell, slot) => cell.classList.toggle(name, marked.has(slot)));
  }

  /** Make a quarter the one that the tab key reaches. */
  moveTo(slot, { focus = true } = {}) {
    this.cells[this.current].tabIndex = -1;
    this.current = slot;
    this.cells[slot].tabIndex = 0;
    if (focus) this.cells[slot].focus();
  }

  /** Show an instant: a quarter of the week and how much of that quarter is over, 0 to 1. */
  showNow(slot, over) {
    this.mark.style.setProperty("--over", `${over * 100}%`);
    if (this.mark.parentNode !== this.cells[slot]) this.cells[slot].append(this.mark);
  }

  /** Return the day and quarter of a point of the page; -1 in the headings of days and hours. */
  spotAt(x, y) {
    const first = this.cells[0].getBoundingClientRect();
    const last = this.cells.at(-1).getBoundingClientRect();
    const across = (x - first.left) / (last.right - first.left);
    const down = (y - first.top) / (last.bottom - first.top);
    const [day, quarter] = this.isTurned ? [across, down] : [down, across];
    return { day: step(day, 7), quarter: step(quarter, QUARTERS_PER_DAY) };
  }
}

/** Return the area between two spots, in whole steps of so many quarters. */
export function areaBetween(start, end, stepQuarters) {
  const days = start.day === ALL ? [0, 6] : [start.day, Math.max(end.day, 0)];
  const [first, last] = [start.quarter, Math.max(end.quarter, 0)].sort((a, b) => a - b);
  const isWholeDay = start.quarter === ALL;
  // A stroke along the hours of the heading takes whole hours.
  const size = start.day === ALL ? Math.max(stepQuarters, 4) : stepQuarters;
  return {
    firstDay: Math.min(...days),
    lastDay: Math.max(...days),
    from: isWholeDay ? 0 : first - (first % size),
    until: isWholeDay ? QUARTERS_PER_DAY : last - (last % size) + size,
  };
}

/** List the quarters of the week in an area. */
export function slotsOf({ firstDay, lastDay, from, until }) {
  const slots = [];
  for (let day = firstDay; day <= lastDay; day++) {
    for (let quarter = from; quarter < until; quarter++) {
      slots.push(day * QUARTERS_PER_DAY + quarter);
    }
  }
  return slots;
}

function step(share, steps) {
  return share < 0 ? ALL : Math.min(Math.floor(share * steps), steps - 1);
}

function element(tag, className, attributes = {}, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  return made;
}
