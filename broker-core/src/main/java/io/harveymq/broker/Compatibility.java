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
 * @param deathHeaders how dead letters tell of their deaths
 * @param unknownExchangeTypeClosesConnection true up to 3.13 (503), false from 4.0 on (406)
 */
public record Compatibility(
    String version,
    int smallestFrameMax,
    long maxMessageSize,
    DeathHeaderStyle deathHeaders,
    boolean unknownExchangeTypeClosesConnection) {

  /** RabbitMQ 3.10. */
  public static final Compatibility V3_10 =
      new Compatibility("3.10.25", 4_096, 128 << 20, DeathHeaderStyle.HEADERS, true);

  /** RabbitMQ 4.2. */
  public static final Compatibility V4_2 =
      new Compatibility("4.2.5", 8_192, 16 << 20, DeathHeaderStyle.ANNOTATIONS, false);

  /** The answer to a declaration with an unknown exchange type. */
  public AmqpException unknownExchangeType(String type) {
    String text = "unknown exchange type '" + type + "'";
    return unknownExchangeTypeClosesConnection
        ? new ConnectionException(ReplyCode.COMMAND_INVALID, text)
        : new ChannelException(ReplyCode.PRECONDITION_FAILED, text);
  }
}
