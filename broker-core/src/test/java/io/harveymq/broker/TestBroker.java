package io.harveymq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.auth.AccessChange;
import io.harveymq.broker.auth.AccessException;
import io.harveymq.broker.connection.Settings;
import io.harveymq.broker.net.TestSocket;
import io.harveymq.broker.node.AccessRegistry;
import io.harveymq.broker.node.Alarms;
import io.harveymq.broker.node.Node;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.queue.MessageQueue;
import io.harveymq.broker.store.BrokerStore;
import io.harveymq.broker.tls.TlsSession;
import io.harveymq.broker.vhost.EventExchange;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.ManualLoop;
import io.harveymq.broker.vhost.MemoryAccount;
import io.harveymq.broker.vhost.NameGenerator;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.Content;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A broker without threads, sockets and a clock of its own: everything happens when the test says
 * so.
 */
public final class TestBroker {
  private static final int TOO_MANY_STEPS = 5_000_000;

  private final ManualLoop loop;
  private final ManualLoop socketThread;
  private final MemoryAccount memory;
  private final HomeLoop home;
  private final HomeLoop socketLoop;
  private final VirtualHost vhost;
  private final Alarms alarms;
  private final Node node;
  private Settings settings;
  private final List<TestSocket> sockets = new ArrayList<>();
  private final ManualLoop storeThread = new ManualLoop();
  private final CompletableFuture<Throwable> failure;
  private Runnable afterTurn = () -> {};
  private final BrokerStore store;
  private boolean storeHeld;

  private TestBroker(MemoryAccount memory, boolean ownSocketLoop) {
    this(memory, ownSocketLoop, null);
  }

  private TestBroker(MemoryAccount memory, boolean ownSocketLoop, BrokerStore store) {
    this(memory, ownSocketLoop, store, new ManualLoop(), Compatibility.V4_2, false);
  }

  private TestBroker(
      MemoryAccount memory,
      boolean ownSocketLoop,
      BrokerStore store,
      ManualLoop loop,
      Compatibility version,
      boolean eventExchange) {
    this.settings = Settings.defaults(version);
    this.memory = memory;
    this.loop = loop;
    this.store = store;
    this.home = new HomeLoop(loop, memory);
    Durability durability = new Durability(store);
    durability.serve(home, storeThread::execute);
    this.socketThread = ownSocketLoop ? new ManualLoop() : loop;
    this.socketLoop =
        ownSocketLoop ? new HomeLoop(socketThread, new MemoryAccount(1 << 30, 1 << 30)) : home;
    List<HomeLoop> loops = ownSocketLoop ? List.of(home, socketLoop) : List.of(home);
    EventExchange events = eventExchange ? new EventExchange(home, "rabbit@test") : null;
    AccessRegistry access =
        new AccessRecovery(
                durability,
                new NameGenerator(new Random(7)),
                version,
                VhostDefaults.NONE,
                events,
                null)
            .recover(loops, FirstStart.DEFAULT, BrokerConfig.DEFAULT_LOOPBACK_USERS);
    this.vhost = access.vhosts().get("/");
    this.failure = durability.failure();
    this.alarms = new Alarms(loops, events);
    this.node = new Node("rabbit@test", "rabbit@test", access, alarms, null);
  }

  /** A broker whose sockets and virtual host share a loop. */
  public static TestBroker start() {
    return withMemory(1L << 40, 1L << 40);
  }

  /** A broker with an event exchange in the virtual host /. */
  public static TestBroker withEvents() {
    MemoryAccount plenty = new MemoryAccount(1L << 40, 1L << 40);
    return new TestBroker(plenty, false, null, new ManualLoop(), Compatibility.V4_2, true);
  }

  /** A broker like a version of RabbitMQ, its queues included. */
  public static TestBroker of(Compatibility version) {
    return on(null, version);
  }

  /** A broker like a version of RabbitMQ with what a store holds; null for no store. */
  public static TestBroker on(BrokerStore store, Compatibility version) {
    MemoryAccount memory = new MemoryAccount(1L << 40, 1L << 40);
    return new TestBroker(memory, false, store, new ManualLoop(), version, false);
  }

  /** From now on new connections have this consumer timeout in milliseconds, 0 for none. */
  public TestBroker consumerTimeout(long millis) {
    settings = settings.consumerTimeout(millis);
    return this;
  }

  /** From now on clients find the broker like this version. */
  public TestBroker like(Compatibility version) {
    settings = Settings.defaults(version);
    return this;
  }

  /** A broker with limits in bytes for what clients make it keep. */
  public static TestBroker withMemory(long share, long hardLimit) {
    return new TestBroker(new MemoryAccount(share, hardLimit), false);
  }

  /** A broker with a limit in bytes for queues, bindings, channels and the like. */
  public static TestBroker withStructures(long limit) {
    return new TestBroker(new MemoryAccount(1L << 40, 1L << 40, limit), false);
  }

  /** From now on clients are held to these limits. */
  public TestBroker limits(ConnectionLimits limits) {
    settings =
        new Settings(
            settings.compatibility(),
            limits,
            settings.consumerTimeoutMillis(),
            settings.defaultQueueType(),
            settings.login());
    return this;
  }

  /** From now on clients log in by these rules. */
  public TestBroker login(LoginRules rules) {
    settings = settings.login(rules);
    return this;
  }

  /** A broker whose sockets live on another loop than its virtual host. */
  public static TestBroker withTwoLoops() {
    return new TestBroker(new MemoryAccount(1L << 40, 1L << 40), true);
  }

  /** A broker with what a store holds. To crash it, just use it no more. */
  public static TestBroker on(BrokerStore store) {
    return on(store, 1L << 40);
  }

