// Makes and changes elements.

export const element = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};
export const drawn = (name) => document.createElementNS("http://www.w3.org/2000/svg", name);
export const set = (changed, attributes) => {
  for (const [name, value] of Object.entries(attributes)) changed.setAttribute(name, value);
  return changed;
};
