package io.harveymq.broker.node;

import io.harveymq.broker.LossBound;
import io.harveymq.broker.VhostDefaults;
import io.harveymq.broker.auth.AccessChange;
import io.harveymq.broker.auth.AccessEditor;
import io.harveymq.broker.auth.AccessException;
import io.harveymq.broker.auth.AccessRules;
import io.harveymq.broker.auth.AuthChain;
import io.harveymq.broker.auth.FailedLogins;
import io.harveymq.broker.auth.Identity;
import io.harveymq.broker.auth.InternalBackend;
import io.harveymq.broker.auth.User;
import io.harveymq.broker.channel.ConnectionLoss;
import io.harveymq.broker.connection.Connection;
import io.harveymq.broker.exchange.ExchangeLoss;
import io.harveymq.broker.queue.QueueLoss;
import io.harveymq.broker.store.HomeStore;
import io.harveymq.broker.vhost.Continuation;
import io.harveymq.broker.vhost.EventExchange;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.PastCounts;
import io.harveymq.broker.vhost.VhostRemoval;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import io.harveymq.codec.ConnectionException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Users, virtual hosts, permissions and connections of the node. Changed on the node's loop; every
 * loop hears of a change by an event with an immutable snapshot.
 */
public final class AccessRegistry {
  private static final Logger LOG = LoggerFactory.getLogger(AccessRegistry.class);

  private record Waiting(AccessChange change, CompletableFuture<Void> done) {}

  private final HomeLoop nodeLoop;
  private final Map<HomeLoop, LoopAccess> byLoop = new IdentityHashMap<>();
  private final Function<VirtualHostDefinition, VirtualHost> vhostMaker;
  private final VhostDefaults defaults;
  private final AccessEvents events;
  private final ConnectionRegistry connections = new ConnectionRegistry();
  private final AuthAttempts attempts = new AuthAttempts();
  private final FailedLogins failedLogins;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private int removals;
  private int mostVhosts = -1;
  private volatile AccessRules rules;
  private final InternalBackend internal = new InternalBackend(() -> rules);
  private volatile AuthChain logins =
      new AuthChain(List.of(AuthChain.Step.of(internal)), () -> rules);
  private final PastCounts past = new PastCounts();
  private volatile Map<String, VirtualHost> vhosts;

  /**
   * @param loops all loops; the first is the node's, and home of all virtual hosts
   * @param vhosts what is there, by name
   * @param vhostMaker makes a virtual host, on the node's loop
   * @param defaults what new virtual hosts get
   * @param events gets told of changes; null for nobody
   */
  public AccessRegistry(
      List<HomeLoop> loops,
      AccessRules rules,
      Map<String, VirtualHost> vhosts,
      Function<VirtualHostDefinition, VirtualHost> vhostMaker,
      VhostDefaults defaults,
      EventExchange events) {
    this.events = events == null ? null : new AccessEvents(events);
    this.nodeLoop = loops.get(0);
    this.failedLogins =
        new FailedLogins(
            nodeLoop.loop().clock()::millis,
            (task, wait) -> nodeLoop.execute(() -> nodeLoop.schedule(task, wait)));
    this.rules = rules;
    this.vhosts = Map.copyOf(vhosts);
    this.vhostMaker = vhostMaker;
    this.defaults = defaults;
    loops.forEach(loop -> byLoop.put(loop, new LoopAccess(loop, rules)));
  }

  /** Sets how many virtual hosts there may be; negative for no limit. Before anything runs. */
  public void mostVhosts(int most) {
    mostVhosts = most;
  }

  /** The loop that owns this. Any thread. */
  public HomeLoop nodeLoop() {
    return nodeLoop;
  }

  /** What that loop knows. Any thread; what is returned belongs to the loop. */
  public LoopAccess on(HomeLoop loop) {
    return byLoop.get(loop);
  }

  /** What holds by the last change. Any thread. */
  public AccessRules rules() {
    return rules;
  }

  /** All virtual hosts by name. Any thread; each belongs to its home loop. */
  public Map<String, VirtualHost> vhosts() {
    return vhosts;
  }

  /** Whether the caller runs on a loop, for which nobody may wait. Any thread. */
  public boolean isOnLoop() {
    return byLoop.keySet().stream().anyMatch(loop -> loop.loop().inLoop());
  }

  /** The connections that were admitted. */
  public ConnectionRegistry connections() {
    assert nodeLoop.loop().inLoop();
    return connections;
  }

