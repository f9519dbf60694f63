import type { Size } from "./camera.ts";

/** What a drawing looks like, as attributes that it takes along. */
const LOOKS = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
  "font-style",
  "text-anchor",
] as const;

/** Where and how large its parts are. */
const PLACES = ["x", "y", "width", "height", "rx", "r", "d"] as const;

const SVG = "http://www.w3.org/2000/svg";

/** The overview as an SVG document of its own, in the colours that the page shows now. */
export function svgText(drawn: SVGSVGElement, { width, height }: Size): string {
  const picture = document.createElementNS(SVG, "svg");
  const room = { width: String(width), height: String(height) };
  for (const [name, value] of Object.entries({ viewBox: `0 0 ${width} ${height}`, ...room })) picture.setAttribute(name, value);
  const ground = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({ ...room, fill: getComputedStyle(document.body).backgroundColor }))
    ground.setAttribute(name, value);
  picture.append(ground);
  for (const part of drawn.firstElementChild?.children ?? []) picture.append(copied(part));
  return new XMLSerializer().serializeToString(picture);
}

/** A part of the drawing with its looks as attributes. It is made anew: a clone would bring styles along, which the page's rules forbid. */
function copied(part: Element): Element {
  const copy = document.createElementNS(SVG, part.localName);
  const style = getComputedStyle(part);
  for (const look of LOOKS) copy.setAttribute(look, style.getPropertyValue(look));
  if (style.transform !== "none") copy.setAttribute("transform", style.transform);
  for (const name of PLACES) {
    const value = part.getAttribute(name);
    if (value !== null) copy.setAttribute(name, value);
  }
  for (const child of part.childNodes) {
    if (child instanceof Element) copy.append(copied(child));
    else if (child instanceof Text) copy.append(child.data);
  }
  return copy;
}
