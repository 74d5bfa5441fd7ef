package io.harveymq.management.demo;

import io.harveymq.broker.auth.AccessEditor;
import io.harveymq.broker.auth.AccessException;
import io.harveymq.broker.auth.AccessRules;
import io.harveymq.broker.auth.Permission;
import io.harveymq.broker.auth.User;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ExchangeMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.Method;
import io.harveymq.codec.QueueMethod;
import io.harveymq.management.Node;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small shop to look at, in a virtual host of its own: it publishes four orders a second, three
 * workers take them, one rejects orders without a total, and one kind of order reaches no queue.
 * Its clients are real ones, with a user of its own, and come back when they are cut. Owned by the
 * HTTP server's event loop.
 */
public final class DemoShop {
  /** The virtual host. */
  public static final String VHOST = "demo";

  /** The user that its clients log in as. */
  public static final String USER = "demo-shop";

  private static final Logger LOG = LoggerFactory.getLogger(DemoShop.class);

  /** Marks virtual host and user as the demo's own. */
  private static final String TAG = "harvey-demo";

  private static final String DESCRIPTION = "A small shop to look at. The first page removes it.";
  private static final String ORDERS = "orders";
  private static final String DEAD_LETTERS = "orders.dlx";
  private static final String DEAD = "orders.dead";
  private static final long LONGEST = 1_000;
  private static final int PASSWORD_BYTES = 24;
  private static final long PUBLISH_MILLIS = 250;
  private static final long START_MILLIS = 10_000;
  private static final long RETRY_MILLIS = 2_000;

  /** Keys of twelve orders in a row: three seconds. */
  private static final List<String> KEYS =
      List.of(
          "order.eu.paid",
          "order.us.created",
          "order.us.paid",
          "order.eu.paid",
          "order.eu.created",
          "order.eu.returned",
          "order.us.paid",
          "order.us.created",
          "order.eu.paid",
          "order.us.paid",
          "order.eu.created",
          "order.eu.paid");

  /** One paid order of so many has no total. */
  private static final int WITHOUT_TOTAL = 60;

  /** A consumer of the queue of that name: deliveries it takes at a time, and how long each. */
  private record Worker(String name, String queue, int prefetch, long millis) {}

  private static final List<Worker> WORKERS =
      List.of(
          new Worker("billing-worker", "billing", 10, 200),
          new Worker("shipping-worker", "shipping", 20, 50),
          new Worker("report-writer", "reports", 1, 600));

  /** The place of one client among them all, which it takes again whenever it was cut. */
  private record Place(int index, String name, List<Method> setUp, DemoClient.Work work) {}

  private final Vertx vertx;
  private final Node node;
  private final NetClient net;
  private final List<DemoClient> clients = new ArrayList<>();
  private final Supplier<InetSocketAddress> where;
  private String password;
  private User user;
  private long timer = -1;
  private long published;
  private boolean begun;
  private boolean closed;

  public DemoShop(Vertx vertx, Node node) {
    this(vertx, node, () -> address(node));
  }

  /**
   * @param where asked before each connection; gives null when there is no port without TLS
   */
  DemoShop(Vertx vertx, Node node, Supplier<InetSocketAddress> where) {
    this.vertx = vertx;
    this.node = node;
    this.where = where;
    this.net = vertx.createNetClient(new NetClientOptions().setConnectTimeout((int) START_MILLIS));
  }

  private static boolean isOwn(VirtualHostDefinition vhost) {
    return vhost.tags().contains(TAG);
  }

  private static boolean isOwn(User user) {
    return user.hasTag(TAG);
  }

  /** Whether there is something that a demo made, of a broker before a restart perhaps. */
  public static boolean isLeft(AccessRules rules) {
    return rules.vhost(VHOST) != null || rules.user(USER) != null;
  }

  /**
   * Makes virtual host and user, unless they are left from before, and begins to work.
   *
   * @param viewer gets all permissions in the virtual host; null for nobody
   * @return completed when everything is declared; fails with the reason, then nothing goes on
   */
  public Future<Void> open(String viewer) {
    if (where.get() == null) {
      closed = true;
      return Future.failedFuture("the broker listens to no client without TLS");
    }
    byte[] secret = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(secret);
    password = Base64.getEncoder().encodeToString(secret);
    user = User.of(USER, password, TAG);
    return stillWanted()
        .compose(
            wanted ->
                Future.fromCompletionStage(
                    node.access().submit(editor -> make(editor, user, viewer)),
                    vertx.getOrCreateContext()))
        .compose(made -> stillWanted())
        .compose(made -> startAll())
        .timeout(START_MILLIS, TimeUnit.MILLISECONDS)
        .onFailure(failure -> close());
  }

