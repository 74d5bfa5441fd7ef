package io.harveymq.broker;

import io.harveymq.broker.auth.AuthChain;
import io.harveymq.broker.auth.InternalBackend;
import io.harveymq.broker.connection.Settings;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.broker.tls.TlsOptions;
import io.harveymq.broker.vhost.BrokerClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * How a broker is to run. Immutable; any thread.
 *
 * @param bindAddress address or host name to listen on
 * @param amqpPort 0 picks a free port, {@link #NO_PORT} is no listener without TLS at all
 * @param eventLoops threads that carry connections, at least 1
 * @param transport how sockets are driven
 * @param memoryShare share of the heap that messages may take before publishers are paused, from
 *     0.01 to 0.9
 * @param memoryHighWatermark what messages may take before whoever publishes is blocked; null for
 *     no more than the memory share demands
 * @param diskFreeLimit free space below which the disk alarm is raised
 * @param freeDiskSpace tells the free space in bytes where data is kept, on a thread that may wait;
 *     null for no disk alarm
 * @param compatibility the RabbitMQ version to behave like
 * @param clock what everything but sockets goes by
 * @param consumerTimeoutMillis after which a delivery has to be acknowledged, 0 for no limit
 * @param firstStart the user and virtual host of a first start
 * @param vhostDefaults what new virtual hosts get, the first one included
 * @param loopbackUsers names of users who may log in from this machine only
 * @param eventExchange whether there is an exchange amq.rabbitmq.event
 * @param logExchange the virtual host that has the exchange amq.rabbitmq.log; null for none
 * @param limits what connections are offered and held to
 * @param nodeName such as {@code rabbit@myhost}
 * @param clusterName what clients are told as the cluster's name; null for the node's name
 * @param defaultQueueType what a queue is that does not say, in virtual hosts that do not say
 *     either; null for classic
 * @param moreAddresses addresses to listen on without TLS besides the first
 * @param tls where to listen with TLS, and how; null for nowhere
 * @param login how AMQP clients may log in
 * @param authBackends who checks logins, one after the other, made from the broker's own backend
 */
public record BrokerConfig(
    String bindAddress,
    int amqpPort,
    int eventLoops,
    Transport transport,
    double memoryShare,
    ResourceLimit memoryHighWatermark,
    ResourceLimit diskFreeLimit,
    LongSupplier freeDiskSpace,
    Compatibility compatibility,
    BrokerClock clock,
    long consumerTimeoutMillis,
    FirstStart firstStart,
    VhostDefaults vhostDefaults,
    Set<String> loopbackUsers,
    boolean eventExchange,
    String logExchange,
    ConnectionLimits limits,
    String nodeName,
    String clusterName,
    String defaultQueueType,
    List<InetSocketAddress> moreAddresses,
    TlsListeners tls,
    LoginRules login,
    Function<InternalBackend, List<AuthChain.Step>> authBackends) {

  /** As {@code amqpPort}: clients that don't speak TLS can't connect. */
  public static final int NO_PORT = -1;

  /** Share of the heap that messages may take unless set otherwise. */
  public static final double DEFAULT_MEMORY_SHARE = 0.4;

  /** RabbitMQ's limit: 50 MB. */
  public static final ResourceLimit DEFAULT_DISK_FREE_LIMIT = ResourceLimit.absolute(50_000_000);

  /** RabbitMQ's loopback_users: guest. */
  public static final Set<String> DEFAULT_LOOPBACK_USERS = Set.of("guest");

  private static final double HARD_LIMIT_FACTOR = 1.5;
  private static final double LARGEST_SHARE = 0.9;
  private static final double STRUCTURE_SHARE = 0.25;
  private static final double LEAST_STRUCTURE_SHARE = 0.1;

  /** Checks the ranges. */
  public BrokerConfig {
    Objects.requireNonNull(bindAddress, "bindAddress");
    Objects.requireNonNull(transport, "transport");
    Objects.requireNonNull(diskFreeLimit, "diskFreeLimit");
    Objects.requireNonNull(compatibility, "compatibility");
    Objects.requireNonNull(clock, "clock");
    require(consumerTimeoutMillis >= 0, "consumerTimeout must be 0 or more", consumerTimeoutMillis);
    Objects.requireNonNull(firstStart, "firstStart");
    Objects.requireNonNull(vhostDefaults, "vhostDefaults");
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(nodeName, "nodeName");
    require(
        defaultQueueType == null || QueueType.of(defaultQueueType) != null,
        "defaultQueueType must be classic, quorum or stream",
        defaultQueueType);
    moreAddresses = List.copyOf(moreAddresses);
    Objects.requireNonNull(authBackends, "authBackends");
    loopbackUsers = Set.copyOf(loopbackUsers);
    require(
        amqpPort >= NO_PORT && amqpPort <= 65_535, "amqpPort must be from 0 to 65535", amqpPort);
    require(
        amqpPort != NO_PORT || tls != null && moreAddresses.isEmpty(),
        "amqpPort must be from 0 to 65535 unless only TLS is listened for",
        amqpPort);
    Objects.requireNonNull(login, "login");
    require(
        eventLoops >= 1 && eventLoops <= 1_024, "eventLoops must be from 1 to 1024", eventLoops);
    require(
        memoryShare >= 0.01 && memoryShare <= LARGEST_SHARE,
        "memoryShare must be from 0.01 to 0.9",
        memoryShare);
  }

  private static void require(boolean holds, String rule, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(rule + ", not " + value);
    }
  }

  /** Bytes that messages may take before publishers are paused. */
  long memoryShareBytes() {
    return (long) (memoryShare * Runtime.getRuntime().maxMemory());
  }

  /** Bytes at which a connection is closed that publishes and can't be paused. */
  long memoryHardLimitBytes() {
    double share = Math.min(LARGEST_SHARE, memoryShare * HARD_LIMIT_FACTOR);
    return (long) (share * Runtime.getRuntime().maxMemory());
  }

  /** Bytes that queues, bindings, channels and the like may take, a quarter of the heap or less. */
  long structureLimitBytes() {
    double rest = LARGEST_SHARE - memoryShare * HARD_LIMIT_FACTOR;
    double share = Math.max(LEAST_STRUCTURE_SHARE, Math.min(STRUCTURE_SHARE, rest));
    return (long) (share * Runtime.getRuntime().maxMemory());
  }

  /** A builder: loopback, a free port, one event loop. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects what differs from the defaults. Not safe for several threads. */
  public static final class Builder {
    private String bindAddress = "127.0.0.1";
    private int amqpPort;
    private int eventLoops = 1;
    private Transport transport = Transport.AUTO;
    private double memoryShare = DEFAULT_MEMORY_SHARE;
    private ResourceLimit memoryHighWatermark;
    private ResourceLimit diskFreeLimit = DEFAULT_DISK_FREE_LIMIT;
    private LongSupplier freeDiskSpace;
    private Compatibility compatibility = Compatibility.V4_2;
    private BrokerClock clock = BrokerClock.SYSTEM;
    private long consumerTimeoutMillis = Settings.DEFAULT_CONSUMER_TIMEOUT;
    private boolean eventExchange;
    private String logExchange;
    private FirstStart firstStart = FirstStart.DEFAULT;
    private VhostDefaults vhostDefaults = VhostDefaults.NONE;
    private Set<String> loopbackUsers = DEFAULT_LOOPBACK_USERS;
    private ConnectionLimits limits = ConnectionLimits.DEFAULT;
    private String nodeName;
    private String clusterName;
    private String defaultQueueType;
    private List<InetSocketAddress> moreAddresses = List.of();
    private Function<String, TlsListeners> tls = address -> null;
    private LoginRules login = LoginRules.DEFAULT;
    private Function<InternalBackend, List<AuthChain.Step>> authBackends =
        internal -> List.of(AuthChain.Step.of(internal));

    private Builder() {}

    public Builder bindAddress(String address) {
      bindAddress = address;
      return this;
    }

    /** 0 picks a free port; {@link #NO_PORT} lets in only clients that speak TLS. */
    public Builder amqpPort(int port) {
      amqpPort = port;
      return this;
    }

    public Builder eventLoops(int threads) {
      eventLoops = threads;
      return this;
    }

    public Builder transport(Transport kind) {
      transport = kind;
      return this;
    }

    /** Share of the heap that messages may take before publishers are paused. */
    public Builder memoryShare(double share) {
      memoryShare = share;
      return this;
    }

    /**
     * What messages may take before whoever publishes is blocked, acknowledgements included, as by
     * RabbitMQ's memory alarm. Unless it is set, and below it, only the memory share counts:
     * connections that are paused for it are told so by the same alarm.
     */
    public Builder memoryHighWatermark(ResourceLimit limit) {
      memoryHighWatermark = limit;
      return this;
    }

    /** Free space below which the disk alarm is raised; 50 MB unless set. */
    public Builder diskFreeLimit(ResourceLimit limit) {
      diskFreeLimit = limit;
      return this;
    }

    /** What tells the free disk space in bytes, for the disk alarm; it may take its time. */
    public Builder freeDiskSpace(LongSupplier bytes) {
      freeDiskSpace = bytes;
      return this;
    }

    public Builder compatibility(Compatibility version) {
      compatibility = version;
      return this;
    }

    /**
     * Milliseconds after which a delivery has to be acknowledged, or its channel is closed; half an
     * hour unless set, 0 for no limit.
     */
    public Builder consumerTimeout(long millis) {
      consumerTimeoutMillis = millis;
      return this;
    }

    /**
     * Whether the virtual host / has the exchange amq.rabbitmq.event, which tells what happens in
     * the broker, as with RabbitMQ's plugin; off unless set.
     */
    public Builder eventExchange(boolean on) {
      eventExchange = on;
      return this;
    }

    /**
     * The virtual host that has the exchange amq.rabbitmq.log, whose messages are the lines that
     * {@link Broker#logExchange} is given; none unless set.
     */
    public Builder logExchange(String vhost) {
      logExchange = vhost;
      return this;
    }

    /** The machine's clock unless set; see {@link io.harveymq.broker.vhost.ManualClock}. */
    public Builder clock(BrokerClock time) {
      clock = time;
      return this;
    }

    /**
     * The user and virtual host that are made at the first start, and at each start of a broker
     * without a store; guest and {@code /} unless set.
     */
    public Builder firstStart(FirstStart made) {
      firstStart = made;
      return this;
    }

    /**
     * Limits, operator policies and users that each new virtual host gets by its name, that of the
     * first start included; none unless set.
     */
    public Builder vhostDefaults(VhostDefaults given) {
      vhostDefaults = given;
      return this;
    }

    /**
     * Names of users who may log in from this machine only, RabbitMQ's loopback_users; guest unless
     * set.
     */
    public Builder loopbackUsers(Set<String> names) {
      loopbackUsers = names;
      return this;
    }

    /** What connections are offered and held to; RabbitMQ's defaults unless set. */
    public Builder limits(ConnectionLimits ofConnections) {
      limits = ofConnections;
      return this;
    }

    /** The node's name; {@code rabbit@} and the name of the machine unless set. */
    public Builder nodeName(String name) {
      nodeName = name;
      return this;
    }

    /** What clients are told as the name of the cluster; the node's name unless set. */
    public Builder clusterName(String name) {
      clusterName = name;
      return this;
    }

    /**
     * What a queue is that is declared without x-queue-type in a virtual host without a default of
     * its own, if that type can be as declared; classic unless set.
     */
    public Builder defaultQueueType(String type) {
      defaultQueueType = type;
      return this;
    }

    /** Addresses to listen on besides the first. */
    public Builder moreAddresses(List<InetSocketAddress> addresses) {
      moreAddresses = addresses;
      return this;
    }

    /**
     * Listens with TLS, too: on the same address, at a port of its own.
     *
     * @param port 5671 as a rule; 0 picks a free one, see {@link Broker#tlsAddresses}
     */
    public Builder tls(TlsOptions options, int port) {
      tls = address -> new TlsListeners(options, List.of(at(address, port)));
      return this;
    }

    /** Listens with TLS, too; null for not. */
    public Builder tls(TlsListeners listeners) {
      tls = address -> listeners;
      return this;
    }

    /** How AMQP clients may log in; as with RabbitMQ unless set. */
    public Builder login(LoginRules rules) {
      login = rules;
      return this;
    }

    /**
     * Who checks logins and decides what users may do, one after the other until one knows the
     * user; the broker's own users and permissions unless set.
     *
     * @param chain gets those, to be one of the links, and makes the chain at the broker's start
     */
    public Builder authBackends(Function<InternalBackend, List<AuthChain.Step>> chain) {
      authBackends = chain;
      return this;
    }

    /**
     * The configuration.
     *
     * @throws IllegalArgumentException for a value out of its range
     */
    public BrokerConfig build() {
      return new BrokerConfig(
          bindAddress,
          amqpPort,
          eventLoops,
          transport,
          memoryShare,
          memoryHighWatermark,
          diskFreeLimit,
          freeDiskSpace,
          compatibility,
          clock,
          consumerTimeoutMillis,
          firstStart,
          vhostDefaults,
          loopbackUsers,
          eventExchange,
          logExchange,
          limits,
          nodeName == null ? "rabbit@" + hostName() : nodeName,
          clusterName,
          defaultQueueType,
          moreAddresses,
          tls.apply(bindAddress),
          login,
          authBackends);
    }

    private static InetSocketAddress at(String address, int port) {
      return InetSocketAddress.createUnresolved(address, port);
    }

    private static String hostName() {
      try {
        String host = InetAddress.getLocalHost().getHostName();
        int dot = host.indexOf('.');
        return dot < 0 ? host : host.substring(0, dot);
      } catch (UnknownHostException nameless) {
        return "localhost";
      }
    }
  }
}
