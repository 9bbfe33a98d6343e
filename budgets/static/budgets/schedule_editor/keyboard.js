/** Work the grid from the keyboard: move, select, open and close. */

import { spotOf } from "./days.js";
import { areaBetween } from "./grid.js";
import { QUARTERS_PER_DAY } from "./hours.js";

const LAST_QUARTER = QUARTERS_PER_DAY - 1;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Keyboard {
  constructor(grid, editor) {
    Object.assign(this, { grid, editor, anchor: null });
    grid.host.addEventListener("keydown", (event) => this.keydown(event));
    grid.host.addEventListener("focusin", (event) => this.focusin(event));
    grid.host.addEventListener("pointerdown", () => this.drop());
  }

  focusin(event) {
    const slot = event.target.dataset.slot;
    if (slot === undefined) return;
    this.grid.moveTo(Number(slot), { focus: false });
    this.editor.pointAt(this.grid.current);
  }

  keydown(event) {
    if (event.altKey || this.act(event) === false) return;
    event.preventDefault();
  }

  act(event) {
    const goal = this.goalOf(event);
    if (goal !== null) return this.move(goal, event.shiftKey);
    const withCommand = event.ctrlKey || event.metaKey;
    const action = withCommand ? this.commands[event.key.toLowerCase()] : this.keys[event.key];
    return action ? action(event) : false;
  }

  keys = {
    " ": (event) => (event.shiftKey ? this.selectDays() : this.toggle()),
    Enter: () => this.toggle(),
    Delete: () => this.editor.paint(this.area(), false),
    Backspace: () => this.editor.paint(this.area(), false),
    Escape: () => (this.grid.selection ? this.drop() : false),
  };

  commands = {
    " ": () => this.selectHours(),
    a: () => this.select({ firstDay: 0, lastDay: 6, from: 0, until: QUARTERS_PER_DAY }),
    z: (event) => (event.shiftKey ? this.editor.redo() : this.editor.undo()),
    y: () => this.editor.redo(),
  };

  /** Return the quarter that a key leads to, or null. */
  goalOf(event) {
    const far = event.ctrlKey || event.metaKey;
    const { day, quarter } = spotOf(this.grid.current);
    if (event.key === "Home") return far ? 0 : day * QUARTERS_PER_DAY;
    if (event.key === "End") return at(far ? 6 : day, LAST_QUARTER);
    if (event.key === "PageUp") return at(day, quarter - 4);
    if (event.key === "PageDown") return at(day, quarter + 4);
    if (!(event.key in ARROWS)) return null;
    const [across, down] = ARROWS[event.key];
    const [days, quarters] = this.grid.isTurned ? [across, down] : [down, across];
    return at(day + days * (far ? 7 : 1), quarter + quarters * (far ? 4 : 1));
  }

  move(goal, isSelecting) {
    const start = this.anchor ?? this.grid.current;
    this.grid.moveTo(goal);
    if (!isSelecting) return this.drop();
    this.anchor = start;
    return this.select(this.between(start, goal));
  }

  selectDays() {
    const { firstDay, lastDay } = this.area();
    this.select({ firstDay, lastDay, from: 0, until: QUARTERS_PER_DAY });
  }

  selectHours() {
    const { from, until } = this.area();
    this.select({ firstDay: 0, lastDay: 6, from, until });
  }

  select(area) {
    this.grid.select(area);
    this.editor.selected(area);
  }

  drop() {
    this.anchor = null;
    if (this.grid.selection) this.grid.select(null);
  }

  toggle() {
    this.editor.paint(this.area(), !this.editor.isOpen(this.area()));
  }

  /** Return the selected area, or the quarter in focus. */
  area() {
    return this.grid.selection ?? this.between(this.grid.current, this.grid.current);
  }

  between(start, goal) {
    return areaBetween(spotOf(start), spotOf(goal), 1);
  }
}

function at(day, quarter) {
  const within = (n, last) => Math.min(Math.max(n, 0), last);
  return within(day, 6) * QUARTERS_PER_DAY + within(quarter, LAST_QUARTER);
}
