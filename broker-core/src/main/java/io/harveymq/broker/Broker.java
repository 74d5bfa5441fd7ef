package io.harveymq.broker;

import io.harveymq.broker.auth.AuthChain;
import io.harveymq.broker.connection.Settings;
import io.harveymq.broker.inspect.Inspection;
import io.harveymq.broker.net.AmqpListener;
import io.harveymq.broker.net.EventLoops;
import io.harveymq.broker.net.NettyVersion;
import io.harveymq.broker.node.AccessRegistry;
import io.harveymq.broker.node.Alarms;
import io.harveymq.broker.node.Node;
import io.harveymq.broker.store.BrokerStore;
import io.harveymq.broker.tls.ServerTls;
import io.harveymq.broker.tls.TlsException;
import io.harveymq.broker.tls.TlsOptions;
import io.harveymq.broker.vhost.EventExchange;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.LogExchange;
import io.harveymq.broker.vhost.MemoryAccount;
import io.harveymq.broker.vhost.NameGenerator;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A running broker, to be embedded in any JVM:
 *
 * <pre>{@code
 * try (Broker broker = Broker.start()) {
 *   new ConnectionFactory().setUri(broker.amqpUri());
 * }
 * }</pre>
 *
 * <p>Its threads are daemons. Several brokers may run in one JVM. Safe from any thread.
 */
public final class Broker implements AutoCloseable {
  private final EventLoops loops;
  private final AmqpListener listener;
  private final ServerTls tls;
  private final BrokerConfig config;
  private final Node node;
  private final Durability durability;
  private final ResourceAlarms alarms;
  private final PolicyControl policies;
  private final AccessControl access;
  private final Inspection inspection;
  private AppControl app;
  private boolean closed;

  private Broker(
      EventLoops loops,
      Node node,
      AmqpListener listener,
      ServerTls tls,
      BrokerConfig config,
      Durability durability) {
    this.loops = loops;
    this.node = node;
    this.listener = listener;
    this.tls = tls;
    this.config = config;
    this.durability = durability;
    this.alarms = new ResourceAlarms(node.alarms(), loops.all(), config);
    this.policies = new PolicyControl(node);
    this.access = new AccessControl(node.access());
    this.inspection = new Inspection(node);
    alarms.start();
    durability.failure().thenRunAsync(this::close, task -> new Thread(task, "harvey-fail").start());
  }

  /**
   * Starts a broker on a free port of the loopback address.
   *
   * @throws BrokerStartException when it can't; the message says why and what to do
   */
  public static Broker start() throws BrokerStartException {
    return start(BrokerConfig.builder().build());
  }

  /**
   * Starts a broker that keeps everything in memory; it accepts connections when this returns.
   *
   * @throws BrokerStartException when it can't; the message says why and what to do
   */
  public static Broker start(BrokerConfig config) throws BrokerStartException {
    return start(config, null);
  }

  /**
   * Starts a broker with what a store holds; it accepts connections when this returns.
   *
   * @param store for what is durable, closed with the broker, or when it can't start; null for none
   * @throws BrokerStartException when it can't; the message says why and what to do
   */
  public static Broker start(BrokerConfig config, BrokerStore store) throws BrokerStartException {
    return start(config, store, broker -> {});
  }

  /** What is done with a broker that runs before clients can connect. */
  public interface Preparation {
    /**
     * Does it; on the thread that starts the broker.
     *
     * @throws BrokerStartException when the broker is not to start
     */
    void prepare(Broker broker) throws BrokerStartException;

    /**
     * Forgets what it did before: the broker is about to be reset, and prepared once more.
     *
     * @throws BrokerStartException when it can't; nothing is reset then
     */
    default void forget() throws BrokerStartException {}

    /** Whether it brings users, so that the first start makes none, and no virtual host. */
    default boolean bringsUsers() {
      return false;
    }
  }

  /**
   * Starts a broker with what a store holds, and prepares it before its ports open.
   *
   * @param store for what is durable, closed with the broker, or when it can't start; null for none
   * @throws BrokerStartException when it can't; the message says why and what to do
   */
  public static Broker start(BrokerConfig config, BrokerStore store, Preparation preparation)
      throws BrokerStartException {
    Broker broker = make(config, store, preparation.bringsUsers() ? null : config.firstStart());
    try {
      broker.app = new AppControl(broker, broker.listener, preparation);
      preparation.prepare(broker);
      broker.listen();
      return broker;
    } catch (BrokerStartException | RuntimeException failure) {
      broker.close();
      throw failure;
    }
  }

