package io.harveymq.broker.inspect;

import io.harveymq.broker.stats.Figures;
import io.harveymq.broker.tls.TlsSession;
import io.harveymq.codec.FieldTable;
import java.net.SocketAddress;

/**
 * A connection as it was at one time. Immutable.
 *
 * @param name RabbitMQ's: the client's address, an arrow, the broker's
 * @param state running, blocking (it would be blocked if it published), blocked or flow
 * @param connectedAt milliseconds since the epoch
 * @param frameMax largest frame in bytes, as negotiated
 * @param heartbeat in seconds, 0 for none
 * @param local where the client connected to
 * @param mechanism of the login, such as PLAIN
 * @param channels how many are open
 * @param channelRate channels that were opened a second lately
 * @param sendPending bytes that wait for the socket
 * @param tls how it is encrypted; null when it is not
 */
public record ConnectionInfo(
    String name,
    String user,
    String vhost,
    String state,
    long connectedAt,
    FieldTable clientProperties,
    long frameMax,
    int channelMax,
    int heartbeat,
    SocketAddress peer,
    SocketAddress local,
    String mechanism,
    int channels,
    double channelRate,
    long sendPending,
    TlsSession tls,
    Figures figures) {}
