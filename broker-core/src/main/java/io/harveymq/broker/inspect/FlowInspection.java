package io.harveymq.broker.inspect;

import io.harveymq.broker.channel.AmqpChannel;
import io.harveymq.broker.node.Node;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.stats.Flow;
import io.harveymq.broker.stats.FlowEnd;
import io.harveymq.broker.vhost.VirtualHost;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * What went from one object of a running broker to another, by exchanges, queues and channels. As
 * to threads and errors it is as {@link Inspection}.
 */
public final class FlowInspection {
  private final Inspection inspection;
  private final Node node;
  private final Inspector inspector;

  FlowInspection(Inspection inspection, Node node, Inspector inspector) {
    this.inspection = inspection;
    this.node = node;
    this.inspector = inspector;
  }

  /** What came into a queue and left it, by exchanges and channels; nothing if there is none. */
  public CompletionStage<List<FlowInfo>> ofQueue(String vhost, String name) {
    return inspection.ask(
        () -> {
          VirtualHost found = node.vhostOrNull(vhost);
          AmqpQueue queue = found == null ? null : found.queueOrNull(name);
          return inspector.flows(vhost, queue == null ? List.of() : queue.flows().all());
        });
  }

  /**
   * What channels published to an exchange and what went on to queues; nothing if there is none.
   *
   * @param toQueues whether to tell of queues; the default exchange may have one for each
   */
  public CompletionStage<List<FlowInfo>> ofExchange(String vhost, String name, boolean toQueues) {
    return inspection.ask(
        () -> {
          VirtualHost found = node.vhostOrNull(vhost);
          var exchange = found == null ? null : found.exchangeOrNull(name);
          if (exchange == null) {
            return CompletableFuture.completedFuture(List.of());
          }
          FlowEnd end = exchange.flows();
          return inspector.flows(vhost, toQueues ? end.all() : end.all(Flow.Kind.PUBLISHED));
        });
  }

  /** What a channel published to exchanges and got from queues; nothing if there is none. */
  public CompletionStage<List<FlowInfo>> ofChannel(String name) {
    return inspection.ask(
        () -> {
          for (AmqpChannel channel : inspector.channels()) {
            if (ChannelInfo.name(channel.connection().name(), channel.number()).equals(name)) {
              String vhost = channel.vhost().name();
              return inspector.flows(vhost, channel.deliveries().flows().all());
            }
          }
          return CompletableFuture.completedFuture(List.of());
        });
  }

  /** What channels published to exchanges and what went on to queues, where it passes. */
  public CompletionStage<List<FlowInfo>> ofExchanges(Predicate<String> vhosts) {
    return inspection.ask(
        () -> fromExchanges(vhosts).thenCompose(all -> infos(Of.each(all, List.of()))));
  }

  private CompletionStage<List<Of<List<Flow>>>> fromExchanges(Predicate<String> vhosts) {
    return inspector.collect(
        inspection.all(vhosts, VirtualHost::exchanges),
        one -> Of.orNull(one.vhost(), one.object().flows().all()));
  }

  /**
   * Whether a virtual host that passes had more flows than are noted, so that some are not told.
   */
  public CompletionStage<Boolean> isPartial(Predicate<String> vhosts) {
    return inspection.ask(
        () ->
            CompletableFuture.completedFuture(
                inspection.chosen(vhosts).stream().anyMatch(vhost -> vhost.flows().isPartial())));
  }

  /** All in the virtual hosts that pass, in no order. */
  public CompletionStage<List<FlowInfo>> all(Predicate<String> vhosts) {
    return inspection.ask(
        () -> {
          var ofExchanges = fromExchanges(vhosts);
          var ofQueues =
              inspector.collect(
                  inspection.all(vhosts, VirtualHost::queues),
                  one -> Of.orNull(one.vhost(), one.object().flows().all(Flow.Kind.DELIVERED)));
          return ofExchanges.thenCombine(ofQueues, Of::each).thenCompose(this::infos);
        });
  }

  private CompletionStage<List<FlowInfo>> infos(List<Of<Flow>> flows) {
    return inspector.collect(flows, one -> inspector.flow(one.vhost, one.what));
  }

  /** Something of a virtual host. */
  private record Of<T>(String vhost, T what) {
    private static Of<List<Flow>> orNull(VirtualHost vhost, List<Flow> flows) {
      return flows.isEmpty() ? null : new Of<>(vhost.name(), flows);
    }

    private static List<Of<Flow>> each(
        Collection<Of<List<Flow>>> some, Collection<Of<List<Flow>>> others) {
      List<Of<Flow>> all = new ArrayList<>();
      for (var lists : List.of(some, others)) {
        for (Of<List<Flow>> list : lists) {
          list.what.forEach(flow -> all.add(new Of<>(list.vhost, flow)));
        }
      }
      return all;
    }
  }
}
