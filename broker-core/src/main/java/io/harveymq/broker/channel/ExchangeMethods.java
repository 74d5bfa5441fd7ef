package io.harveymq.broker.channel;

import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.exchange.ExchangeDefinition;
import io.harveymq.broker.exchange.ExchangeLoss;
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

  static void handle(Caller caller, ExchangeMethod method) {
    Taps.acting(caller);
    switch (method.methodId()) {
      case ExchangeMethod.Declare.ID -> declare(caller, (ExchangeMethod.Declare) method);
      case ExchangeMethod.Delete.ID -> delete(caller, (ExchangeMethod.Delete) method);
      case ExchangeMethod.Bind.ID -> bind(caller, (ExchangeMethod.Bind) method);
      case ExchangeMethod.Unbind.ID -> unbind(caller, (ExchangeMethod.Unbind) method);
      default -> throw AmqpChannel.unimplemented();
    }
  }

  private static void declare(Caller caller, ExchangeMethod.Declare method) {
    VirtualHost vhost = caller.vhost();
    if (method.passive()) {
      String name = Bindings.checkedExchange(method.exchange());
      caller.access().checkPassiveExchange(name);
      vhost.exchange(name);
    } else {
      ExchangeType type = caller.compatibility().exchangeType(method.type());
      String name = Bindings.checkedExchange(method.exchange());
      ExchangeDefinition received =
          new ExchangeDefinition(
              name,
              type,
              method.durable(),
              method.autoDelete(),
              method.internal(),
              method.arguments());
      caller.access().checkExchange(AccessRight.CONFIGURE, name);
      Exchange existing = vhost.exchangeOrNull(name);
      if (existing != null) {
        existing.assertEquivalent(received);
      } else if (name.startsWith(RESERVED_PREFIX)) {
        throw new ChannelException(
            ReplyCode.ACCESS_REFUSED,
            "exchange name '" + name + "' contains reserved prefix 'amq.*'");
      } else {
        VhostRules.checkNewExchange(caller, name);
        checkAlternate(caller, received);
        Exchange made = Exchange.create(vhost.name(), received).declaredBy(caller.access().user());
        if (!caller.onlyChecks()) {
          vhost.addExchange(made);
        }
      }
    }
    if (!method.nowait()) {
      caller.replyWhenStored(
          method.durable() && !method.passive(), () -> caller.send(new ExchangeMethod.DeclareOk()));
    }
  }

  /** Who names an alternate exchange needs the rights to publish there what comes here. */
  private static void checkAlternate(Caller caller, ExchangeDefinition received) {
    if (received.arguments().get("alternate-exchange") instanceof FieldValue.LongString name) {
      caller.access().checkExchange(AccessRight.READ, received.name());
      caller.access().checkExchange(AccessRight.WRITE, name.asString());
    }
  }

  private static void delete(Caller caller, ExchangeMethod.Delete method) {
    VirtualHost vhost = caller.vhost();
    String name = Bindings.checkedExchange(method.exchange());
    String resource = ResourceName.exchange(vhost.name(), name);
    if (name.startsWith(RESERVED_PREFIX)) {
      throw new ChannelException(
          ReplyCode.ACCESS_REFUSED, "deletion of system " + resource + " not allowed");
    }
    caller.access().checkExchange(AccessRight.CONFIGURE, name);
    Exchange exchange = vhost.exchangeOrNull(name);
    if (exchange != null) {
      if (method.ifUnused() && !exchange.isUnused()) {
        throw new ChannelException(ReplyCode.PRECONDITION_FAILED, resource + " in use");
      }
      caller.checkLoss(() -> resource, () -> ExchangeLoss.of(exchange));
      vhost.deleted().exchange(name, caller.deletes(), caller.actor());
      vhost.deleteExchange(exchange);
    }
    if (!method.nowait()) {
      caller.replyWhenStored(true, () -> caller.send(new ExchangeMethod.DeleteOk()));
    }
  }

  private static void bind(Caller caller, ExchangeMethod.Bind method) {
    Bindings.bindExchange(
        caller, method.source(), method.destination(), method.routingKey(), method.arguments());
    if (!method.nowait()) {
      caller.replyWhenStored(true, () -> caller.send(new ExchangeMethod.BindOk()));
    }
  }

  private static void unbind(Caller caller, ExchangeMethod.Unbind method) {
    Bindings.unbindExchange(
        caller, method.source(), method.destination(), method.routingKey(), method.arguments());
    if (!method.nowait()) {
      caller.replyWhenStored(true, () -> caller.send(new ExchangeMethod.UnbindOk()));
    }
  }
}
