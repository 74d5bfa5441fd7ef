// Code that runs as pasted: the real host, port and vhost filled in.
import { amqpAddress, amqpUri, targetVhost } from "./context.js";

const py = (s) => JSON.stringify(s).replace(/[\u007f-\uffff]/g, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));

function pikaConnect(vhost) {
  const { host, port } = amqpAddress();
  const extra = vhost === "/" ? "" : `, ${py(vhost)}`;
  return `import pika

connection = pika.BlockingConnection(
    pika.ConnectionParameters(${py(host)}, ${port}${extra}))
channel = connection.channel()
`;
}

export const pikaStart = (vhost = targetVhost()) => `${pikaConnect(vhost)}
channel.exchange_declare("orders", "topic", durable=True)
channel.queue_declare("billing", durable=True)
channel.queue_bind("billing", "orders", "order.*.paid")

channel.basic_publish("orders", "order.eu.paid", b'{"orderId": "A-1"}')

for method, properties, body in channel.consume("billing"):
    print(method.routing_key, body)
    channel.basic_ack(method.delivery_tag)`;

export const javaStart = (vhost = targetVhost()) => `ConnectionFactory factory = new ConnectionFactory();
factory.setUri("${amqpUri(vhost)}");

try (Connection connection = factory.newConnection("orders-api");
    Channel channel = connection.createChannel()) {
  channel.exchangeDeclare("orders", "topic", true);
  channel.queueDeclare("billing", true, false, false, null);
  channel.queueBind("billing", "orders", "order.*.paid");

  byte[] body = "{\\"orderId\\": \\"A-1\\"}".getBytes(StandardCharsets.UTF_8);
  channel.basicPublish("orders", "order.eu.paid", null, body);
  System.out.println(channel.basicGet("billing", true).getEnvelope());
}`;

export function springStart(vhost = targetVhost()) {
  const { host, port } = amqpAddress();
  return `# application.yml
spring:
  rabbitmq:
    host: ${host}
    port: ${port}
    username: guest
    password: guest
    virtual-host: ${JSON.stringify(vhost)}`;
}

export const junitStart = () => `import static org.junit.jupiter.api.Assertions.assertEquals;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.harveymq.broker.Broker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OrdersTest {
  static Broker broker;

  @BeforeAll
  static void start() throws Exception {
    broker = Broker.start();              // a broker of its own, on a free port
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void orderArrives() throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(broker.amqpUri());
    try (Connection connection = factory.newConnection();
        Channel channel = connection.createChannel()) {
      channel.queueDeclare("billing", true, false, false, null);
      channel.confirmSelect();
      channel.basicPublish("", "billing", null, "A-1".getBytes());
      channel.waitForConfirmsOrDie(5_000);
      assertEquals("A-1", new String(channel.basicGet("billing", true).getBody()));
    }
  }
}`;

export const composeStart = () => `# compose.yaml; once before: docker build -t harvey .
services:
  rabbitmq:
    image: harvey
    ports:
      - "5672:5672"
      - "15672:15672"
    volumes:
      - rabbitmq:/var/lib/rabbitmq

volumes:
  rabbitmq:`;

export const pikaPublish = (vhost, exchange, key) => `${pikaConnect(vhost)}
channel.basic_publish(${py(exchange)}, ${py(key)}, b'{"orderId": "A-1"}')
connection.close()`;

export const pikaBind = (vhost, queue, exchange, key) => `${pikaConnect(vhost)}
${bindLine(queue, exchange, key)}
connection.close()`;

const KEYS = { topic: "order.*.paid", direct: "order.paid" };

/** [queue, key] that would catch what an exchange drops: a key that was dropped, if one is known, else one that its type takes; a queue that exists, if one does. */
export function bindExample(x, queues, dropped) {
  const queue = queues.find((q) => q.vhost === x.vhost && !q.exclusive && !q.name.startsWith("amq."))?.name ?? "billing";
  return [queue, KEYS[x.type] === undefined ? "" : dropped?.items?.[0]?.routing_key ?? KEYS[x.type]];
}

export const bindLine = (queue, exchange, key) => `channel.queue_bind(${py(queue)}, ${py(exchange)}, ${py(key)})`;

export const pikaConsume = (vhost, queue) => `${pikaConnect(vhost)}
for method, properties, body in channel.consume(${py(queue)}):
    print(method.routing_key, body)
    channel.basic_ack(method.delivery_tag)`;

/** A stream from its beginning; nothing is taken from it. */
export const pikaReadStream = (vhost, queue) => `${pikaConnect(vhost)}
channel.basic_qos(prefetch_count=100)
for method, properties, body in channel.consume(${py(queue)}, arguments={"x-stream-offset": "first"}):
    print(method.routing_key, body)
    channel.basic_ack(method.delivery_tag)`;

const pyValue = (v) => (v === true ? "True" : v === false ? "False" : v === null ? "None" : typeof v === "string" ? py(v) : JSON.stringify(v));

const pyArguments = (args, indent) => {
  const entries = Object.entries(args);
  if (!entries.length) return "";
  const lines = entries.map(([k, v]) => `${py(k)}: ${pyValue(v)}`).join(",\n" + " ".repeat(indent + 11));
  return `,\n${" ".repeat(indent)}arguments={${lines}}`;
};

export const pikaDeclareQueue = (d) =>
  `channel.queue_declare(\n  ${py(d.name)}${d.durable ? ", durable=True" : ""}${d.auto_delete ? ", auto_delete=True" : ""}${d.exclusive ? ", exclusive=True" : ""}${pyArguments(d.arguments, 2)})`;

export const pikaDeclareExchange = (d) =>
  `channel.exchange_declare(\n  ${py(d.name)}, ${py(d.type)}${d.durable ? ", durable=True" : ""}${d.auto_delete ? ", auto_delete=True" : ""}${d.internal ? ", internal=True" : ""}${pyArguments(d.arguments, 2)})`;

const javaValue = (v) => (typeof v === "string" ? JSON.stringify(v) : typeof v === "number" && !Number.isInteger(v) ? v + "d" : String(v));
const javaMap = (args) => {
  const entries = Object.entries(args);
  return entries.length ? `Map.of(${entries.map(([k, v]) => `${JSON.stringify(k)}, ${javaValue(v)}`).join(",\n        ")})` : "null";
};

export const javaDeclareQueue = (d) =>
  `channel.queueDeclare(\n    ${JSON.stringify(d.name)}, ${!!d.durable}, ${!!d.exclusive}, ${!!d.auto_delete},\n    ${javaMap(d.arguments)});`;

export const javaDeclareExchange = (d) =>
  `channel.exchangeDeclare(\n    ${JSON.stringify(d.name)}, ${JSON.stringify(d.type)}, ${!!d.durable}, ${!!d.auto_delete}, ${!!d.internal},\n    ${javaMap(d.arguments)});`;
