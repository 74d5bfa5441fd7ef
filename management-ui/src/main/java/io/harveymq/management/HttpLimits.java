package io.harveymq.management;

/**
 * What clients of the HTTP listeners are held to. Immutable; any thread.
 *
 * @param maxConnections connections of one listener that are open at a time; one more is closed
 * @param maxBodySize bytes of a request's body
 * @param idleMillis after which a connection is closed on which nothing happens
 * @param requestMillis within which a request has to be there up to the end of its header, counted
 *     from the opening of the connection; and its body, of a client that is not logged in
 * @param maxStreams readers of live values at a time, and as many of passing messages
 * @param memory bytes of bodies that come and answers that are not taken, of all requests together;
 *     metrics, for which nobody logs in, have a quarter of that besides
 */
public record HttpLimits(
    int maxConnections,
    long maxBodySize,
    long idleMillis,
    long requestMillis,
    int maxStreams,
    long memory) {
  private static final long LEAST_MEMORY = 16 << 20;

  /** The part of the heap that bodies and answers may take. */
  private static final int HEAP_SHARE = 8;

  /** Limits that nobody reaches who means well. */
  public static final HttpLimits DEFAULT = new HttpLimits(256, 10_000_000, 60_000, 30_000, 64);

  /** How much longer a client that is logged in may take for a body. */
  private static final int PATIENCE = 10;

  private static final int METRICS_SHARE = 4;

  /** With an eighth of the heap as memory, at least 16 MiB. */
  public HttpLimits(
      int maxConnections, long maxBodySize, long idleMillis, long requestMillis, int maxStreams) {
    this(
        maxConnections,
        maxBodySize,
        idleMillis,
        requestMillis,
        maxStreams,
        Math.max(LEAST_MEMORY, Runtime.getRuntime().maxMemory() / HEAP_SHARE));
  }

  /** Bytes that metrics may take which are not read yet. */
  public long metricsMemory() {
    return memory / METRICS_SHARE;
  }

  /** Milliseconds within which a body has to be there. */
  public long bodyMillis(boolean loggedIn) {
    return loggedIn ? PATIENCE * requestMillis : requestMillis;
  }
}
