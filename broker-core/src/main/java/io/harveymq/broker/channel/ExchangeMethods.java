package io.harveymq.broker.channel;

import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.exchange.ExchangeDefinition;
import io.harveymq.broker.exchange.ExchangeType;
import io.harveymq.broker.vhost.ResourceName;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ExchangeMethod;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.ReplyCode;

/** What a channel does with the methods of class exchange. Stateless; called on the home loop. */
final class ExchangeMethods {
  private static final String RESERVED_PREFIX = "amq.";

  private ExchangeMethods() {}

  static void handle(AmqpChannel channel, ExchangeMethod method) {
    Taps.acting(channel);
    switch (method.methodId()) {
      case ExchangeMethod.Declare.ID -> declare(channel, (ExchangeMethod.Declare) method);
      case ExchangeMethod.Delete.ID -> delete(channel, (ExchangeMethod.Delete) method);
      case ExchangeMethod.Bind.ID -> bind(channel, (ExchangeMethod.Bind) method);
      case ExchangeMethod.Unbind.ID -> unbind(channel, (ExchangeMethod.Unbind) method);
      default -> throw AmqpChannel.unimplemented();
    }
  }

  private static void declare(AmqpChannel channel, ExchangeMethod.Declare method) {
    VirtualHost vhost = channel.vhost();
    if (method.passive()) {
      String name = Bindings.checkedExchange(method.exchange());
      channel.access().checkPassiveExchange(name);
      vhost.exchange(name);
    } else {
      ExchangeType type =
          channel.connection().settings().compatibility().exchangeType(method.type());
      String name = Bindings.checkedExchange(method.exchange());
      ExchangeDefinition received =
          new ExchangeDefinition(
              name,
              type,
              method.durable(),
              method.autoDelete(),
              method.internal(),
              method.arguments());
      channel.access().checkExchange(AccessRight.CONFIGURE, name);
      Exchange existing = vhost.exchangeOrNull(name);
      if (existing != null) {
        existing.assertEquivalent(received);
      } else if (name.startsWith(RESERVED_PREFIX)) {
        throw new ChannelException(
            ReplyCode.ACCESS_REFUSED,
            "exchange name '" + name + "' contains reserved prefix 'amq.*'");
      } else {
        checkAlternate(channel, received);
        vhost.addExchange(Exchange.create(vhost.name(), received));
      }
    }
    if (!method.nowait()) {
      channel.replyWhenStored(
          method.durable() && !method.passive(),
          () -> channel.send(new ExchangeMethod.DeclareOk()));
    }
  }

  /** Who names an alternate exchange needs the rights to publish there what comes here. */
  private static void checkAlternate(AmqpChannel channel, ExchangeDefinition received) {
    if (received.arguments().get("alternate-exchange") instanceof FieldValue.LongString name) {
      channel.access().checkExchange(AccessRight.READ, received.name());
      channel.access().checkExchange(AccessRight.WRITE, name.asString());
    }
  }

  private static void delete(AmqpChannel channel, ExchangeMethod.Delete method) {
    VirtualHost vhost = channel.vhost();
    String name = Bindings.checkedExchange(method.exchange());
    String resource = ResourceName.exchange(vhost.name(), name);
    if (name.startsWith(RESERVED_PREFIX)) {
      throw new ChannelException(
          ReplyCode.ACCESS_REFUSED, "deletion of system " + resource + " not allowed");
    }
    channel.access().checkExchange(AccessRight.CONFIGURE, name);
    Exchange exchange = vhost.exchangeOrNull(name);
    if (exchange != null) {
      if (method.ifUnused() && !exchange.isUnused()) {
        throw new ChannelException(ReplyCode.PRECONDITION_FAILED, resource + " in use");
      }
      vhost.deleteExchange(exchange);
    }
    if (!method.nowait()) {
      channel.replyWhenStored(true, () -> channel.send(new ExchangeMethod.DeleteOk()));
    }
  }

  private static void bind(AmqpChannel channel, ExchangeMethod.Bind method) {
    Bindings.bindExchange(
        channel, method.source(), method.destination(), method.routingKey(), method.arguments());
    if (!method.nowait()) {
      channel.replyWhenStored(true, () -> channel.send(new ExchangeMethod.BindOk()));
    }
  }

  private static void unbind(AmqpChannel channel, ExchangeMethod.Unbind method) {
    Bindings.unbindExchange(
        channel, method.source(), method.destination(), method.routingKey(), method.arguments());
    if (!method.nowait()) {
      channel.replyWhenStored(true, () -> channel.send(new ExchangeMethod.UnbindOk()));
    }
  }
}
