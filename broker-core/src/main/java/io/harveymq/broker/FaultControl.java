package io.harveymq.broker;

import io.harveymq.broker.connection.Connection;
import io.harveymq.broker.fault.Fault;
import io.harveymq.broker.fault.FaultKind;
import io.harveymq.broker.fault.FaultRule;
import io.harveymq.broker.fault.Faults;
import io.harveymq.broker.node.Node;
import io.harveymq.broker.vhost.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Faults that are injected into a running broker, to see how clients cope with them:
 *
 * <pre>{@code
 * broker.faults().begin("/", FaultRule.of(FaultKind.NACK).exchange("orders").count(3).build());
 * }</pre>
 *
 * <p>They end by themselves, by the broker's clock, and with the broker; none is stored.
 *
 * <p>Safe from any thread, but those of the broker must not wait; the methods that begin with
 * submit don't.
 */
public final class FaultControl {
  private static final Logger LOG = LoggerFactory.getLogger(FaultControl.class);

  private final Node node;
  private final VhostCalls calls;

  FaultControl(Node node) {
    this.node = node;
    this.calls = new VhostCalls(node);
  }

  /**
   * Begins a fault. What closes connections that are open is over when this returns, and says how
   * many; they are closed within the next turns of their loop.
   *
   * @throws IllegalArgumentException when there is no such virtual host, or {@link Faults#MOST} are
   *     on there
   * @throws IllegalStateException when the broker is closed
   */
  public Fault begin(String vhost, FaultRule rule) {
    return calls.call(vhost, found -> begin(found, rule));
  }

  /**
   * The faults of a virtual host, the oldest first: those that are on, and the last ones that are
   * over.
   *
   * @throws IllegalArgumentException when there is no such virtual host
   * @throws IllegalStateException when the broker is closed
   */
  public List<Fault> list(String vhost) {
    return calls.call(vhost, found -> found.faults().all());
  }

  /**
   * Ends a fault and forgets it; what it held back goes on.
   *
   * @return false when there is none with this id
   * @throws IllegalArgumentException when there is no such virtual host
   * @throws IllegalStateException when the broker is closed
   */
  public boolean end(String vhost, long id) {
    return calls.call(vhost, found -> found.faults().remove(id));
  }

  /** The same for all of a virtual host. */
  public void endAll(String vhost) {
    calls.call(vhost, FaultControl::removeAll);
  }

  /**
   * Begins a fault without waiting for it.
   *
   * @return completed on a thread of the broker; exceptionally with what {@link #begin} throws
   */
  public CompletionStage<Fault> submitBegin(String vhost, FaultRule rule) {
    return calls.submit(vhost, found -> begin(found, rule));
  }

  /** {@link #end} in the same way. */
  public CompletionStage<Boolean> submitEnd(String vhost, long id) {
    return calls.submit(vhost, found -> found.faults().remove(id));
  }

  /** {@link #endAll} in the same way. */
  public CompletionStage<Void> submitEndAll(String vhost) {
    return calls.submit(vhost, FaultControl::removeAll);
  }

  private static Void removeAll(VirtualHost vhost) {
    vhost.faults().removeAll();
    return null;
  }

  private Fault begin(VirtualHost vhost, FaultRule rule) {
    Fault begun = vhost.faults().begin(rule);
    if (rule.isNow()) {
      List<Connection> struck = connections(vhost, rule);
      // Each in an event of its own: to lose a connection takes a while.
      struck.forEach(one -> vhost.home().execute(() -> end(one, rule, begun.id())));
      vhost.faults().strikeAndEnd(begun.id(), struck.size());
    }
    return vhost.faults().fault(begun.id());
  }

  private List<Connection> connections(VirtualHost vhost, FaultRule rule) {
    List<Connection> found = new ArrayList<>();
    for (Connection one : node.connections().all()) {
      if (one.vhost() == vhost && rule.isAbout(one.access().user())) {
        found.add(one);
      }
    }
    return found;
  }

  private static void end(Connection connection, FaultRule rule, long id) {
    String text = rule.kind().text(id);
    if (rule.kind() == FaultKind.CUT) {
      connection.reset(text);
    } else {
      LOG.warn("{} closed: {}", connection, text);
      connection.forceClose(rule.code(), text);
    }
  }
}
