/** Say days, times and lengths in the words that the page brought, in its language. */

import { spotOf } from "./days.js";
import { clockText } from "./hours.js";

export class Words {
  /** Take the words from the data attributes of an element; days are separated by `|`. */
  constructor(element) {
    this.texts = element.dataset;
    this.days = this.texts.days.split("|");
    this.shortDays = this.texts.shortDays.split("|");
    this.number = new Intl.NumberFormat(document.documentElement.lang || undefined);
  }

  /** Fill the placeholders of a text: `say("opened", { what: "Monday" })`. */
  say(name, values = {}) {
    return this.texts[name].replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
  }

  /** Say a stretch of days and times: `Monday–Friday 09:00–17:30`. */
  area({ firstDay, lastDay, from, until }) {
    const names = [this.days[firstDay], this.days[lastDay]].slice(0, firstDay < lastDay ? 2 : 1);
    return `${names.join("–")} ${clockText(from)}–${clockText(until)}`;
  }

  /** Say a quarter of the week: `Tuesday 09:15–09:30`. */
  quarter(slot) {
    const { day, quarter } = spotOf(slot);
    return this.area({ firstDay: day, lastDay: day, from: quarter, until: quarter + 1 });
  }

  /** Say where an instant of the week is: `Tue 09:15`. */
  instant(slot) {
    const { day, quarter } = spotOf(slot);
    return `${this.shortDays[day]} ${clockText(quarter)}`;
  }

  /** Say a window past midnight, and how much of it is on the next day. */
  night({ day, text, quartersAfter }) {
    return this.say("night", {
      window: `${this.days[day]} ${text}`,
      length: this.length(quartersAfter),
      next: this.days[(day + 1) % 7],
    });
  }

  /** Say a number of quarters in hours and minutes: `42 h 30 min`. */
  length(quarters) {
    const [hours, minutes] = [Math.floor(quarters / 4), (quarters % 4) * 15];
    if (!minutes) return this.say("hours", { hours });
    return this.say(hours ? "hoursMinutes" : "minutes", { hours, minutes });
  }

  /** Say a number of quarters in hours alone: `8.5 h`. */
  shortLength(quarters) {
    return this.say("hours", { hours: this.number.format(quarters / 4) });
  }
}
