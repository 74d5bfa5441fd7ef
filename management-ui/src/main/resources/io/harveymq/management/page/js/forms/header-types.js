// Headers of a message that is sent again: their values, and the types that JSON does not tell, as far as an edited value still fits its own.
import { freeValue } from "../arguments.js";

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const BASE64 = /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}(==|[A-Za-z0-9+/]=))?$/;
const isReal = (type) => type === "double" || type === "float";

/** Numbers that JavaScript would change go as they are written, where the browser can. */
const numberOf = (text) => (String(Number(text)) === text || !JSON.rawJSON ? Number(text) : JSON.rawJSON(text));

/** `h` is { text, was, value, type }. What was not touched stays what it was, and text stays text. */
export function headerValue(h) {
  if (h.text === h.was) return h.value;
  const text = h.text.trim();
  if (typeof h.value === "string" && !isReal(h.type)) return h.text;
  return NUMBER.test(text) ? numberOf(text) : freeValue(h.text);
}

const bits = (n) => [-(2n ** BigInt(n - 1)), 2n ** BigInt(n - 1) - 1n];

/** Of whole numbers the smallest and the largest. */
const WHOLE = {
  byte: bits(8), short: bits(16), signedint: bits(32), long: bits(64), timestamp: bits(64),
  unsignedbyte: [0n, 255n], unsignedshort: [0n, 65_535n], unsignedint: [0n, 4_294_967_295n],
};

/** A number as it is written; undefined for what is none. A raw one is as it was sent, see inFull(). */
const written = (v) => (JSON.isRawJSON?.(v) ? v.rawJSON : typeof v === "number" ? String(v) : undefined);

function fits(type, v) {
  const number = written(v);
  const [, scale] = /^decimal\((\d+)\)$/.exec(type) ?? [];
  if (type in WHOLE) return /^-?\d+$/.test(number ?? "") && BigInt(number) >= WHOLE[type][0] && BigInt(number) <= WHOLE[type][1];
  if (scale !== undefined) return /^-?\d+(\.\d+)?$/.test(number ?? "") && (number.split(".")[1] ?? "").length <= scale && number >= 0 && number * 10 ** scale < 2 ** 32;
  if (isReal(type)) return number !== undefined || /^(NaN|-?Infinity)$/.test(v);
  if (type === "void") return v === null;
  if (/-base64$/.test(type)) return BASE64.test(v);
  return type === "binary" && typeof v === "string";
}

/** What of a header's type, or of the types within it, is still true of a value; undefined for nothing. */
export function typeFor(type, v) {
  if (type === undefined || type === null) return undefined;
  if (typeof type === "string") return fits(type, v) ? type : undefined;
  if (Array.isArray(type)) return Array.isArray(v) && v.length === type.length ? type.map((one, i) => typeFor(one, v[i]) ?? null) : undefined;
  if (v === null || typeof v !== "object" || Array.isArray(v)) return undefined;
  const inner = Object.entries(type).map(([name, one]) => [name, typeFor(one, v[name])]).filter(([, one]) => one !== undefined);
  return inner.length ? Object.fromEntries(inner) : undefined;
}

/** A header without a type was a double if it was written so: whole as it may be now, it stays one. */
export const typeOfText = (h) => (h.text !== h.was && NUMBER.test(h.was ?? "") && /[.eE]/.test(h.was) && typeof h.value !== "string" ? "double" : undefined);
