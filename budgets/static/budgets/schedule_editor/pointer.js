/** Paint with a mouse, a pen or a finger; a finger paints after a long press, else it scrolls. */

import { areaBetween } from "./grid.js";

const LONG_PRESS_MS = 350;
const SLOP_PX = 10;

/** Report strokes over `grid` to `editor`: willPaint, paint and hover. */
export class Pointer {
  constructor(grid, editor) {
    Object.assign(this, { grid, editor, stroke: null, press: null });
    const { host } = grid;
    for (const type of ["pointerdown", "pointermove", "pointerup", "pointercancel"]) {
      host.addEventListener(type, (event) => this[type](event));
    }
    host.addEventListener("pointerleave", () => this.stroke || editor.hover(null));
    // Once painting, a finger must not scroll, open a menu or select text.
    const hold = (event) => (this.stroke || this.press) && event.preventDefault();
    host.addEventListener("touchmove", (event) => this.stroke && event.preventDefault(), {
      passive: false,
    });
    host.addEventListener("contextmenu", hold);
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.stroke) return;
      event.preventDefault();
      this.end();
      editor.hover(null);
    });
  }

  pointerdown(event) {
    if (event.button !== 0 || !event.isPrimary || this.editor.isReadOnly) return;
    if (event.pointerType !== "touch") {
      this.grid.host.setPointerCapture(event.pointerId);
      this.begin(event);
      return;
    }
    const { clientX, clientY } = event;
    const timer = setTimeout(() => this.begin(event), LONG_PRESS_MS);
    this.press = { timer, clientX, clientY };
  }

  pointermove(event) {
    if (this.stroke) this.extend(event);
    else if (this.press) this.letGoIfMoved(event);
    else if (event.pointerType === "mouse") this.hover(event);
  }

  pointerup(event) {
    if (this.press) this.begin(event); // a tap
    if (!this.stroke) return;
    const { area, willOpen } = this.stroke;
    this.end();
    this.editor.paint(area, willOpen);
  }

  pointercancel() {
    this.letGo();
    this.end();
  }

  hover(event) {
    const { slot } = event.target.dataset;
    this.editor.hover(slot === undefined ? null : Number(slot));
  }

  begin(event) {
    this.letGo();
    const start = this.spot(event);
    const area = areaBetween(start, start, this.editor.stepQuarters);
    this.stroke = { start, area, willOpen: !this.editor.isOpen(area) };
    if (event.pointerType === "touch") navigator.vibrate?.(10);
    this.show();
  }

  extend(event) {
    this.stroke.area = areaBetween(this.stroke.start, this.spot(event), this.editor.stepQuarters);
    this.show();
  }

  show() {
    this.grid.preview(this.stroke.area, this.stroke.willOpen);
    this.editor.willPaint(this.stroke.area, this.stroke.willOpen);
  }

  end() {
    this.stroke = null;
    this.grid.preview(null);
  }

  letGoIfMoved({ clientX, clientY }) {
    if (Math.hypot(clientX - this.press.clientX, clientY - this.press.clientY) > SLOP_PX) {
      this.letGo();
    }
  }

  letGo() {
    clearTimeout(this.press?.timer);
    this.press = null;
  }

  spot(event) {
    return this.grid.spotAt(event.clientX, event.clientY);
  }
}