  /** Somebody whose rights are the broker's own permissions. Any thread. */
  public Identity ownIdentity(String name) {
    User user = rules.user(name);
    return internal.identity(name, user == null ? List.of() : user.tags());
  }

  /** The broker's own users and permissions, to be asked like others. Any thread. */
  public InternalBackend internal() {
    return internal;
  }

  /** Checks logins, slower for who failed too often. Any thread. */
  public AuthChain logins() {
    return logins.slowedBy(failedLogins);
  }

  /** Sets who checks logins, before the first one; the broker's own users unless set. */
  public void logins(AuthChain chain) {
    logins = chain;
  }

  /** Counts logins. Any thread. */
  public AuthAttempts attempts() {
    return attempts;
  }

  /** What tells of logins; null when there is no event exchange. Any thread. */
  public AccessEvents events() {
    return events;
  }

  /**
   * Admits a connection.
   *
   * @return the virtual host that it asked for
   * @throws ConnectionException 530 when it may not use it
   */
  public VirtualHost admit(ConnectionRegistry.Client client, String vhost, int mostOfNode) {
    assert nodeLoop.loop().inLoop();
    connections.admit(client, rules, mostOfNode);
    VirtualHost admitted = vhosts.get(vhost);
    try {
      admitted.faults().checkOpen(client.user());
    } catch (ConnectionException refused) {
      connections.leave(client);
      throw refused;
    }
    return admitted;
  }

  /**
   * Makes a change, after those that came before it.
   *
   * @return completed, on the node's loop, when every loop knows and all is stored; exceptionally
   *     with an {@link io.harveymq.broker.auth.AccessException} when it can't be made
   */
  public CompletableFuture<Void> change(AccessChange change) {
    assert nodeLoop.loop().inLoop();
    CompletableFuture<Void> done = new CompletableFuture<>();
    waiting.add(new Waiting(change, done));
    makeWaiting();
    return done;
  }

  /**
   * The deletion of a virtual host, which is refused when queues, messages or connections of it are
   * more than somebody was told.
   */
  public AccessChange deletionOfVhost(String name, LossBound most) {
    return editor -> {
      if (vhosts.get(name) != null) {
        check(most, "vhost '" + name + "'", () -> lossOf(vhosts.get(name)));
      }
      editor.deleteVhost(name);
    };
  }

  private Map<LossBound.Kind, Long> lossOf(VirtualHost vhost) {
    assert vhost.home().loop().inLoop();
    return Map.of(
        LossBound.Kind.QUEUES, (long) vhost.queues().size(),
        LossBound.Kind.MESSAGES,
            vhost.queues().stream().mapToLong(QueueLoss::held).sum()
                + vhost.exchanges().stream().mapToLong(ExchangeLoss::messages).sum(),
        LossBound.Kind.CONNECTIONS, (long) connections.countInVhost(vhost.name()));
  }

  /** The same of a user, with the queues and messages that go with the user's connections. */
  public AccessChange deletionOfUser(String name, LossBound most) {
    return editor -> {
      check(most, "user '" + name + "'", () -> lossOfUser(name));
      editor.deleteUser(name);
    };
  }

  private Map<LossBound.Kind, Long> lossOfUser(String name) {
    assert nodeLoop.loop().inLoop();
    Set<Connection> open = connections.ofUser(name);
    Map<LossBound.Kind, Long> lost = new EnumMap<>(ConnectionLoss.of(open));
    lost.put(LossBound.Kind.CONNECTIONS, (long) open.size());
    return lost;
  }

  private static void check(LossBound most, String from, Supplier<Map<LossBound.Kind, Long>> lost) {
    String refusal = most.refusal(() -> from, lost);
    if (refusal != null) {
      throw new AccessException(AccessException.Reason.WOULD_LOSE_MORE, refusal);
    }
  }

  /** While a virtual host is taken apart, nothing may be made that has its name. */
  private void makeWaiting() {
    while (removals == 0 && !waiting.isEmpty()) {
      Waiting next = waiting.poll();
      try {
        make(next.change, next.done);
      } catch (RuntimeException refused) {
        next.done.completeExceptionally(refused);
      }
    }
  }

