// Reads a reply without losing anything: keys may repeat, and commas may trail, as in the vendor's
// guide. An object becomes a list of [key, value] pairs, marked as one. No page, no network.

const SIGN = /([[\]{}:,])/, LITERAL = /(true|false|null)/;
const STRING = /("[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*")/;
const NUMBER = /(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/;
const TOKEN = new RegExp(`[ \\t\\r\\n]*(?:${[SIGN, STRING, NUMBER, LITERAL].map((each) => each.source).join("|")})`, "y");
const LITERALS = { true: true, false: false, null: null };
const DEEPEST = 200;

export class Pairs extends Array {
  all(key) { return this.filter(([name]) => name === key).map(([, value]) => value); }
  get(key) { return this.all(key).at(-1); } // as plain readers do: of an unknown key the last
}

export function parse(text) {
  let at = 0;
  const next = () => {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (!found) throw new SyntaxError(`no JSON at character ${at}`);
    at = TOKEN.lastIndex;
    return found;
  };
  const peek = (sign) => { const before = at; if (next()[1] === sign) return true; at = before; return false; };
  const expect = (sign) => { if (!peek(sign)) throw new SyntaxError(`no "${sign}" at character ${at}`); };
  const members = (end, into, read) => {
    while (!peek(end)) { // also after a comma: that one trails
      into.push(read());
      if (!peek(",")) { expect(end); break; }
    }
    return into;
  };
  const value = (depth) => {
    if (depth > DEEPEST) throw new SyntaxError("nested too deeply");
    const [, sign, string, number, literal] = next();
    if (string !== undefined) return JSON.parse(string);
    if (number !== undefined) return Number(number);
    if (literal !== undefined) return LITERALS[literal];
    if (sign === "[") return members("]", [], () => value(depth + 1));
    if (sign === "{") return members("}", new Pairs(), () => {
      const key = next()[2];
      if (key === undefined) throw new SyntaxError(`no key at character ${at}`);
      expect(":");
      return [JSON.parse(key), value(depth + 1)];
    });
    throw new SyntaxError(`no value at character ${at}`);
  };
  const result = value(0);
  if (text.slice(at).trim()) throw new SyntaxError(`more after the end, at character ${at}`);
  return result;
}

const object = (value) => (value instanceof Pairs ? value : new Pairs());
const list = (value) => (Array.isArray(value) && !(value instanceof Pairs) ? value : []);
const CORNERS = ["x1", "y1", "x2", "y2", "x3", "y3", "x4", "y4"];

function quad(value) {
  const corners = CORNERS.map((name) => object(value).get(name));
  return corners.every(Number.isFinite) ? corners : null;
}

// Which box is whose is told by the lists alone: at unequal lengths nobody knows.
function paired(texts, boxes) {
  if (texts.length > 1 && boxes.length > 1) {
    const fits = texts.length === boxes.length && texts.every((group, k) => group.length === boxes[k].length);
    return fits ? boxes.flat() : null;
  }
  const flat = boxes.flat();
  return texts.flat().length === flat.length ? flat : null;
}

// A reply as the page shows it: lines of words with text, confidence and box (or null), in order.
export function read(text) {
  const reply = object(parse(text));
  const header = object(reply.get("header"));
  const result = object(reply.get("result"));
  const outer = list(result.get("listOfInferTexts")).map((each) => object(each).all("inferTexts").map(list));
  const outerBoxes = list(result.get("listOfBoundingBoxes")).map((each) => object(each).all("boundingBoxes").map(list));
  const lines = [];
  outer.forEach((groups, i) => {
    const boxes = outer.length === outerBoxes.length ? paired(groups, outerBoxes[i]) : null;
    let k = 0;
    for (const group of groups) {
      const line = group.map((word) => ({
        text: String(object(word).get("value") ?? ""),
        confidence: object(word).get("conf"),
        box: boxes ? quad(boxes[k++]) : null,
      }));
      if (line.length) lines.push(line);
    }
  });
  return {
    code: header.get("resultCode"),
    message: header.get("resultMessage"),
    successful: header.get("isSuccessful") === true,
    slices: result.get("slicesImages"),
    lines,
  };
}
