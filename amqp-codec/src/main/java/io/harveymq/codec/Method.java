package io.harveymq.codec;

/**
 * A method of AMQP 0-9-1 with RabbitMQ's extensions, one record each, grouped by AMQP class.
 * Components carry the specification's names; reserved arguments (tickets, capabilities and the
 * like) are left out. Unsigned 32-bit numbers are {@code long}. Byte arrays are not copied and must
 * not be changed. Immutable; any thread.
 */
public sealed interface Method
    permits ConnectionMethod,
        ChannelMethod,
        AccessMethod,
        ExchangeMethod,
        QueueMethod,
        BasicMethod,
        ConfirmMethod,
        TxMethod {

  /** The class id on the wire. */
  int classId();

  /** The method id on the wire, unique within its class. */
  int methodId();

  /** Class and method as the specification writes them, such as {@code basic.get-ok}. */
  String protocolName();

  /** Whether a content header and body follow this method. */
  default boolean hasContent() {
    return false;
  }
}