  /** A broker with what a store holds, and a limit in bytes for what clients make it keep. */
  public static TestBroker on(BrokerStore store, long share) {
    return new TestBroker(new MemoryAccount(share, 2 * share), false, store);
  }

  /**
   * Makes a change of users, virtual hosts or permissions, and runs until all know.
   *
   * @throws AccessException when it is refused
   */
  public TestBroker change(AccessChange change) {
    CompletableFuture<CompletableFuture<Void>> made = new CompletableFuture<>();
    home.execute(() -> made.complete(node.access().change(change)));
    run();
    CompletableFuture<Void> done = made.join();
    assertThat(done).as("the change is made").isDone();
    try {
      done.join();
    } catch (CompletionException refused) {
      if (refused.getCause() instanceof AccessException refusal) {
        throw refusal;
      }
      throw refused;
    }
    return this;
  }

  /** Users, virtual hosts, permissions and connections. */
  public AccessRegistry access() {
    return node.access();
  }

  /**
   * The same at a given time.
   *
   * @param millis since the epoch
   */
  public static TestBroker on(BrokerStore store, long share, long millis) {
    ManualLoop loop = new ManualLoop(millis);
    return new TestBroker(
        new MemoryAccount(share, 2 * share), false, store, loop, Compatibility.V4_2, false);
  }

  /** A broker like a version of RabbitMQ with what a store holds, at a given time. */
  public static TestBroker on(BrokerStore store, Compatibility version, long millis) {
    return on(store, version, 1L << 40, millis);
  }

  /** The same with a limit in bytes for what clients make it keep. */
  public static TestBroker on(BrokerStore store, Compatibility version, long share, long millis) {
    MemoryAccount memory = new MemoryAccount(share, 2 * share);
    return new TestBroker(memory, false, store, new ManualLoop(millis), version, false);
  }

  /** The store thread does nothing until it may again. */
  public void holdStore(boolean hold) {
    storeHeld = hold;
  }

  /** The store thread alone does what it has to do, while the loops stand still. */
  public void runStore() {
    while (storeThread.step()) {
      // It may have given itself more to do.
    }
  }

  /** Does some things that are due while the store thread is in the middle of something. */
  public void stepLoops(int steps) {
    boolean held = storeHeld;
    storeHeld = true;
    for (int i = 0; i < steps; i++) {
      step();
    }
    storeHeld = held;
  }

  /** Stores everything and closes the store; clients are not told. */
  public void end() {
    home.run(() -> home.store().drain(store::close));
    run();
  }

  /** Why the store failed; null as long as it works. */
  public Throwable storeFailure() {
    return failure.getNow(null);
  }

  /** A client that has connected and not said a word. */
  public TestClient accept() {
    TestSocket socket = TestSocket.accept(socketLoop, node, settings);
    sockets.add(socket);
    return new TestClient(this, socket);
  }

  /** A client that has connected from an address, perhaps with TLS, and not said a word. */
  public TestClient accept(SocketAddress peer, TlsSession tls) {
    TestSocket socket = TestSocket.accept(socketLoop, node, settings, peer, tls);
    sockets.add(socket);
    return new TestClient(this, socket);
  }

  /** A client that has opened its connection, without heartbeats. */
  public TestClient connect() {
    return accept().open(0);
  }

  /** A channel of a client of its own. */
  public TestChannel channel() {
    return connect().channel(1);
  }

  public VirtualHost vhost() {
    return vhost;
  }

  /** The alarms; no monitor raises any unless the test starts one. */
  public Alarms alarms() {
    return alarms;
  }

  /** The loop of the virtual host. */
  public HomeLoop home() {
    return home;
  }

  public ManualLoop loop() {
    return loop;
  }

  public MemoryAccount memory() {
    return memory;
  }

  /** The queue with this name, as the broker has it. */
  public MessageQueue queue(String name) {
    return (MessageQueue) vhost.queue(name);
  }

  /** Puts the same message into a queue many times, much faster than a client could. */
  public void fill(String queue, int count) {
    home.run(
        () -> {
          Message message = new Message(Content.address("", queue), new byte[2], new byte[10]);
          AmqpQueue target = vhost.queue(queue);
          for (int i = 0; i < count; i++) {
            target.publish(message);
          }
        });
  }

  /** Sets what is called after each turn. */
  public void afterTurn(Runnable listener) {
    afterTurn = listener;
  }

  /** Does one thing that is due: a task of a loop or a burst of bytes; false when all is quiet. */
  public boolean step() {
    boolean bursts = false;
    for (int i = 0; i < sockets.size(); i++) {
      bursts |= deliverBurst(sockets.get(i));
    }
    if (socketThread != loop) {
      bursts |= socketThread.step();
    }
    if (!storeHeld) {
      bursts |= storeThread.step();
    }
    if (!loop.step()) {
      return bursts;
    }
    afterTurn.run();
    return true;
  }

  /** Goes on until nothing is left to do at this time. */
  public TestBroker run() {
    for (int steps = 0; step() || settled(); steps++) {
      if (steps > TOO_MANY_STEPS) {
        throw new AssertionError("the broker does not come to rest");
      }
    }
    return this;
  }

  private boolean settled() {
    sockets.forEach(TestSocket::runHandedOver);
    return loop.hasTasks() || socketThread.hasTasks() || !storeHeld && storeThread.hasTasks();
  }

  /** Lets time pass, and runs everything that falls due. */
  public void advance(long millis) {
    run();
    if (socketThread != loop) {
      socketThread.advance(millis, this::run);
    }
    loop.advance(millis, this::run);
    run();
  }

  boolean deliverBurst(TestSocket socket) {
    boolean delivered = socket.deliverBurst();
    if (delivered) {
      afterTurn.run();
    }
    return delivered;
  }
}
