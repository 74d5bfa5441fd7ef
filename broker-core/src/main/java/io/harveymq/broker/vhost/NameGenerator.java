package io.harveymq.broker.vhost;

import java.util.Base64;
import java.util.random.RandomGenerator;

/**
 * Makes up names as RabbitMQ does: a prefix, a dash and 16 random bytes in 22 characters. Owned by
 * one loop.
 */
public final class NameGenerator {
  private final RandomGenerator random;

  /**
   * @param random secure in the broker, because whoever knows the name of a queue can use it;
   *     seeded in tests
   */
  public NameGenerator(RandomGenerator random) {
    this.random = random;
  }

  /** A new name such as {@code amq.gen-JzTY20BRgKO-HjmUJj0wLg}. */
  public String next(String prefix) {
    return prefix + "-" + secret();
  }

  /** 16 random bytes in 22 characters. */
  String secret() {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
