/**
 * Read and write weekly hours as text, character for character as budgets/rules/hours.py does.
 *
 * A week is a Uint8Array of 672 quarter hours, Monday 00:00 first: 0 closed, 1 open.
 */

export const QUARTERS_PER_DAY = 96;
export const QUARTERS_PER_WEEK = 7 * QUARTERS_PER_DAY;

const MAX_CHARACTERS = 5000;
const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

// White space as Python knows it, which is not quite what \s and trim() mean here.
const SPACE = "[\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const EDGES = new RegExp(`^${SPACE}+|${SPACE}+$`, "g");
const LEADING = new RegExp(`^${SPACE}*`);
const DAY_RANGE = new RegExp(`^([A-Za-z]+)(?:${SPACE}*[-–]${SPACE}*([A-Za-z]+))?$`);
const TIME = "([0-9]{1,2}:[0-9]{2})";
const WINDOW = new RegExp(`^${TIME}${SPACE}*[-–]${SPACE}*${TIME}$`);

/** Hours that cannot be read: `index` into the string, `position` in characters, `reason`. */
export class BadHours extends Error {
  constructor(index, reason) {
    super(reason);
    this.index = index;
    this.reason = reason;
  }

  /** Count characters as Python does, where an emoji is one. */
  countedIn(text) {
    this.position = [...text.slice(0, this.index)].length;
    this.message = `At character ${this.position + 1}: ${this.reason}.`;
    return this;
  }
}

/** Read text such as `Mon-Fri 09:00-17:30; Sat 22:00-02:00`; throw BadHours. */
export function parse(text) {
  try {
    return read(text);
  } catch (error) {
    throw error instanceof BadHours ? error.countedIn(text) : error;
  }
}

/** Write the hours the one canonical way; `parse` reads exactly this week back. */
export function format(week) {
  const hours = new Map();
  for (const [first, length] of windows(week).sort((a, b) => a[0] - b[0])) {
    listed(hours, Math.floor(first / QUARTERS_PER_DAY)).push(windowText(first, length));
  }
  const days = new Map();
  for (const [day, texts] of hours) listed(days, texts.join(", ")).push(day);
  return [...days].map(([text, alike]) => `${daysText(alike)} ${text}`).join("; ");
}

/** List the windows as [first quarter of the week, quarters], cut where a person would. */
export function windows(week) {
  // Turned to begin at a closed quarter, no stretch runs over the end of the week.
  const turn = Math.max(week.indexOf(0), 0);
  const found = [];
  for (let slot = turn; slot < turn + QUARTERS_PER_WEEK; slot++) {
    let first = slot;
    while (slot < turn + QUARTERS_PER_WEEK && week[slot % QUARTERS_PER_WEEK]) slot++;
    // A night that ends within a day of its start is one window; longer is whole days.
    while (slot - first >= QUARTERS_PER_DAY) {
      const untilMidnight = QUARTERS_PER_DAY - (first % QUARTERS_PER_DAY);
      found.push([first % QUARTERS_PER_WEEK, untilMidnight]);
      first += untilMidnight;
    }
    if (slot > first) found.push([first % QUARTERS_PER_WEEK, slot - first]);
  }
  return found;
}

/** Open the quarters of a window that starts at a quarter of the week. */
export function open(week, first, length) {
  for (let slot = first; slot < first + length; slot++) week[slot % QUARTERS_PER_WEEK] = 1;
}

