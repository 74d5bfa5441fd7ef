package io.harveymq.broker.exchange;

import io.harveymq.broker.argument.Refusal;
import io.harveymq.codec.BasicProperties;
import java.util.SplittableRandom;

/**
 * Picks one binding at random: RabbitMQ's x-random, and x-local-random, which takes queues only and
 * no binding keys. On a single node every queue is local. Owned by the vhost's home loop.
 */
final class RandomExchange extends Exchange {
  private final SplittableRandom random;
  private Binding[] all;

  RandomExchange(String vhost, ExchangeDefinition definition) {
    super(vhost, definition);
    random = new SplittableRandom(definition.name().hashCode());
  }

  @Override
  public boolean dependsOnKeyOnly() {
    return false;
  }

  @Override
  public boolean looksAtKeys() {
    return false;
  }

  @Override
  public void match(String routingKey, BasicProperties properties, Matches into) {
    if (all == null) {
      all = bindingSet().toArray(new Binding[0]);
    }
    if (all.length > 0) {
      into.add(all[random.nextInt(all.length)].destination());
    }
  }

  @Override
  void validate(Binding binding) {
    if (definition().type() == ExchangeType.LOCAL_RANDOM) {
      if (!binding.routingKey().isEmpty()) {
        throw Refusal.preconditionFailed(
            "Non empty binding '" + binding.routingKey() + "' key not permitted");
      }
      if (!binding.destination().isQueue()) {
        throw Refusal.preconditionFailed("Destination not found");
      }
    }
  }

  @Override
  void added(Binding binding) {
    all = null;
  }

  @Override
  void removed(Binding binding) {
    all = null;
  }
}
