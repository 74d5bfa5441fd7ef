package io.harveymq.broker.hostile;

import io.harveymq.broker.wire.Commands;
import io.harveymq.broker.wire.Frame;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ChannelMethod;
import io.harveymq.codec.ExchangeMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import io.harveymq.codec.TxMethod;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Makes up valid conversations: everything that a client says, from the handshake to
 * connection.close, using most methods that there are.
 */
final class Conversations {
  private static final int CONFIRMS = 1;
  private static final int TRANSACTION = 2;
  private static final int PLAIN = 3;

  private final Random random;
  private final String prefix;
  private final List<Frame> frames = new ArrayList<>();
  private int queues;

  private Conversations(Random random, String prefix) {
    this.random = random;
    this.prefix = prefix;
  }

  /**
   * One conversation.
   *
   * @param prefix of the names of what it declares
   */
  static List<Frame> random(Random random, String prefix) {
    return new Conversations(random, prefix).build();
  }

  private List<Frame> build() {
    frames.addAll(Commands.handshake());
    for (int channel = CONFIRMS; channel <= PLAIN; channel++) {
      frames.add(Commands.openChannel(channel));
    }
    frames.add(Commands.confirmSelect(CONFIRMS));
    frames.add(Frame.method(TRANSACTION, new TxMethod.Select()));
    frames.add(Commands.declareExclusive(PLAIN, queue()));
    int steps = 3 + random.nextInt(12);
    for (int i = 0; i < steps; i++) {
      step(1 + random.nextInt(PLAIN));
    }
    if (random.nextBoolean()) {
      frames.add(Frame.method(PLAIN, new ChannelMethod.Close(200, "", 0, 0)));
    }
    frames.add(Commands.close());
    return frames;
  }

  private String queue() {
    return prefix + "-q" + queues;
  }

  private void step(int channel) {
    switch (random.nextInt(9)) {
      case 0 -> declareAnother(channel);
      case 1 -> bind(channel);
      case 2, 3, 4 -> publish(channel);
      case 5 -> frames.add(Commands.consume(channel, queue(), random.nextBoolean()));
      case 6 -> getAndAck(channel);
      case 7 -> endTransaction();
      default -> settings(channel);
    }
  }

  private void declareAnother(int channel) {
    queues++;
    FieldTable arguments =
        FieldTable.builder()
            .put("x-max-length", 10_000)
            .put("x-anything", FieldTable.builder().put("a", true).put("b", "text").build())
            .build();
    frames.add(
        Frame.method(
            channel,
            new QueueMethod.Declare(
                queue(), false, false, true, random.nextBoolean(), false, arguments)));
  }

  private void bind(int channel) {
    String exchange = prefix + "-x" + random.nextInt(1_000_000);
    String[] types = {"direct", "fanout", "topic", "headers"};
    String type = types[random.nextInt(types.length)];
    frames.add(
        Frame.method(
            channel,
            new ExchangeMethod.Declare(
                exchange, type, false, false, true, false, false, FieldTable.EMPTY)));
    FieldTable arguments =
        FieldTable.builder().put("x-match", "any").put("kind", random.nextInt(3)).build();
    frames.add(
        Frame.method(channel, new QueueMethod.Bind(queue(), exchange, "a.*.#", false, arguments)));
    publish(channel, new BasicMethod.Publish(exchange, "a.b.c", random.nextBoolean(), false));
    frames.add(
        Frame.method(channel, new QueueMethod.Unbind(queue(), exchange, "a.*.#", arguments)));
  }

  private void publish(int channel) {
    String key = random.nextInt(4) == 0 ? "nowhere" : queue();
    publish(channel, new BasicMethod.Publish("", key, random.nextBoolean(), false));
  }

  private void publish(int channel, BasicMethod.Publish method) {
    byte[] body = new byte[random.nextInt(10) == 0 ? random.nextInt(200_000) : random.nextInt(300)];
    random.nextBytes(body);
    frames.add(Frame.method(channel, method));
    frames.add(Frame.header(channel, body.length, properties()));
    int at = 0;
    while (at < body.length) {
      int to = Math.min(body.length, at + 1 + random.nextInt(Commands.FRAME_MAX - 8));
      frames.add(Frame.body(channel, Arrays.copyOfRange(body, at, to)));
      at = to;
    }
  }

  private BasicProperties properties() {
    BasicProperties.Builder builder = BasicProperties.builder();
    if (random.nextBoolean()) {
      builder.contentType("text/plain").deliveryMode(2).messageId("m" + random.nextInt());
    }
    if (random.nextBoolean()) {
      builder.headers(
          FieldTable.builder()
              .put("kind", random.nextInt(3))
              .put("deep", FieldTable.builder().put("er", random.nextLong()).build())
              .build());
    }
    return builder.build();
  }

  private void getAndAck(int channel) {
    frames.add(Commands.get(channel, queue(), random.nextBoolean()));
    boolean requeue = random.nextInt(3) == 0;
    frames.add(
        requeue
            ? Frame.method(channel, new BasicMethod.Nack(0, true, true))
            : Commands.ack(channel, 0, true));
  }

  private void endTransaction() {
    frames.add(
        Frame.method(
            TRANSACTION, random.nextBoolean() ? new TxMethod.Commit() : new TxMethod.Rollback()));
  }

  private void settings(int channel) {
    switch (random.nextInt(4)) {
      case 0 -> frames.add(Commands.qos(channel, random.nextInt(5)));
      case 1 -> frames.add(Frame.heartbeat());
      case 2 -> frames.add(Frame.method(channel, new BasicMethod.Recover(true)));
      default -> frames.add(Frame.method(channel, new QueueMethod.Purge(queue(), false)));
    }
  }
}
