package io.harveymq.broker.vhost;

/** What a turn of a home loop may do at most, for tests in other packages. */
public final class TurnBounds {
  public static final int DELIVERIES = HomeLoop.DELIVERIES_PER_TURN;
  public static final int DELIVERED_BYTES = HomeLoop.DELIVERED_BYTES_PER_TURN;
  public static final int ROUTED = HomeLoop.ROUTED_PER_TURN;
  public static final int BULK_UNITS = HomeLoop.BULK_UNITS_PER_TURN;

  private TurnBounds() {}
}
