/** Show what time of the week it is in a zone, and when the hours next open or close. */

import { spotOf } from "./days.js";
import { QUARTERS_PER_DAY, QUARTERS_PER_WEEK, clockText } from "./hours.js";

const REFRESH_MS = 10_000;
const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

export class Now {
  constructor({ grid, words, choice, sentence }) {
    Object.assign(this, { grid, words, choice, sentence, week: null });
    for (const option of [...choice.options]) isKnown(option.value) || option.remove();
    this.offerOwnZone();
    choice.addEventListener("change", () => this.refresh());
    document.addEventListener("visibilitychange", () => document.hidden || this.refresh());
    setInterval(() => document.hidden || this.refresh(), REFRESH_MS);
  }

  /** Offer the zone of the browser: choose it where no brand's zone was given. */
  offerOwnZone() {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    let option = [...this.choice.options].find(({ value }) => value === own);
    if (!option) {
      option = new Option(this.words.say("ownZone", { zone: own }), own);
      this.choice.add(option);
    }
    if (this.choice.options[0].value === "UTC") option.selected = true;
  }

  show(week) {
    this.week = week;
    this.refresh();
  }

  refresh() {
    const { day, minute } = minuteOfWeek(new Date(), this.choice.value);
    const slot = day * QUARTERS_PER_DAY + Math.floor(minute / 15);
    this.grid.showNow(slot, (minute % 15) / 15);
    const time = `${clockText(Math.floor(minute / 60) * 4).slice(0, 3)}${pad(minute % 60)}`;
    const text = `${this.words.days[day]} ${time}, ${this.outlook(slot, day)}`;
    if (this.sentence.textContent !== text) this.sentence.textContent = text;
  }

  /** Say whether the hours are open and until when. */
  outlook(slot, day) {
    const isOpen = this.week[slot] === 1;
    for (let n = 1; n <= QUARTERS_PER_WEEK; n++) {
      const next = (slot + n) % QUARTERS_PER_WEEK;
      if ((this.week[next] === 1) === isOpen) continue;
      const spot = spotOf(next);
      const isToday = n < QUARTERS_PER_DAY && spot.day === day;
      const when = isToday ? clockText(spot.quarter) : this.words.instant(next);
      return this.words.say(isOpen ? "openUntil" : "closedUntil", { when });
    }
    return this.words.say(isOpen ? "alwaysOpen" : "neverOpen");
  }
}

/** Return the local day, Monday 0, and minute of that day of an instant in a zone. */
export function minuteOfWeek(instant, timeZone) {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(instant);
  const part = (type) => parts.find((found) => found.type === type).value;
  return {
    day: WEEKDAYS.indexOf(part("weekday")),
    minute: Number(part("hour")) * 60 + Number(part("minute")),
  };
}

/** Say whether this browser knows a zone: the server may be newer than it. */
function isKnown(timeZone) {
  try {
    return Boolean(new Intl.DateTimeFormat("en-US", { timeZone }));
  } catch {
    return false;
  }
}

function pad(number) {
  return String(number).padStart(2, "0");
}