  /** A broker that runs and that nobody can connect to. */
  private static Broker make(BrokerConfig config, BrokerStore store, FirstStart firstStart)
      throws BrokerStartException {
    EventLoops loops = null;
    ServerTls tls = null;
    Durability durability = new Durability(store);
    try {
      requireNetty();
      tls = config.tls() == null ? null : openTls(config.tls().options());
      loops = startLoops(config);
      HomeLoop home = loops.first();
      durability.serve(home);
      EventExchange events =
          config.eventExchange() ? new EventExchange(home, config.nodeName()) : null;
      LogExchange log =
          config.logExchange() == null
              ? null
              : new LogExchange(home, config.nodeName(), config.logExchange());
      AccessRegistry access =
          new AccessRecovery(
                  durability,
                  new NameGenerator(new SecureRandom()),
                  config.compatibility(),
                  config.vhostDefaults(),
                  events,
                  log)
              .recover(loops.all(), firstStart, config.loopbackUsers());
      access.logins(new AuthChain(config.authBackends().apply(access.internal()), access::rules));
      access.mostVhosts(config.limits().node().maxVhosts());
      Alarms alarms = new Alarms(loops.all(), events);
      String clusterName = config.clusterName() == null ? config.nodeName() : config.clusterName();
      Node node = new Node(config.nodeName(), clusterName, access, alarms, log);
      AmqpListener listener = new AmqpListener(loops, node, settings(config));
      return new Broker(loops, node, listener, tls, config, durability);
    } catch (BrokerStartException | RuntimeException failure) {
      if (tls != null) {
        tls.close();
      }
      if (loops != null) {
        loops.close();
      }
      durability.close();
      throw failure;
    }
  }

  private static void requireNetty() throws BrokerStartException {
    String unfit = NettyVersion.unfit(Broker.class.getClassLoader());
    if (unfit != null) {
      throw new BrokerStartException(unfit, null);
    }
  }

  private static Settings settings(BrokerConfig config) {
    return new Settings(
        config.compatibility(),
        config.limits(),
        config.consumerTimeoutMillis(),
        config.defaultQueueType(),
        config.login());
  }

  private static ServerTls openTls(TlsOptions options) throws BrokerStartException {
    try {
      return ServerTls.open(options);
    } catch (TlsException unusable) {
      throw new BrokerStartException(
          "TLS can't be offered: " + unusable.getMessage() + " (" + unusable.option() + ")",
          unusable);
    }
  }

  private void listen() throws BrokerStartException {
    List<InetSocketAddress> plain = new ArrayList<>();
    if (config.amqpPort() != BrokerConfig.NO_PORT) {
      plain.add(InetSocketAddress.createUnresolved(config.bindAddress(), config.amqpPort()));
    }
    plain.addAll(config.moreAddresses());
    for (InetSocketAddress address : plain) {
      listen(address, listener::bind);
    }
    for (InetSocketAddress address :
        tls == null ? List.<InetSocketAddress>of() : config.tls().addresses()) {
      listen(address, resolved -> listener.bind(resolved, tls));
    }
  }

  private interface Binding {
    void bind(InetSocketAddress address) throws Exception;
  }

  private static void listen(InetSocketAddress address, Binding binding)
      throws BrokerStartException {
    InetSocketAddress resolved = resolved(address);
    try {
      binding.bind(resolved);
    } catch (Exception failure) {
      throw cannotListen(address, failure);
    }
  }

  private static InetSocketAddress resolved(InetSocketAddress address) throws BrokerStartException {
    try {
      return new InetSocketAddress(
          InetAddress.getByName(address.getHostString()), address.getPort());
    } catch (UnknownHostException unknown) {
      throw new BrokerStartException(
          "unknown address '"
              + address.getHostString()
              + "' to listen on; use an address of this machine",
          unknown);
    }
  }

  private static EventLoops startLoops(BrokerConfig config) throws BrokerStartException {
    try {
      return new EventLoops(
          config.eventLoops(),
          config.transport(),
          config.clock(),
          () ->
              new MemoryAccount(
                  config.memoryShareBytes(),
                  config.memoryHardLimitBytes(),
                  config.structureLimitBytes()));
    } catch (IllegalStateException noEpoll) {
      throw new BrokerStartException(noEpoll.getMessage() + "; use the transport nio", noEpoll);
    }
  }

