// The picture with the words' boxes over it, and the list of words: each shows the other.
import { drawn, element, set } from "./elements.js";

// Told by colour, by the outline's dashes and by the number.
const grade = (confidence) => (confidence >= 0.9 ? "high" : confidence >= 0.6 ? "middle" : "low");
const key = (text) => text.normalize("NFC").toLowerCase().replace(/\s+/g, "");

export class Viewer {
  constructor(view, list, zoomed) {
    Object.assign(this, { view, list, zoomed, words: [], boxes: [], entries: [], zoom: 1, current: 0 });
    for (const side of [view, list]) {
      side.addEventListener("pointerover", (event) => this.mark(this.index(event)));
      side.addEventListener("pointerleave", () => this.mark(-1));
      side.addEventListener("click", (event) => this.show(this.index(event), side === view ? this.entries : this.boxes));
    }
    view.addEventListener("wheel", (event) => {
      if (event.ctrlKey) { event.preventDefault(); this.scale(this.zoom * (event.deltaY < 0 ? 1.25 : 0.8)); }
    }, { passive: false });
    list.addEventListener("focusin", (event) => this.show(this.index(event), this.boxes));
    list.addEventListener("keydown", (event) => this.pressed(event));
  }

  index(event) { return Number(event.target.closest("[data-i]")?.dataset.i ?? -1); }

  // Shows a picture that the browser has decoded; its size is as seen, turned by its EXIF tag.
  picture(url, width, height, turn) {
    if (this.url) URL.revokeObjectURL(this.url);
    Object.assign(this, { url, turn, seen: [width, height] });
    this.svg = set(drawn("svg"), { "aria-hidden": true }); // the list says it all
    this.image = set(drawn("image"), { href: url });
    this.layer = drawn("g");
    this.svg.append(this.image, this.layer);
    this.view.replaceChildren(this.svg);
    this.clear();
    this.frame(false);
  }

  // A service's boxes may be meant for the picture as stored, and nobody knows: a switch shows both.
  frame(stored) {
    const [width, height] = this.size = stored && this.turn > 4 ? [...this.seen].reverse() : this.seen;
    this.svg.classList.toggle("stored", stored);
    set(this.svg, { viewBox: `0 0 ${width} ${height}` });
    set(this.image, { width, height });
    this.fit();
  }

  clear(hint) {
    Object.assign(this, { words: [], boxes: [], entries: [], marked: undefined });
    this.layer?.replaceChildren();
    this.list.replaceChildren(element("p", { className: "quiet" }, hint ?? ""));
  }

  result(lines) {
    this.words = lines.flat();
    this.boxes = this.words.map((word, i) => word.box && set(drawn("polygon"), {
      points: word.box.join(" "), class: grade(word.confidence), "data-i": i,
    }));
    this.layer?.replaceChildren(...this.boxes.filter(Boolean));
    this.entries = this.words.map(({ text, confidence }, i) => {
      const number = element("small", {}, Number.isFinite(confidence) ? confidence.toFixed(2) : "–");
      const entry = { type: "button", className: grade(confidence), tabIndex: -1 };
      return set(element("button", entry, text.trim() || "␣", " ", number), { "data-i": i });
    });
    let shown = 0;
    const items = lines.map((line) => element("li", {}, ...this.entries.slice(shown, shown += line.length)));
    this.list.replaceChildren(element("ol", {}, ...items));
    this.rove(0);
    this.spell(lines);
  }

  // For the search: each line's letters without blanks, and whose word each letter is.
  spell(lines) {
    let i = 0;
    this.spelled = lines.map((line) => {
      const spelled = { letters: "", owners: [] };
      for (const word of line) {
        const letters = key(word.text);
        spelled.letters += letters;
        spelled.owners.push(...Array(letters.length).fill(i++));
      }
      return spelled;
    });
  }

  search(text) {
    const wanted = key(text), found = new Set();
    let count = 0;
    for (const { letters, owners } of wanted ? this.spelled ?? [] : []) {
      for (let at = letters.indexOf(wanted); at >= 0; at = letters.indexOf(wanted, at + wanted.length)) {
        count += 1;
        owners.slice(at, at + wanted.length).forEach((owner) => found.add(owner));
      }
    }
    this.each((element, i) => element.classList.toggle("hit", found.has(i)));
    if (found.size) this.show(Math.min(...found), this.boxes, this.entries);
    return count;
  }

  threshold(least) {
    this.each((element, i) => element.toggleAttribute("data-below", !(this.words[i].confidence >= least) && least > 0));
  }

  each(change) {
    this.words.forEach((_, i) => { change(this.entries[i], i); if (this.boxes[i]) change(this.boxes[i], i); });
  }

  mark(i) {
    if (i === this.marked) return;
    for (const [index, on] of [[this.marked, false], [i, true]]) {
      this.entries[index]?.classList.toggle("on", on);
      this.boxes[index]?.classList.toggle("on", on);
    }
    this.marked = i;
  }

  rove(i) {
    if (!this.entries[i]) return;
    if (this.entries[this.current]) this.entries[this.current].tabIndex = -1;
    this.entries[i].tabIndex = 0;
    this.current = i;
  }

  show(i, ...sides) {
    this.mark(i);
    this.rove(i);
    for (const side of sides) {
      const inside = side === this.boxes ? this.view : this.list, element = side[i];
      if (!element) continue;
      const [frame, place] = [inside.getBoundingClientRect(), element.getBoundingClientRect()];
      inside.scrollBy(place.left < frame.left || place.right > frame.right ? place.left - frame.left - frame.width / 3 : 0,
        place.top < frame.top || place.bottom > frame.bottom ? place.top - frame.top - frame.height / 3 : 0);
    }
  }

  pressed(event) {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: 1, End: -1 }[event.key];
    let to = { Home: 0, End: this.entries.length - 1 }[event.key] ?? this.current + by;
    while (this.entries[to]?.hasAttribute("data-below")) to += by;
    if (!by || !this.entries[to]) return;
    event.preventDefault();
    this.entries[to].focus();
  }

  // A tall picture is fitted to the width and scrolled, a word of it would be a dot else.
  fit() {
    const [width, height] = this.size;
    const room = [this.view.clientWidth, this.view.clientHeight].map((side) => Math.max(side - 2, 50));
    const wide = room[0] / width;
    this.fitted = height / width > 2.5 ? Math.min(wide, 1) : Math.min(wide, room[1] / height, 2);
    this.scale(1);
    this.view.scrollTo(0, 0);
  }

  scale(zoom) {
    if (!this.svg) return;
    const middle = (this.view.scrollTop + this.view.clientHeight / 2) / this.zoom;
    this.zoom = Math.min(Math.max(zoom, 0.25), 16);
    this.svg.style.width = `${this.size[0] * this.fitted * this.zoom}px`;
    this.svg.style.height = `${this.size[1] * this.fitted * this.zoom}px`;
    this.view.scrollTop = middle * this.zoom - this.view.clientHeight / 2;
    this.zoomed(Math.round(this.fitted * this.zoom * 100));
  }
}
