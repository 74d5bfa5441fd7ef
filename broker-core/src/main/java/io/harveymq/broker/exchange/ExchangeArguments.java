package io.harveymq.broker.exchange;

import io.harveymq.broker.argument.ErlangTerm;
import io.harveymq.broker.vhost.ResourceName;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.ReplyCode;

/** The arguments of exchange.declare that mean something. Stateless; any thread. */
final class ExchangeArguments {
  static final String ALTERNATE_EXCHANGE = "alternate-exchange";

  private ExchangeArguments() {}

  /**
   * The name in the alternate-exchange argument, or null without one.
   *
   * @throws ChannelException 406 when it is anything but a long string
   */
  static String alternateExchange(String vhost, String name, FieldTable arguments) {
    FieldValue value = arguments.get(ALTERNATE_EXCHANGE);
    if (value == null) {
      return null;
    }
    String alternate = ErlangTerm.stringOrNull(value);
    if (alternate == null) {
      throw new ChannelException(
          ReplyCode.PRECONDITION_FAILED,
          "invalid type '%s' for arg '%s' in %s"
              .formatted(value.typeName(), ALTERNATE_EXCHANGE, ResourceName.exchange(vhost, name)));
    }
    return alternate;
  }
}