  private Future<Void> stillWanted() {
    return closed ? Future.failedFuture("it was removed meanwhile") : Future.succeededFuture();
  }

  /** On the broker's loop; what others made since it was asked for is not touched. */
  private static void make(AccessEditor editor, User user, String viewer) {
    String other =
        inTheWay(
            editor.hasVhost(VHOST) ? editor.vhost(VHOST) : null,
            editor.hasUser(USER) ? editor.user(USER) : null);
    if (other != null) {
      throw new AccessException(AccessException.Reason.INVALID, other + " is in the way");
    }
    if (!editor.hasVhost(VHOST)) {
      VirtualHostDefinition vhost = VirtualHostDefinition.of(VHOST);
      editor.putVhost(vhost.withDescription(DESCRIPTION).withTags(List.of(TAG)));
    }
    editor.putUser(user);
    editor.setPermission(Permission.all(USER, VHOST));
    if (viewer != null && editor.hasUser(viewer)) {
      editor.setPermission(Permission.all(viewer, VHOST));
    }
  }

  private Future<Void> startAll() {
    begun = true;
    Future<Void> shop = start("web-shop", List.of(), (client, tag, body) -> {});
    Future<Void> all = shop.onSuccess(ready -> openForBusiness());
    for (Worker worker : WORKERS) {
      List<Method> consume =
          List.of(
              new BasicMethod.Qos(0, worker.prefetch, false),
              new BasicMethod.Consume(
                  worker.queue, worker.name, false, false, false, false, FieldTable.EMPTY));
      all =
          all.compose(
              before ->
                  start(
                      worker.name,
                      consume,
                      (client, tag, body) ->
                          vertx.setTimer(
                              worker.millis, late -> settle(worker, client, tag, body))));
    }
    return all;
  }

  private void openForBusiness() {
    if (!closed) {
      timer = vertx.setPeriodic(PUBLISH_MILLIS, tick -> publish(clients.get(0)));
    }
  }

  private static void settle(Worker worker, DemoClient client, long tag, byte[] body) {
    boolean isBilled = body != null && worker.queue.equals("billing");
    if (isBilled && new String(body, StandardCharsets.UTF_8).contains("\"total\": null")) {
      client.reject(tag);
    } else {
      client.ack(tag);
    }
  }

  // ---- clients

  /** Opens a connection, and opens it again whenever it ends. */
  private Future<Void> start(String name, List<Method> consume, DemoClient.Work work) {
    List<Method> setUp = new ArrayList<>(declarations());
    setUp.addAll(consume);
    Place place = new Place(clients.size(), name, setUp, work);
    clients.add(null);
    return dial().compose(socket -> serve(place, socket));
  }

  private Future<NetSocket> dial() {
    InetSocketAddress address = where.get();
    return net.connect(address.getPort(), address.getAddress().getHostAddress());
  }

  private Future<Void> serve(Place place, NetSocket socket) {
    DemoClient.Login login = new DemoClient.Login(place.name, USER, password, VHOST);
    DemoClient client = new DemoClient(socket, login, place.setUp, place.work);
    clients.set(place.index, client);
    if (closed) {
      client.close();
    }
    client.ended().onSuccess(ended -> again(place));
    return client.ready();
  }

  private void again(Place place) {
    if (isOpen()) {
      vertx.setTimer(
          RETRY_MILLIS,
          late -> {
            if (isOpen()) {
              dial()
                  .onSuccess(socket -> serve(place, socket))
                  .onFailure(nobodyThere -> again(place));
            }
          });
    }
  }

  /**
   * Whether it works: not when it was closed, or somebody deleted its virtual host or its user, or
   * took them over. What is left of it is removed then, unless only the password is another one.
   */
  public boolean isOpen() {
    if (begun && !closed) {
      AccessRules rules = node.access().rules();
      VirtualHostDefinition vhost = rules.vhost(VHOST);
      User now = rules.user(USER);
      if (vhost == null || !isOwn(vhost) || now == null || !isOwn(now)) {
        close();
        remove(vertx, node)
            .onFailure(failure -> LOG.error("what the demo made could not be removed", failure));
      } else if (!now.password().equals(user.password())) {
        close();
      }
    }
    return !closed;
  }

