package io.harveymq.broker.channel;

import io.harveymq.broker.connection.AccessChecks;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ReplyCode;
import java.math.BigInteger;

/**
 * What RabbitMQ checks of the properties of a publish: user-id and expiration. Stateless; any
 * thread.
 */
final class PublishChecks {
  private static final BigInteger MAX_EXPIRY = BigInteger.valueOf(315_360_000_000L);

  private PublishChecks() {}

  /**
   * Checks encoded properties.
   *
   * @throws ChannelException 406 for a user-id that is not the user's own, unless its user may
   *     impersonate others, or an expiration that is no number of milliseconds from 0 to ten years
   */
  static void check(byte[] properties, AccessChecks access) {
    if (BasicProperties.hasUserId(properties)) {
      checkUserId(BasicProperties.trusted(properties).userId(), access);
    }
    if (BasicProperties.hasExpiration(properties)) {
      checkExpiration(BasicProperties.trusted(properties).expiration());
    }
  }

  private static void checkUserId(String claimed, AccessChecks access) {
    String user = access.user();
    if (!claimed.equals(user) && !access.mayImpersonate()) {
      throw new ChannelException(
          ReplyCode.PRECONDITION_FAILED,
          "user_id property set to '" + claimed + "' but authenticated user was '" + user + "'");
    }
  }

  static void checkExpiration(String expiration) {
    int digits = leadingInteger(expiration);
    if (digits == 0) {
      throw invalid(expiration, "no_integer");
    }
    if (digits < expiration.length()) {
      throw invalid(expiration, "{leftover_string,\"" + expiration.substring(digits) + "\"}");
    }
    BigInteger value = new BigInteger(expiration);
    if (value.signum() < 0) {
      throw invalid(expiration, "{value_negative," + value + "}");
    }
    if (value.compareTo(MAX_EXPIRY) > 0) {
      throw invalid(expiration, "{value_too_large," + value + "}");
    }
  }

  /** How many characters at the start Erlang's string:to_integer takes. */
  private static int leadingInteger(String text) {
    int from = !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
    int end = from;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end == from ? 0 : end;
  }

  private static ChannelException invalid(String expiration, String reason) {
    return new ChannelException(
        ReplyCode.PRECONDITION_FAILED, "invalid expiration '" + expiration + "': " + reason);
  }
}
