package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Delivery;
import java.util.Random;

/** Persistent messages whose whole content follows from a seed and a number. Any thread. */
final class NumberedMessage {
  private static final int LARGEST = 90_000;

  private NumberedMessage() {}

  static AMQP.BasicProperties properties(long number) {
    return CompatTest.properties().deliveryMode(2).messageId(Long.toString(number)).build();
  }

  /** From nothing to 90 KB, mostly small. */
  static byte[] body(long seed, long number) {
    Random random = new Random(seed * 31 + number);
    int size =
        switch (random.nextInt(10)) {
          case 0 -> random.nextInt(LARGEST + 1);
          case 1, 2, 3 -> random.nextInt(8_192);
          default -> random.nextInt(600);
        };
    byte[] body = new byte[size];
    random.nextBytes(body);
    return body;
  }

  /** The number of a message that must be exactly what was published under it. */
  static long verified(long seed, Delivery delivery) {
    long number = Long.parseLong(delivery.getProperties().getMessageId());
    assertThat(delivery.getProperties()).isEqualTo(properties(number));
    assertThat(delivery.getBody()).as("body of %d", number).isEqualTo(body(seed, number));
    return number;
  }
}
