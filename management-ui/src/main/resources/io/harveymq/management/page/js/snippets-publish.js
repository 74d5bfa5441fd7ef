// One message as code that publishes it. Lines may begin with what looks like a remark: they are the user's.
import { amqpAddress, amqpUri } from "./context.js";

const py = (s) => JSON.stringify(s).replace(/[\u007f-\uffff]/g, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
/** A number as it was sent, see inFull(). */
const isRaw = (v) => JSON.isRawJSON?.(v) ?? false;
const isScalar = (v) => v === null || isRaw(v) || ["string", "number", "boolean"].includes(typeof v);

const pyValue = (v) => {
  if (v === null || v === undefined) return "None";
  if (isRaw(v)) return v.rawJSON;
  if (typeof v === "boolean") return v ? "True" : "False";
  if (typeof v === "string") return py(v);
  if (Array.isArray(v)) return `[${v.map(pyValue).join(", ")}]`;
  if (typeof v === "object") return `{${Object.entries(v).map(([k, one]) => `${py(k)}: ${pyValue(one)}`).join(", ")}}`;
  return String(v);
};

const written = (v) => (isRaw(v) ? v.rawJSON : String(v));
const isReal = (v) => (typeof v === "number" && !Number.isInteger(v)) || (isRaw(v) && /[.e]/i.test(v.rawJSON));

/** A header's value as pika sends it as what it was; undefined for what it can't send: it refuses floats. `type` is of header_types. */
function pyHeader(v, type) {
  const name = typeof type === "string" ? type.replace(/\(.*/, "") : "";
  if (name === "decimal") return `decimal.Decimal(${py(written(v))})`;
  if (name === "timestamp") return `datetime.datetime.fromtimestamp(${written(v)}, datetime.timezone.utc)`;
  if (name === "binary") return `${py(v)}.encode()`;
  if (name === "double" || name === "float" || isReal(v)) return undefined;
  if (v === null || typeof v !== "object" || isRaw(v)) return pyValue(v);
  const inner = Object.entries(v).map(([k, one]) => [k, pyHeader(one, type?.[k])]);
  if (inner.some(([, one]) => one === undefined)) return undefined;
  return Array.isArray(v) ? `[${inner.map(([, one]) => one).join(", ")}]` : `{${inner.map(([k, one]) => `${py(k)}: ${one}`).join(", ")}}`;
}

const headersOf = (m) => Object.fromEntries(Object.entries(m.properties?.headers ?? {}).filter(([n]) => !/^x-(death|first-death|last-death)/.test(n)));

const pyBody = (m) => (m.payload_encoding === "base64" ? `base64.b64decode(${py(m.payload)})` : `${py(m.payload)}.encode()`);

/** `m` has exchange, routing_key, properties, payload and payload_encoding, as the API gives and takes them. */
export function pikaPublishMessage(vhost, m) {
  const { host, port } = amqpAddress();
  const properties = Object.entries(m.properties ?? {}).filter(([n]) => n !== "headers");
  const lines = properties.map(([n, v]) => `        ${n}=${pyValue(v)},\n`);
  const headers = Object.entries(headersOf(m)).map(([n, v]) => [n, pyHeader(v, m.header_types?.[n])]);
  const [sent, left] = [headers.filter(([, v]) => v !== undefined), headers.filter(([, v]) => v === undefined)];
  if (sent.length) lines.push(`        headers={${sent.map(([n, v]) => `${py(n)}: ${v}`).join(", ")}},\n`);
  if (left.length) lines.push(`        # without the headers ${left.map(([n]) => py(n)).join(", ")}: pika sends no floats\n`);
  const modules = ["base64", "datetime", "decimal"].filter((name) => (name === "base64" ? m.payload_encoding === name : sent.some(([, v]) => v.includes(name + "."))));
  return `${modules.map((name) => `import ${name}\n`).join("")}import pika

connection = pika.BlockingConnection(
    pika.ConnectionParameters(${py(host)}, ${port}${vhost === "/" ? "" : `, ${py(vhost)}`}))
channel = connection.channel()
channel.basic_publish(
    ${py(m.exchange)}, ${py(m.routing_key)},
    ${pyBody(m)},
    pika.BasicProperties(
${lines.join("")}    ))
connection.close()`;
}

const BUILDERS = {
  content_type: "contentType", content_encoding: "contentEncoding", delivery_mode: "deliveryMode", priority: "priority", correlation_id: "correlationId", reply_to: "replyTo",
  expiration: "expiration", message_id: "messageId", type: "type", user_id: "userId", app_id: "appId",
};
const javaNumber = (v) => (Number.isInteger(v) ? (Math.abs(v) > 2147483647 ? v + "L" : String(v)) : v + "d");
const javaRaw = (text) => (/[.e]/i.test(text) ? text + "d" : text + "L");
const javaValue = (v) => (isRaw(v) ? javaRaw(v.rawJSON) : typeof v === "number" ? javaNumber(v) : typeof v === "string" ? JSON.stringify(v) : String(v));

export function javaPublishMessage(vhost, m) {
  const p = m.properties ?? {};
  const set = Object.entries(BUILDERS).filter(([n]) => p[n] !== undefined).map(([n, call]) => `        .${call}(${javaValue(p[n])})\n`);
  if (p.timestamp !== undefined) set.push(`        .timestamp(new Date(${p.timestamp}L * 1000))\n`);
  const headers = Object.entries(headersOf(m));
  const plain = headers.filter(([, v]) => isScalar(v) && v !== null);
  if (plain.length) set.push(`        .headers(Map.ofEntries(\n            ${plain.map(([n, v]) => `Map.entry(${JSON.stringify(n)}, ${javaValue(v)})`).join(",\n            ")}))\n`);
  const left = headers.filter(([n]) => !plain.some(([one]) => one === n)).map(([n]) => n);
  const body = m.payload_encoding === "base64" ? `Base64.getDecoder().decode(${JSON.stringify(m.payload)})` : `${JSON.stringify(m.payload)}.getBytes(StandardCharsets.UTF_8)`;
  return `ConnectionFactory factory = new ConnectionFactory();
factory.setUri(${JSON.stringify(amqpUri(vhost))});

try (Connection connection = factory.newConnection();
    Channel channel = connection.createChannel()) {
  AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
${set.join("")}        .build();${left.length ? ` // without the headers ${left.join(", ")}, which are no plain values` : ""}
  byte[] body = ${body};
  channel.basicPublish(${JSON.stringify(m.exchange)}, ${JSON.stringify(m.routing_key)}, properties, body);
}`;
}
