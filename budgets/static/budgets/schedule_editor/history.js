/** Remember the texts before and after each edit, to go back and forth between them. */
export class History {
  past = [];
  future = [];

  /** Keep the text as it was before an edit. */
  add(before) {
    this.past.push(before);
    this.future = [];
  }

  /** Typing goes on from here: what was undone is gone. */
  forgetUndone() {
    this.future = [];
  }

  /** Return the text before the last edit, or undefined. */
  back(current) {
    return this.#step(this.past, this.future, current);
  }

  /** Return the text before the last step back, or undefined. */
  forth(current) {
    return this.#step(this.future, this.past, current);
  }

  #step(from, to, current) {
    if (from.length) to.push(current);
    return from.pop();
  }
}
