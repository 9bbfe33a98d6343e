/** The schedule editor: a week to paint and its text, each following the other. */

import { nights } from "./schedule_editor/days.js";
import { Grid, slotsOf } from "./schedule_editor/grid.js";
import { History } from "./schedule_editor/history.js";
import { QUARTERS_PER_WEEK } from "./schedule_editor/hours.js";
import { Keyboard } from "./schedule_editor/keyboard.js";
import { Now } from "./schedule_editor/now.js";
import { Pointer } from "./schedule_editor/pointer.js";
import { HoursText } from "./schedule_editor/text.js";
import { Tools } from "./schedule_editor/tools.js";
import { Words } from "./schedule_editor/words.js";

class ScheduleEditor {
  constructor(root) {
    const part = (name) => root.querySelector(`[data-part="${name}"]`);
    const [panel, textarea] = [part("panel"), root.querySelector("textarea")];
    const words = new Words(root);
    Object.assign(this, { part, words, history: new History() });
    this.isReadOnly = textarea.readOnly || textarea.matches(":disabled");
    this.text = new HoursText({ textarea, part, changed: () => this.typed() });
    this.grid = new Grid(part("grid"), words);
    this.now = new Now({ grid: this.grid, words, choice: part("zone"), sentence: part("now") });
    this.tools = new Tools({ root, part, editor: this, words });
    new Pointer(this.grid, this);
    new Keyboard(this.grid, this);
    this.reveal(panel);
  }

  get week() {
    return this.text.week;
  }

  get stepQuarters() {
    return Number(this.part("step").value);
  }

  isOpen(area) {
    return slotsOf(area).every((slot) => this.week[slot]);
  }

  reveal(panel) {
    for (const type of ["input", "change"]) {
      // The editor's own choices are no edits of the form around it.
      panel.addEventListener(type, (event) => event.stopPropagation());
    }
    if (matchMedia("(pointer: coarse)").matches) this.part("step").value = "4";
    for (const tools of panel.querySelectorAll("[data-edits]")) tools.hidden = this.isReadOnly;
    this.part("grid").setAttribute("aria-readonly", this.isReadOnly);
    this.part("grid").classList.toggle("is-read-only", this.isReadOnly);
    this.show();
    this.grid.moveTo(Math.max(this.week.indexOf(1), 0), { focus: false });
    panel.hidden = this.part("caption").hidden = false;
  }

  // Edits

  /** Open or close an area. */
  paint(area, willOpen) {
    const week = this.week.slice();
    for (const slot of slotsOf(area)) week[slot] = willOpen ? 1 : 0;
    const what = this.words.area(area);
    this.edit(week, this.words.say(willOpen ? "opened" : "closed", { what }));
  }

  /** Take a week in place of the current one, write it as text, and say what was done. */
  edit(week, done) {
    if (this.isReadOnly) return;
    const before = this.text.value;
    if (this.text.write(week)) this.history.add(before);
    this.show();
    this.announce(done);
  }

  undo() {
    this.restore(this.history.back(this.text.value), "undone");
  }

  redo() {
    this.restore(this.history.forth(this.text.value), "redone");
  }

  restore(text, done) {
    if (text === undefined) return;
    this.text.write(text);
    this.show();
    this.announce(this.words.say(done));
  }

  typed() {
    this.history.forgetUndone();
    this.show();
  }

  // What is shown and said

  show() {
    this.grid.show(this.week);
    this.sumUp();
    this.now.show(this.week);
    this.tools.showHistory(this.history);
  }

  /** Say beside the grid what the week comes to. */
  sumUp() {
    const open = this.week.filter(Boolean).length;
    const share = this.words.number.format(Math.round((open / QUARTERS_PER_WEEK) * 100));
    const length = this.words.length(open);
    this.part("total").textContent = this.words.say("total", { length, share });
    const found = nights(this.week).map((night) => this.words.night(night));
    this.part("nights").hidden = !found.length;
    this.part("nights-list").textContent = found.join(" ");
  }

  /** Announce to a screen reader what was done, and what the week comes to. */
  announce(done) {
    this.part("live").textContent = `${done} ${this.part("total").textContent}`;
  }

  /** Show the quarter under the pointer or in focus. */
  pointAt(slot) {
    this.part("readout").textContent = this.grid.describe(slot);
  }

  hover(slot) {
    if (slot === null) this.part("readout").textContent = "";
    else this.pointAt(slot);
  }

  /** Show what a stroke will do. */
  willPaint(area, willOpen) {
    const word = willOpen ? "willOpen" : "willClose";
    this.part("readout").textContent = this.words.say(word, { what: this.words.area(area) });
  }

  selected(area) {
    const text = this.words.say("selected", { what: this.words.area(area) });
    this.part("readout").textContent = this.part("live").textContent = text;
  }
}

const start = (root) => {
  for (const editor of root.querySelectorAll("[data-schedule-editor]:not([data-started])")) {
    editor.dataset.started = "";
    new ScheduleEditor(editor);
  }
};
start(document);
// Rows that the admin adds to a form bring editors of their own.
document.addEventListener("formset:added", (event) => start(event.target));
