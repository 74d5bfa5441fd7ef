package io.harveymq.broker.connection;

import io.harveymq.broker.net.Outbound;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.Loop;

/**
 * Heartbeats of one connection, both ways, by RabbitMQ's rules: one is sent when nothing was
 * flushed for half the interval; the peer is dead when two looks, an interval apart, find that no
 * byte came. Owned by the home loop.
 */
final class Heartbeats {
  private static final int CHECKS_UNTIL_DEAD = 2;

  private final HomeLoop home;
  private final Outbound outbound;
  private final Runnable whenDead;
  private final long intervalMillis;
  private Loop.Timer sender;
  private Loop.Timer receiver;
  private long flushesSeen;
  private boolean received;
  private boolean suspended;
  private int silentChecks;

  /**
   * @param seconds the negotiated interval, more than 0
   * @param whenDead called once the peer is silent for too long
   */
  Heartbeats(HomeLoop home, Outbound outbound, int seconds, Runnable whenDead) {
    this.home = home;
    this.outbound = outbound;
    this.whenDead = whenDead;
    this.intervalMillis = seconds * 1_000L;
    scheduleSender();
    scheduleReceiver();
  }

  /** Some bytes came. */
  void received() {
    received = true;
  }

  /** Nothing is expected of the peer while the broker does not read from it. */
  void suspended(boolean now) {
    suspended = now;
    silentChecks = 0;
  }

  void stop() {
    sender.cancel();
    receiver.cancel();
  }

  private void scheduleSender() {
    sender = home.schedule(this::send, intervalMillis / 2);
  }

  private void scheduleReceiver() {
    receiver = home.schedule(this::check, intervalMillis);
  }

  private void send() {
    if (outbound.flushes() == flushesSeen) {
      outbound.heartbeat();
      flushesSeen++;
    } else {
      flushesSeen = outbound.flushes();
    }
    scheduleSender();
  }

  private void check() {
    if (received || suspended) {
      silentChecks = 0;
    } else if (++silentChecks == CHECKS_UNTIL_DEAD) {
      whenDead.run();
      return;
    }
    received = false;
    scheduleReceiver();
  }
}
