package io.harveymq.broker;

import io.harveymq.codec.AmqpException;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ConnectionException;
import io.harveymq.codec.ReplyCode;

/**
 * What differs between versions of RabbitMQ and is seen by clients, one switch each. Immutable; any
 * thread.
 *
 * @param version the version given to clients, which some choose their behaviour by
 * @param smallestFrameMax bytes; a client that asks for less is refused, and no frame before
 *     tune-ok may be larger
 * @param maxMessageSize bytes of body
 * @param unknownExchangeTypeClosesConnection true up to 3.13 (503), false from 4.0 on (406)
 * @param refusalNamesRight whether a 403 begins with the missing right, {@code configure access to
 *     queue ...}, as RabbitMQ's rabbit_access_control has it since 4.0
 * @param offersAnonymousLogin whether clients may log in as guest by the mechanism ANONYMOUS,
 *     RabbitMQ's default since 4.0
 */
public record Compatibility(
    String version,
    int smallestFrameMax,
    long maxMessageSize,
    boolean unknownExchangeTypeClosesConnection,
    boolean refusalNamesRight,
    boolean offersAnonymousLogin) {

  /** RabbitMQ 3.10. */
  public static final Compatibility V3_10 =
      new Compatibility("3.10.25", 4_096, 128 << 20, true, false, false);

  /** RabbitMQ 4.2. */
  public static final Compatibility V4_2 =
      new Compatibility("4.2.5", 8_192, 16 << 20, false, true, true);

  /** The answer to a declaration with an unknown exchange type. */
  public AmqpException unknownExchangeType(String type) {
    String text = "unknown exchange type '" + type + "'";
    return unknownExchangeTypeClosesConnection
        ? new ConnectionException(ReplyCode.COMMAND_INVALID, text)
        : new ChannelException(ReplyCode.PRECONDITION_FAILED, text);
  }
}
