/** The buttons around the grid: presets, invert, undo, redo, copy a day. */

import { copyDay } from "./days.js";
import { QUARTERS_PER_WEEK, parse } from "./hours.js";

const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];
const WEEKDAYS = [0, 1, 2, 3, 4];

export class Tools {
  constructor({ root, part, editor, words }) {
    Object.assign(this, { root, part, editor, words });
    root.addEventListener("click", (event) => this.click(event.target.closest("button")));
  }

  click(button) {
    if (button?.dataset.preset !== undefined) this.preset(button);
    else if (button?.dataset.action in this.actions) this.actions[button.dataset.action]();
  }

  actions = {
    invert: () => this.invert(),
    undo: () => this.editor.undo(),
    redo: () => this.editor.redo(),
    "copy-weekdays": () => this.copy(WEEKDAYS),
    "copy-all": () => this.copy(EVERY_DAY),
    "copy-chosen": () => this.copy(this.chosenDays()),
    "go-to-error": () => this.editor.text.goToError(),
  };

  invert() {
    const week = this.editor.week.map((quarter) => 1 - quarter);
    this.editor.edit(week, this.words.say("inverted"));
  }

  preset(button) {
    const text = button.dataset.preset;
    const week = text ? parse(text) : new Uint8Array(QUARTERS_PER_WEEK);
    this.editor.edit(week, `${button.textContent.trim()}.`);
  }

  copy(targets) {
    const source = Number(this.part("copy-source").value);
    const others = targets.filter((day) => day !== source);
    if (!others.length) {
      this.editor.announce(this.words.say("chooseDays"));
      return;
    }
    const days = others.map((day) => this.words.days[day]).join(", ");
    const done = this.words.say("copied", { day: this.words.days[source], days });
    this.editor.edit(copyDay(this.editor.week, source, others), done);
  }

  chosenDays() {
    const boxes = this.root.querySelectorAll("[data-copy-to]:checked");
    return [...boxes].map((box) => Number(box.dataset.copyTo));
  }

  /** Show which steps there are: a button that cannot be used keeps the focus it has. */
  showHistory({ past, future }) {
    this.part("undo").setAttribute("aria-disabled", past.length === 0);
    this.part("redo").setAttribute("aria-disabled", future.length === 0);
  }
}
