package io.harveymq.broker.fault;

import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.ConnectionException;
import io.harveymq.codec.ReplyCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * The faults of a virtual host, for tests of clients: those that are on, and the last ones that are
 * over. While none is on, they cost whoever asks a look at one field. Owned by the home loop.
 */
public final class Faults {
  /** Faults of a virtual host at a time; those that are over make room for new ones. */
  public static final int MOST = 64;

  private final VirtualHost vhost;
  private final HomeLoop home;
  private final Map<Long, ActiveFault> all = new LinkedHashMap<>();
  private final Set<AmqpQueue> held = Collections.newSetFromMap(new WeakHashMap<>());
  private final Set<Runnable> whenUnblocked = new LinkedHashSet<>();
  private long ids;
  private int kinds;

  public Faults(VirtualHost vhost) {
    this.vhost = vhost;
    this.home = vhost.home();
  }

  /** Whether any fault is on. */
  public boolean areOn() {
    return kinds != 0;
  }

  /** Whether a fault of this kind is on. */
  public boolean areOn(FaultKind kind) {
    return (kinds & kind.bit()) != 0;
  }

  // ---- on and off

  /**
   * Begins a fault.
   *
   * @throws IllegalArgumentException when too many are on
   */
  public Fault begin(FaultRule rule) {
    assert home.loop().inLoop();
    makeRoom();
    long id = ++ids;
    all.put(id, new ActiveFault(id, rule, home, () -> end(id)));
    kinds |= rule.kind().bit();
    return fault(id);
  }

  private void makeRoom() {
    if (all.size() >= MOST) {
      long over =
          all.values().stream()
              .filter(one -> !one.isOn())
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          MOST + " faults are on in vhost '" + vhost.name() + "'; end one before"))
              .id();
      all.remove(over);
    }
  }

  /** One that is there; null for none. */
  public Fault fault(long id) {
    ActiveFault found = all.get(id);
    return found == null ? null : found.seenAt(home.now(), vhost.name());
  }

  /** All that are there, the oldest first. */
  public List<Fault> all() {
    assert home.loop().inLoop();
    return all.values().stream().map(one -> one.seenAt(home.now(), vhost.name())).toList();
  }

  /** It has struck so many connections at once, and is over. */
  public void strikeAndEnd(long id, int connections) {
    all.get(id).struck(connections);
    end(id);
  }

  /**
   * Ends a fault and forgets it.
   *
   * @return false when there is none
   */
  public boolean remove(long id) {
    assert home.loop().inLoop();
    end(id);
    return all.remove(id) != null;
  }

  /** Ends all and forgets them. */
  public void removeAll() {
    List.copyOf(all.keySet()).forEach(this::remove);
  }

  private void end(long id) {
    ActiveFault fault = all.get(id);
    if (fault == null || !fault.isOn()) {
      return;
    }
    fault.end(home);
    kinds = 0;
    all.values().stream().filter(ActiveFault::isOn).forEach(on -> kinds |= on.rule().kind().bit());
    if (fault.rule().kind() == FaultKind.HOLD_DELIVERIES) {
      List<AmqpQueue> waiting = List.copyOf(held);
      held.clear();
      waiting.stream().filter(queue -> !queue.isDeleted()).forEach(home::markDirty);
    }
    if (!areOn(FaultKind.BLOCK)) {
      List<Runnable> waiting = new ArrayList<>(whenUnblocked);
      whenUnblocked.clear();
      waiting.forEach(home::execute);
    }
  }

  private void endIfSpent(ActiveFault fault) {
    if (fault.isSpent()) {
      end(fault.id());
    }
  }

  // ---- what clients meet

  /**
   * A client gives a command that is in order.
   *
   * @return what becomes of it instead; null when it is carried out
   */
  public FaultStrike strike(FaultTarget target) {
    for (ActiveFault fault : all.values()) {
      if (fault.isOn() && endsCommands(fault.rule(), target) && fault.strikes()) {
        endIfSpent(fault);
        return fault.strike();
      }
    }
    return null;
  }

  private static boolean endsCommands(FaultRule rule, FaultTarget target) {
    boolean fits =
        switch (rule.kind()) {
          case NACK -> target.confirmed();
          case CLOSE_CHANNEL, CLOSE_CONNECTION, CUT -> true;
          case WITHHOLD_CONFIRMS, HOLD_DELIVERIES, REFUSE_CONNECTIONS, BLOCK -> false;
        };
    return fits && target.isOf(rule);
  }

  /** What holds the confirm of a publish back; null for nothing. */
  public WithheldConfirms withholds(FaultTarget publish) {
    for (ActiveFault fault : all.values()) {
      if (fault.isOn(FaultKind.WITHHOLD_CONFIRMS)
          && publish.isOf(fault.rule())
          && fault.strikes()) {
        return fault.withheld();
      }
    }
    return null;
  }

  /** Whether a queue that has something to deliver is to give its consumers nothing. */
  public boolean holds(AmqpQueue queue) {
    for (ActiveFault fault : all.values()) {
      if (fault.isOn(FaultKind.HOLD_DELIVERIES)
          && (fault.rule().queue() == null || fault.rule().queue().equals(queue.name()))) {
        if (held.add(queue)) {
          fault.struck(1);
        }
        return true;
      }
    }
    return false;
  }

  /**
   * A user opens the virtual host.
   *
   * @throws ConnectionException 530, as for who may not
   */
  public void checkOpen(String user) {
    for (ActiveFault fault : all.values()) {
      if (fault.isOn(FaultKind.REFUSE_CONNECTIONS)
          && fault.rule().isAbout(user)
          && fault.strikes()) {
        endIfSpent(fault);
        throw new ConnectionException(
            ReplyCode.NOT_ALLOWED,
            "access to vhost '"
                + vhost.name()
                + "' refused for user '"
                + user
                + "': "
                + fault.text());
      }
    }
  }

  /**
   * A connection that publishes is blocked.
   *
   * @param event called back, once, when publishers are not blocked any more
   * @return what connection.blocked says
   */
  public String blocks(Runnable event) {
    whenUnblocked.add(event);
    for (ActiveFault fault : all.values()) {
      if (fault.isOn(FaultKind.BLOCK)) {
        fault.struck(1);
        return fault.text();
      }
    }
    throw new IllegalStateException("nothing blocks");
  }

  /** Does not call back any more. */
  public void forget(Runnable event) {
    whenUnblocked.remove(event);
  }
}
