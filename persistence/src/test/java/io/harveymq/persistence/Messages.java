package io.harveymq.persistence;

import io.harveymq.broker.queue.Message;
import io.harveymq.broker.store.Definition;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.Content;
import io.harveymq.codec.FieldTable;
import java.util.Random;

/** Messages and definitions for tests. */
final class Messages {
  private Messages() {}

  static Message text(String body) {
    return new Message(
        Content.address("amq.topic", "some.key"),
        BasicProperties.builder().deliveryMode(2).messageId(body).build().encoded(),
        body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  /** A message of random bytes that begin with its number. */
  static Message random(Random random, long number, int bodyBytes) {
    return random(random, number, bodyBytes, random.nextInt(40));
  }

  static Message random(Random random, long number, int bodyBytes, int headerBytes) {
    byte[] body = new byte[bodyBytes];
    random.nextBytes(body);
    BasicProperties properties =
        BasicProperties.builder()
            .deliveryMode(2)
            .headers(
                FieldTable.builder()
                    .put("number", number)
                    .put("filler", "x".repeat(headerBytes))
                    .build())
            .build();
    String key = "key." + number % 7;
    return new Message(Content.address("exchange", key), properties.encoded(), body);
  }

  static boolean same(Message one, Message other) {
    return java.util.Arrays.equals(one.address(), other.address())
        && java.util.Arrays.equals(one.properties(), other.properties())
        && java.util.Arrays.equals(one.body(), other.body());
  }

  static Definition.Queue queue(long log) {
    return new Definition.Queue("/", "queue-" + log, false, FieldTable.EMPTY, log);
  }

  /** A queue whose definition takes so many bytes and some more. */
  static Definition.Queue queue(long log, int bytes) {
    FieldTable arguments = FieldTable.builder().put("x-filler", "f".repeat(bytes)).build();
    return new Definition.Queue("/", "queue-" + log, true, arguments, log);
  }

  /** A stream; its logs have the numbers behind this one. */
  static Definition.Queue stream(long log) {
    FieldTable arguments = FieldTable.builder().put("x-queue-type", "stream").build();
    return new Definition.Queue("/", "stream-" + log, false, arguments, log);
  }
}