  private static BrokerStartException cannotListen(InetSocketAddress address, Exception failure) {
    String where = address.getHostString() + ":" + address.getPort();
    if (failure instanceof BindException || failure.getMessage().contains("in use")) {
      return new BrokerStartException(
          "can't listen on "
              + where
              + ": "
              + failure.getMessage()
              + "; if another broker is running there, stop it or choose another port",
          failure);
    }
    return new BrokerStartException("can't listen on " + where + ": " + failure, failure);
  }

  /** What it listens on for AMQP clients without TLS, in the order of the configuration. */
  public List<InetSocketAddress> addresses() {
    return listener.addresses();
  }

  /** What it listens on for AMQP clients with TLS, in the order of the configuration. */
  public List<InetSocketAddress> tlsAddresses() {
    return listener.tlsAddresses();
  }

  /** The port that AMQP clients connect to; with TLS, if it listens for nothing else. */
  public int port() {
    return first().getPort();
  }

  private InetSocketAddress first() {
    List<InetSocketAddress> plain = listener.addresses();
    return plain.isEmpty() ? listener.tlsAddresses().get(0) : plain.get(0);
  }

  /** TLS as AMQP clients are offered it; null when they are not. */
  public ServerTls tls() {
    return tls;
  }

  /** Shows what there is at this moment. */
  public Inspection inspection() {
    return inspection;
  }

  /** Gives commands on behalf of a user. */
  public BrokerCommands commands() {
    return new BrokerCommands(node, settings(config));
  }

  /** The name of the node, such as {@code rabbit@myhost}. */
  public String nodeName() {
    return node.name();
  }

  /** The name of the cluster, which is that of the node unless another was given. */
  public String clusterName() {
    return node.clusterName();
  }

  /** What is given the lines of the log; null unless the configuration names a virtual host. */
  public LogExchange logExchange() {
    return node.log();
  }

  /** How it was started. */
  public BrokerConfig config() {
    return config;
  }

  /** Stops and starts what clients use of it, and resets it. */
  public AppControl app() {
    return app;
  }

  /** Policies and operator policies. */
  public PolicyControl policies() {
    return policies;
  }

  /** The memory and disk alarms. */
  public ResourceAlarms alarms() {
    return alarms;
  }

  /** Switches the firehose, which shows all messages of a virtual host. */
  public Tracing tracing() {
    return new Tracing(node);
  }

  /** Injects faults, to see what clients make of them. */
  public FaultControl faults() {
    return new FaultControl(node);
  }

  /** Records what is published, and publishes it again. */
  public RecordingControl recordings() {
    return new RecordingControl(node, commands());
  }

  /** Shows and cancels messages that wait in delayed exchanges. */
  public DelayedExchanges delayedExchanges() {
    return new DelayedExchanges(node);
  }

  /** Users, virtual hosts, permissions and limits. */
  public AccessControl access() {
    return access;
  }

  /** AMQP sockets that are open, those that are not logged in included. */
  public int connectionCount() {
    return listener.connectionCount();
  }

  /** The loop that owns all virtual hosts. */
  HomeLoop home() {
    return loops.first();
  }

  Node node() {
    return node;
  }

  /**
   * A URI for clients on this machine, such as {@code amqp://guest:guest@127.0.0.1:49152/%2F}, with
   * the user and virtual host of a first start; {@code amqps} if it listens for nothing else.
   */
  public String amqpUri() {
    FirstStart first = config.firstStart();
    return (listener.addresses().isEmpty() ? "amqps://" : "amqp://")
        + encoded(first.defaultUser())
        + ":"
        + encoded(first.defaultPass())
        + "@"
        + clientHost()
        + ":"
        + port()
        + "/"
        + encoded(first.defaultVhost());
  }

  private static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private String clientHost() {
    String bound = config.bindAddress();
    if (bound.equals("0.0.0.0") || bound.equals("::")) {
      return "127.0.0.1";
    }
    return bound.contains(":") ? "[" + bound + "]" : bound;
  }

  /**
   * Completed with the reason when the broker fails because its store did: it confirms nothing more
   * and closes. Never completed otherwise.
   */
  public CompletionStage<Throwable> failure() {
    return durability.failure();
  }

  /**
   * Closes all connections with 320 CONNECTION_FORCED, stores what is left to store and ends the
   * threads; waits for it. A second call does nothing.
   */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      access.close();
      listener.close();
      recordings().end();
      durability.drain();
      loops.close();
      if (tls != null) {
        tls.close();
      }
      durability.close();
      alarms.close();
    }
  }
}