  /** Null when there is none without TLS. */
  private static InetSocketAddress address(Node node) {
    List<InetSocketAddress> all = node.broker().addresses();
    if (all.isEmpty()) {
      return null;
    }
    InetSocketAddress first = all.get(0);
    return first.getAddress().isAnyLocalAddress()
        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), first.getPort())
        : first;
  }

  /** Ends the clients; what they made stays. */
  public Future<Void> close() {
    closed = true;
    vertx.cancelTimer(timer);
    List<Future<Void>> ends = new ArrayList<>();
    for (DemoClient client : clients) {
      if (client != null) {
        client.close();
        ends.add(client.ended());
      }
    }
    return Future.join(ends)
        .<Void>mapEmpty()
        .timeout(START_MILLIS, TimeUnit.MILLISECONDS)
        .eventually(net::close);
  }

  /** Deletes virtual host and user, as far as a demo made them. */
  public static Future<Void> remove(Vertx vertx, Node node) {
    return Future.fromCompletionStage(
        node.access()
            .submit(
                editor -> {
                  if (editor.hasVhost(VHOST) && isOwn(editor.vhost(VHOST))) {
                    editor.deleteVhost(VHOST);
                  }
                  if (editor.hasUser(USER) && isOwn(editor.user(USER))) {
                    editor.deleteUser(USER);
                  }
                }),
        vertx.getOrCreateContext());
  }

  /** What of another's is in the way; null when nothing is. */
  public static String inTheWay(AccessRules rules) {
    return inTheWay(rules.vhost(VHOST), rules.user(USER));
  }

  private static String inTheWay(VirtualHostDefinition vhost, User user) {
    if (vhost != null && !isOwn(vhost)) {
      return "virtual host '" + VHOST + "'";
    }
    return user != null && !isOwn(user) ? "user '" + USER + "'" : null;
  }

  // ---- what there is in the shop

  private static List<Method> declarations() {
    FieldTable dead = FieldTable.builder().put("x-dead-letter-exchange", DEAD_LETTERS).build();
    FieldTable bounded = FieldTable.builder().put("x-max-length", LONGEST).build();
    return List.of(
        exchange(ORDERS, "topic"),
        exchange(DEAD_LETTERS, "fanout"),
        queue("billing", dead),
        bind("billing", ORDERS, "order.*.paid"),
        queue("shipping", FieldTable.EMPTY),
        bind("shipping", ORDERS, "order.*.paid"),
        queue("reports", FieldTable.EMPTY),
        bind("reports", ORDERS, "order.*.created"),
        queue(DEAD, bounded),
        bind(DEAD, DEAD_LETTERS, ""));
  }

  private static Method exchange(String name, String type) {
    return new ExchangeMethod.Declare(
        name, type, false, true, false, false, false, FieldTable.EMPTY);
  }

  private static Method queue(String name, FieldTable arguments) {
    return new QueueMethod.Declare(name, false, true, false, false, false, arguments);
  }

  private static Method bind(String queue, String exchange, String key) {
    return new QueueMethod.Bind(queue, exchange, key, false, FieldTable.EMPTY);
  }

  private void publish(DemoClient shop) {
    if (!isOpen()) {
      return;
    }
    long n = published++;
    String key = KEYS.get((int) (n % KEYS.size()));
    String total =
        n % WITHOUT_TOTAL == 0
            ? "null"
            : String.format(Locale.ROOT, "%d.%02d", 5 + n * 37 % 190, n * 13 % 100);
    String body =
        "{\"orderId\": \"A-%d\", \"customer\": \"c%d\", \"total\": %s, \"currency\": \"%s\"}"
            .formatted(10_000 + n, 100 + n * 7 % 900, total, key.contains(".eu.") ? "EUR" : "USD");
    BasicProperties properties =
        BasicProperties.builder()
            .contentType("application/json")
            .deliveryMode(2)
            .messageId("m-" + (10_000 + n))
            .timestamp(System.currentTimeMillis() / 1_000)
            .build();
    shop.publish(ORDERS, key, properties, body.getBytes(StandardCharsets.UTF_8));
  }
}
