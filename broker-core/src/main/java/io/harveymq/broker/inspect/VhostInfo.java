package io.harveymq.broker.inspect;

import io.harveymq.broker.vhost.VirtualHostDefinition;

/**
 * A virtual host as it was at one time. Immutable.
 *
 * @param tracing whether the firehose is on
 * @param totals what is in it
 */
public record VhostInfo(VirtualHostDefinition definition, boolean tracing, Totals totals) {}
