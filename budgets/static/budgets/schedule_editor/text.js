/** The text of the hours: reads the week in it, or shows where and why it cannot be read. */

import { BadHours, QUARTERS_PER_WEEK, format, parse } from "./hours.js";

const ERROR_DELAY_MS = 600; // nobody wants to be corrected in the middle of a word

export class HoursText {
  /** Call `changed` after every edit by a person. */
  constructor({ textarea, part, changed }) {
    Object.assign(this, { textarea, part, error: null, isTouched: false });
    this.week = new Uint8Array(QUARTERS_PER_WEEK);
    this.read();
    this.showError();
    this.describeByError();
    textarea.addEventListener("input", () => {
      if (textarea.value === this.written) return; // it was us
      this.isTouched = true;
      this.read();
      changed();
    });
    textarea.addEventListener("blur", () => this.showError());
    textarea.form?.addEventListener("reset", () => setTimeout(() => (this.read(), changed())));
  }

  get value() {
    return this.textarea.value;
  }

  /** Take the week from the text; where it cannot be read, keep the last one that could. */
  read() {
    this.written = this.value;
    this.error = null;
    try {
      this.week = parse(this.written);
    } catch (error) {
      if (!(error instanceof BadHours)) throw error;
      this.error = error;
      if (!this.written.trim()) this.week = new Uint8Array(QUARTERS_PER_WEEK);
    }
    clearTimeout(this.timer);
    if (!this.error) this.showError();
    else this.timer = setTimeout(() => this.showError(), ERROR_DELAY_MS);
  }

  /** Write a week, or any text, as if a person had typed it; return whether that is news. */
  write(weekOrText) {
    const text = typeof weekOrText === "string" ? weekOrText : format(weekOrText);
    if (text === this.value) return false;
    this.isTouched = true;
    this.textarea.value = text;
    this.read();
    this.showError();
    for (const type of ["input", "change"]) {
      this.textarea.dispatchEvent(new Event(type, { bubbles: true }));
    }
    return true;
  }

  showError() {
    clearTimeout(this.timer);
    const isBlank = !this.value.trim();
    // A form that nobody has touched is not wrong yet.
    const isShown = Boolean(this.error) && (this.isTouched || !isBlank);
    this.part("error").hidden = !isShown;
    this.part("error-text").textContent = isShown ? this.error.message : "";
    this.part("error-place").hidden = !this.badPiece();
    this.part("panel").classList.toggle("is-stale", isShown && !isBlank);
    if (isShown) this.textarea.setAttribute("aria-invalid", "true");
    else this.textarea.removeAttribute("aria-invalid");
  }

  describeByError() {
    const described = [this.textarea.getAttribute("aria-describedby"), this.part("error").id];
    this.textarea.setAttribute("aria-describedby", described.filter(Boolean).join(" "));
  }

  /** Put the cursor on what cannot be read. */
  goToError() {
    if (!this.error) return;
    const { index } = this.error;
    this.textarea.focus();
    this.textarea.setSelectionRange(index, index + this.badPiece().length);
  }

  badPiece() {
    if (!this.error) return "";
    return this.value.slice(this.error.index).split(/[\n;,]/, 1)[0].trimEnd();
  }
}
