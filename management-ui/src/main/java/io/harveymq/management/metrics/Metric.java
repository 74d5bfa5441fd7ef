package io.harveymq.management.metrics;

import java.util.function.ToDoubleFunction;

/**
 * A metric of one kind of object, such as queues. Immutable.
 *
 * @param group RabbitMQ's name of a set of metrics, which {@code /metrics/detailed} goes by
 * @param name without {@code rabbitmq_} before it
 * @param help what it tells
 * @param value of an object; NaN for none
 * @param <T> the kind of object
 */
record Metric<T>(String group, String name, String help, ToDoubleFunction<T> value) {
  /** Whether it only grows, which its name tells. */
  boolean isCounter() {
    return name.endsWith(Families.TOTAL);
  }
}