/** Write a quarter of a day, 0 to 96, as `09:15`. */
export function clockText(quarter) {
  const [hour, minute] = [Math.floor(quarter / 4), (quarter % 4) * 15];
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

/** Write a window as `22:00-02:00`. */
export function windowText(first, length) {
  const start = first % QUARTERS_PER_DAY;
  return `${clockText(start)}-${clockText(((start + length - 1) % QUARTERS_PER_DAY) + 1)}`;
}

function read(text) {
  if ([...text].length > MAX_CHARACTERS) {
    const index = [...text].slice(0, MAX_CHARACTERS).join("").length;
    throw new BadHours(index, `write at most ${MAX_CHARACTERS} characters`);
  }
  const week = new Uint8Array(QUARTERS_PER_WEEK);
  for (const [clause, column] of split(/[;\n]/, text, 0)) {
    if (clause) readClause(week, clause, column);
  }
  if (!week.includes(1)) {
    throw new BadHours(0, "write at least one window, for example Mon-Fri 09:00-17:30");
  }
  return week;
}

function readClause(week, clause, column) {
  const cut = clause.split(/[0-9]/, 1)[0].length;
  const days = split(/,/, clause.slice(0, cut), column).flatMap((item) => readDays(...item));
  for (const item of split(/,/, clause.slice(cut), column + cut)) {
    const [start, length] = readWindow(...item);
    for (const day of days) open(week, day * QUARTERS_PER_DAY + start, length);
  }
}

/** List each stripped piece with its column; a separator is one character. */
function split(separator, text, column) {
  return text.split(separator).map((piece) => {
    const at = column + piece.match(LEADING)[0].length;
    column += piece.length + 1;
    return [piece.replace(EDGES, ""), at];
  });
}

function readDays(text, column) {
  const names = text.match(DAY_RANGE);
  if (!names) {
    const fix = "write days such as Mon-Fri or Mon,Wed, then hours";
    throw new BadHours(column, `found ${shown(text)} where days belong; ${fix}`);
  }
  const first = readDay(names[1], column);
  const last = names[2] ? readDay(names[2], column + text.length - names[2].length) : first;
  return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, n) => (first + n) % 7);
}

function readDay(name, column) {
  const start = name.toLowerCase();
  const day = DAYS.findIndex((full) => full.toLowerCase().startsWith(start));
  if (name.length >= 3 && day >= 0) return day;
  const fix = "write Mon, Tue, Wed, Thu, Fri, Sat or Sun";
  throw new BadHours(column, `${shown(name)} is not a day; ${fix}`);
}

function readWindow(text, column) {
  const times = text.match(WINDOW);
  if (!times) {
    const fix = "write hours such as 09:00-17:30, ',' before more hours, ';' before other days";
    throw new BadHours(column, `found ${shown(text)} where hours belong; ${fix}`);
  }
  const start = readTime(times[1], column, QUARTERS_PER_DAY - 1);
  const end = readTime(times[2], column + text.length - times[2].length, QUARTERS_PER_DAY);
  return [start, end - start + (end <= start ? QUARTERS_PER_DAY : 0)];
}

function readTime(time, column, latest) {
  const [hour, minute] = time.split(":").map(Number);
  if (minute % 15 || minute > 45) {
    const fix = "write minutes 00, 15, 30 or 45";
    throw new BadHours(column, `'${time}' is not on a quarter hour; ${fix}`);
  }
  const quarter = hour * 4 + minute / 15;
  if (quarter > latest) {
    throw new BadHours(column, `'${time}' is too late; start by 23:45 and end by 24:00`);
  }
  return quarter;
}

/** Quote a piece of text as Python's repr does, cut to 30 characters. */
function shown(piece) {
  if (!piece) return "nothing";
  const characters = [...piece];
  const cut = characters.length <= 30 ? characters : [...characters.slice(0, 29), "…"];
  const quote = cut.includes("'") && !cut.includes('"') ? '"' : "'";
  return quote + cut.map((character) => escaped(character, quote)).join("") + quote;
}

function escaped(character, quote) {
  if (character === quote || character === "\\") return `\\${character}`;
  if (character === " " || !/[\p{C}\p{Z}]/u.test(character)) return character;
  const short = { "\t": "\\t", "\n": "\\n", "\r": "\\r" }[character];
  if (short) return short;
  const code = character.codePointAt(0);
  const [letter, digits] = code < 0x100 ? ["x", 2] : code < 0x10000 ? ["u", 4] : ["U", 8];
  return `\\${letter}${code.toString(16).padStart(digits, "0")}`;
}

/** Write days in order as ranges and single days: `Mon-Wed,Sat`. */
function daysText(days) {
  const firsts = days.filter((day) => !days.includes(day - 1));
  const lasts = days.filter((day) => !days.includes(day + 1));
  const name = (day) => DAYS[day].slice(0, 3);
  const range = (first, n) => name(first) + (lasts[n] > first ? `-${name(lasts[n])}` : "");
  return firsts.map(range).join(",");
}

function listed(map, key) {
  if (!map.has(key)) map.set(key, []);
  return map.get(key);
}
