package io.harveymq.broker.inspect;

import io.harveymq.broker.stats.Figures;

/**
 * All of a virtual host, or of all that were asked for, together. Immutable.
 *
 * @param figures messages in queues, what went through channels, what came and went
 */
public record Totals(
    int connections, int channels, int exchanges, int queues, int consumers, Figures figures) {}
