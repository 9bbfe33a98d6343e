/** Say beside the grid what the week comes to. */

import { nights } from "./days.js";
import { QUARTERS_PER_WEEK } from "./hours.js";

export class Summary {
  constructor({ part, words }) {
    Object.assign(this, { part, words });
  }

  show(week) {
    const open = week.filter(Boolean).length;
    const share = this.words.number.format(Math.round((open / QUARTERS_PER_WEEK) * 100));
    const length = this.words.length(open);
    this.part("total").textContent = this.words.say("total", { length, share });
    this.showNights(nights(week));
  }

  showNights(found) {
    this.part("nights").hidden = !found.length;
    this.part("nights-list").textContent = found
      .map(({ day, text, quartersAfter }) =>
        this.words.say("night", {
          window: `${this.words.days[day]} ${text}`,
          length: this.words.length(quartersAfter),
          next: this.words.days[(day + 1) % 7],
        }),
      )
      .join(" ");
  }
}
