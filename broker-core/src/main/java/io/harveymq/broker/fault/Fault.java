package io.harveymq.broker.fault;

/**
 * A fault of a virtual host as it is at some moment. Immutable; any thread.
 *
 * @param id a number that no other fault of the virtual host has had since the start
 * @param on whether it may still strike, or holds something back
 * @param struck how often it did so: publishes, commands, connections; of held deliveries the
 *     queues that had something to deliver, of blocked publishers the connections
 * @param leftMillis until it ends, of the broker's clock; 0 when it is over
 */
public record Fault(
    long id, String vhost, FaultRule rule, boolean on, long struck, long leftMillis) {}
