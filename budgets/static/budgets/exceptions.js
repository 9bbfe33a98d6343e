/** Add a country's public holidays to a text of dates; what is there already stays as it is. */

const dayOf = (line) => line.trim().split(/\s/, 1)[0];

class Exceptions {
  constructor(root) {
    const part = (name) => root.querySelector(`[data-part="${name}"]`);
    Object.assign(this, { root, part, textarea: root.querySelector("textarea") });
    if (this.textarea.readOnly || this.textarea.matches(":disabled")) return;
    for (const type of ["input", "change"]) {
      // What is chosen here is no edit of the form around it.
      part("offer").addEventListener(type, (event) => event.stopPropagation());
    }
    part("country").addEventListener("change", () => this.showRegions());
    part("add").addEventListener("click", () => this.add());
    part("offer").hidden = false;
    this.showRegions();
  }

  /** Ask for the holidays of what is chosen; nothing where no country is, or none is answered. */
  async ask(region) {
    const country = this.part("country").value;
    if (!country) return null;
    const query = new URLSearchParams({ country, region, year: this.part("year").value });
    try {
      const response = await fetch(`${this.root.dataset.url}?${query}`);
      if (response.ok) return await response.json();
    } catch {
      // Said below: no answer is no answer.
    }
    this.say("failed");
    return null;
  }

  async showRegions() {
    const choice = this.part("region");
    const options = [new Option(this.root.dataset.all, "")];
    choice.replaceChildren(...options);
    const country = this.part("country").value;
    const answer = await this.ask("");
    if (country !== this.part("country").value) return; // another was chosen meanwhile
    for (const [code, name] of answer?.regions ?? []) choice.add(new Option(name, code));
    choice.disabled = choice.options.length === 1;
  }

  async add() {
    const answer = await this.ask(this.part("region").value);
    if (!answer) return;
    const lines = this.textarea.value.split("\n").filter((line) => line.trim());
    const known = new Set(lines.map(dayOf));
    const hours = this.part("hours").value;
    const fresh = answer.days.filter(([day]) => !known.has(day));
    for (const [day, name] of fresh) lines.push(`${day} ${hours} # ${name}`);
    lines.sort((one, other) => dayOf(one).localeCompare(dayOf(other)));
    this.textarea.value = lines.join("\n");
    this.textarea.rows = Math.min(Math.max(lines.length + 1, 4), 16);
    this.textarea.dispatchEvent(new Event("input", { bubbles: true }));
    this.say("added", { count: fresh.length, kept: answer.days.length - fresh.length });
  }

  say(word, values = {}) {
    const text = this.root.dataset[word];
    this.part("said").textContent = text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }
}

for (const root of document.querySelectorAll("[data-exceptions]")) new Exceptions(root);
