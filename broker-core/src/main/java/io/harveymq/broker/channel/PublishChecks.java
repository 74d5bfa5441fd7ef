package io.harveymq.broker.channel;

import io.harveymq.broker.connection.AccessChecks;
import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.exchange.ExchangeType;
import io.harveymq.broker.vhost.SenderSelectedKeys;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ReplyCode;
import io.harveymq.codec.ShortString;
import io.netty.buffer.ByteBufUtil;
import java.math.BigInteger;

/**
 * What RabbitMQ checks of the properties of a publish: user-id, expiration, and keys in CC and BCC.
 * Stateless; any thread.
 */
final class PublishChecks {
  private static final BigInteger MAX_EXPIRY = BigInteger.valueOf(315_360_000_000L);

  private PublishChecks() {}

  /**
   * Checks encoded properties.
   *
   * @throws ChannelException 406 for a user-id that is not the user's own, unless its user may
   *     impersonate others, or an expiration that is no number of milliseconds from 0 to ten years;
   *     403 for a key in CC or BCC that the user may not publish with
   */
  static void check(byte[] properties, AccessChecks access, Exchange exchange) {
    if (exchange.definition().type() == ExchangeType.TOPIC
        && SenderSelectedKeys.mayBeIn(properties)) {
      SenderSelectedKeys.of(BasicProperties.trusted(properties).headers())
          .forEach(key -> access.checkCopy(exchange, key));
    }
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

  /**
   * Checks a routing key that was not read from a frame.
   *
   * @throws ChannelException 406 when it is longer than AMQP can carry
   */
  static void checkRoutingKey(String routingKey) {
    int length = ByteBufUtil.utf8Bytes(routingKey);
    if (length > ShortString.MAX_BYTES) {
      throw new ChannelException(
          ReplyCode.PRECONDITION_FAILED, "a routing key may have 255 bytes at most, not " + length);
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

  /** The refusal of a message with more keys than a backend is asked about. */
  static ChannelException tooManyQuestions() {
    return new ChannelException(
        ReplyCode.ACCESS_REFUSED,
        "the command needs too many permissions that have to be asked for");
  }
}
