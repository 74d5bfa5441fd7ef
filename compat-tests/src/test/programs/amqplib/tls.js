// Connects with TLS and gets its own message: tls.js PORT CA [CERTIFICATE KEY].
// With a certificate it logs in by it.
const fs = require("fs");
const amqp = require("amqplib");

const [port, ca, cert, key] = process.argv.slice(2);

async function main() {
  const options = { ca: [fs.readFileSync(ca)] };
  if (cert) {
    options.cert = fs.readFileSync(cert);
    options.key = fs.readFileSync(key);
    options.credentials = amqp.credentials.external();
  }
  let connection;
  try {
    connection = await amqp.connect(`amqps://localhost:${port}`, options);
  } catch (refused) {
    console.log("refused:", refused.message);
    return;
  }
  const channel = await connection.createConfirmChannel();
  const { queue } = await channel.assertQueue("", { exclusive: true });
  const body = Buffer.alloc(2048000, "harvey ");
  channel.sendToQueue(queue, body);
  await channel.waitForConfirms();
  const got = await channel.get(queue, { noAck: true });
  console.log(body.equals(got.content) ? "same" : "different");
  await connection.close();
}

main();
