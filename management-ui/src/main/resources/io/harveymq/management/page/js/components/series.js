// What the series mean that only pages of one object show, and the scale of bytes.
import { SERIES, SCALES } from "./chart.js";

/** Bytes are whole, larger units are not. */
SCALES.bytes = (at, of, value = at) => {
  const unit = 1024 ** Math.floor(Math.log(Math.max(at, 1)) / Math.log(1024));
  return of(value / unit, unit > 1 ? "rate" : "count") * unit;
};

Object.assign(SERIES, {
  redelivered: { label: "redelivered", color: "--c-unacked", dash: [5, 3] },
  letters: { label: "dead letters in", color: "--c-unacked", dash: [5, 3] },
  rejected: { label: "refused", color: "--c-drop", dash: [2, 3] },
  acktime: { label: "ack time", color: "--c-ack", dash: [6, 3] },
  bytes: { label: "bytes", color: "--c-publish", area: true },
  received: { label: "from client", color: "--c-publish" },
  sent: { label: "to client", color: "--c-deliver", dash: [6, 3] },
});