  private void make(AccessChange change, CompletableFuture<Void> done) {
    AccessRules before = rules;
    AccessEditor editor = new AccessEditor(before, defaults);
    change.applyTo(editor);
    checkVhosts(editor.rules());
    rules = editor.rules();
    List<VirtualHost> removed = updateVhosts(editor);
    HomeStore store = nodeLoop.store();
    if (store == null) {
      setDefaultPolicies(before);
    } else {
      store.atomically(
          () -> {
            editor.changes().forEach(changed -> put(store, changed));
            setDefaultPolicies(before);
            return true;
          });
    }
    editor.changes().forEach(changed -> LOG.info("{}", AccessLog.text(changed)));
    if (events != null) {
      events.tell(before, editor, vhosts);
    }
    List<CompletableFuture<?>> parts = new ArrayList<>(tellAll());
    editor
        .deletedUsers()
        .forEach(user -> connections.closeOfUser(user, "user '" + user + "' is deleted"));
    removed.forEach(vhost -> parts.add(remove(vhost, before.vhost(vhost.name()))));
    CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new))
        .thenRun(() -> nodeLoop.execute(() -> completeWhenStored(done)));
  }

  /** Gives the virtual hosts that are new their operator policies. */
  private void setDefaultPolicies(AccessRules before) {
    if (defaults.operatorPolicies().isEmpty()) {
      return;
    }
    for (VirtualHost vhost : vhosts.values()) {
      if (before.vhost(vhost.name()) == null) {
        defaults
            .operatorPoliciesOf(vhost.name())
            .forEach(policy -> vhost.policies().set(policy, true));
      }
    }
  }

  /** As rabbit_vhost checks vhost_max. */
  private void checkVhosts(AccessRules after) {
    if (mostVhosts >= 0 && after.vhosts().size() > Math.max(mostVhosts, rules.vhosts().size())) {
      String added =
          after.vhosts().stream()
              .map(VirtualHostDefinition::name)
              .filter(name -> rules.vhost(name) == null)
              .findFirst()
              .orElseThrow();
      throw new AccessException(
          AccessException.Reason.INVALID,
          "cannot create vhost '" + added + "': vhost limit of " + mostVhosts + " is reached");
    }
  }

  private static void put(HomeStore store, AccessEditor.Change changed) {
    if (changed.removed()) {
      store.remove(changed.definition());
    } else {
      store.put(changed.definition());
    }
  }

  /** What virtual hosts counted that are deleted; owned by the node loop. */
  public PastCounts past() {
    return past;
  }

  /** Makes the virtual hosts that are new, and forgets those that are gone, which it returns. */
  private List<VirtualHost> updateVhosts(AccessEditor editor) {
    Map<String, VirtualHost> updated = new HashMap<>(vhosts);
    List<VirtualHost> removed = new ArrayList<>();
    editor.deletedVhosts().forEach(name -> removed.add(updated.remove(name)));
    for (VirtualHostDefinition definition : rules.vhosts()) {
      updated.computeIfAbsent(definition.name(), name -> vhostMaker.apply(definition));
    }
    vhosts = Map.copyOf(updated);
    return removed;
  }

  private List<CompletableFuture<?>> tellAll() {
    AccessRules newRules = rules;
    List<VirtualHost> all = List.copyOf(vhosts.values());
    List<CompletableFuture<?>> told = new ArrayList<>();
    byLoop.forEach(
        (loop, access) -> {
          if (loop == nodeLoop) {
            access.update(newRules, all);
          } else {
            told.add(CompletableFuture.runAsync(() -> access.update(newRules, all), loop::execute));
          }
        });
    return told;
  }

  /** Closes the connections to a virtual host, then takes it apart. */
  private CompletableFuture<Void> remove(VirtualHost vhost, VirtualHostDefinition definition) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    removals++;
    Runnable whenRemoved =
        () -> {
          past.add(vhost);
          removed(definition, done);
        };
    whenLeft(
        vhost,
        "vhost '" + vhost.name() + "' is deleted",
        () -> new VhostRemoval(vhost, () -> nodeLoop.execute(whenRemoved)));
    return done;
  }

  /**
   * Closes the connections to a virtual host, then does something there.
   *
   * @param text why, as their clients are told
   * @param work made and done by the home loop
   */
  public void whenLeft(VirtualHost vhost, String text, Supplier<Continuation> work) {
    assert nodeLoop.loop().inLoop();
    connections.closeInVhost(
        vhost.name(), text, () -> vhost.home().execute(() -> vhost.home().startBulk(work.get())));
  }

  private void removed(VirtualHostDefinition vhost, CompletableFuture<Void> done) {
    removals--;
    if (events != null) {
      events.deleted(vhost);
    }
    done.complete(null);
    makeWaiting();
  }

  private void completeWhenStored(CompletableFuture<Void> done) {
    if (nodeLoop.store() == null) {
      done.complete(null);
    } else {
      nodeLoop.store().whenCommitted(() -> done.complete(null));
    }
  }
}
