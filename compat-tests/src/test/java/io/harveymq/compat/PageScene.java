package io.harveymq.compat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/**
 * A busy shop with troubles, and with names that are hard to show: long ones, from right to left,
 * and markup. And the way to each page and to whatever opens on it. One thread, the test's.
 */
final class PageScene implements AutoCloseable {
  static final String LONG = "long." + "q".repeat(150) + ".name-of".repeat(8);
  static final String RIGHT_TO_LEFT = "\u05d4\u05d6\u05de\u05e0\u05d5\u05ea-\u0637\u0644\u0628";
  static final String MARKUP = "<b class=made>markup</b> & \"quotes\"";
  private static final List<String> NAMES = List.of(LONG, RIGHT_TO_LEFT, MARKUP);

  /** Something to look at: where it is, the text that shows that it is there, what opens it. */
  record Stop(String name, String address, String text, Opening opening) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** What somebody does on a page before it is looked at. */
  interface Opening {
    void on(Page page);
  }

  final PageBroker broker = PageBroker.start();
  private final PageDemo demo = new PageDemo(broker);
  private final ManagementClient http = ManagementClient.at(broker.uri(), "guest", "guest");
  private final Connection trouble = broker.connect(LONG);
  private final List<Stop> stops = new ArrayList<>();

  PageScene() throws Exception {
    Channel channel = trouble.createChannel();
    for (String name : NAMES) {
      channel.exchangeDeclare(name, "topic", false, true, null);
      channel.queueDeclare(name, false, false, true, Map.of("x-max-length", 5));
      channel.queueBind(name, name, name);
      channel.queueBind(name, "orders", "order.eu.paid");
      channel.basicPublish(name, name, null, name.getBytes(StandardCharsets.UTF_8));
      channel.basicPublish(name, "nowhere", null, name.getBytes(StandardCharsets.UTF_8));
      http.put("/policies/%2F/" + ManagementClient.segment(name), policy(name)).isEmpty(201);
    }
    channel.basicQos(2);
    channel.basicConsume(RIGHT_TO_LEFT, false, LONG, new DefaultConsumer(channel));
    channel.queueDeclare("lost", false, true, true, Map.of("x-dead-letter-exchange", LONG + "x"));
    http.put("/users/" + LONG, Map.of("password", "p", "tags", "monitoring")).isEmpty(201);
    http.put("/vhosts/" + LONG, Map.of("description", MARKUP)).isEmpty(201);
    http.put("/vhost-limits/" + LONG + "/max-queues", Map.of("value", 7)).isEmpty(204);
    http.put("/dev/stories/%2F", Map.of()).isEmpty(204);
    pages();
    parts();
    opened();
  }

  private static Map<String, Object> policy(String name) {
    return Map.of(
        "pattern", "^" + name.length() + "$", "definition", Map.of("max-length", 5), "priority", 1);
  }

  private void stop(String name, String address, String text, Opening opening) {
    stops.add(new Stop(name, address, text, opening));
  }

  private void stop(String name, String address, String text) {
    stop(name, address, text, page -> {});
  }

  /** The pages of the rail and the top bar. */
  private void pages() {
    stop("overview", "#/", "Busiest queues", page -> page.find(By.cssSelector(".finding")));
    stop("first start", "#/start", "Connect your code");
    stop("topology", "#/topology", "billing");
    stop("dry run", "#/topology?exchange=orders&key=order.eu.paid", "billing", PageScene::dryRun);
    stop("messages", "#/messages?in=queues&q=key:paid", "order.us.paid");
    stop("stories", "#/messages?in=stories&q=key:paid", "order.us.paid");
    stop("live tail", "#/messages/live?exchange=orders", "order.us.paid");
    stop("dropped", "#/messages/dropped", "nowhere");
    stop("queues", "#/queues", "billing");
    stop("exchanges", "#/exchanges", "amq.default");
    stop("connections", "#/connections", "web-shop");
    stop("channels", "#/channels", "web-shop");
    stop("consumers", "#/consumers", "billing");
    for (String tool : List.of("wait", "faults", "record", "lint")) {
      stop(tool, "#/test/" + tool, "Test tools");
    }
    stop("vhosts", "#/vhosts", "Virtual hosts");
    stop("users", "#/users", "guest");
    stop("policies", "#/policies", RIGHT_TO_LEFT);
    stop("operator policies", "#/operator-policies", "Operator");
    stop("limits", "#/limits", "Limits");
    stop("definitions", "#/definitions", "Definitions");
    stop("node", "#/node", "rabbit@");
    stop("more", "#/more", "Exchanges");
    stop("no such queue", "#/queues/%2F/no." + LONG, "No queue");
    stop("nowhere", "#/nowhere", "No page at this address");
  }

  /** Single objects and their tabs. */
  private void parts() {
    for (String tab : List.of("messages", "bindings", "consumers", "charts", "settings")) {
      stop("queue " + tab, "#/queues/%2F/billing/" + tab, "Keeping up");
    }
    for (String tab : List.of("bindings", "dropped", "publishers", "charts", "settings")) {
      stop("exchange " + tab, "#/exchanges/%2F/orders/" + tab, "topic");
    }
    for (String name : NAMES) {
      String segment = ManagementClient.segment(name);
      stop("queue " + name, "#/queues/%2F/" + segment, name);
      stop("exchange " + name, "#/exchanges/%2F/" + segment, name);
    }
    String connection = http.read("/connections").get(0).get("name").textValue();
    String channel = http.read("/channels").get(0).get("name").textValue();
    stop("connection", "#/connections/" + ManagementClient.segment(connection), "Bytes per second");
    stop("channel", "#/channels/" + ManagementClient.segment(channel), "Prefetch");
    stop("user", "#/users/guest", "Permissions");
    stop("vhost", "#/vhosts/%2F", "Topic permissions");
    stop("long vhost", "#/vhosts/" + LONG, MARKUP);
    stop("all rates", "#/rates", "Get (empty)");
    stop("all rates of a queue", "#/queues/%2F/billing/charts?rates=1", "Went to");
    stop("long user", "#/users/" + LONG, LONG);
  }

  /** What opens above a page or in it. */
  private void opened() {
    stop("message", "#/queues/%2F/reports", "order.us.paid", PageScene::readFirst);
    stop("unacked message", unacked(), RIGHT_TO_LEFT, PageScene::readFirst);
    stop("dead letter", "#/queues/%2F/billing.dead", "rejected", PageScene::readFirst);
    stop("story", "#/messages?in=stories&q=key:paid", "order.us.paid", PageScene::readFirst);
    String longStory = "#/messages?in=stories&q=queue:" + LONG;
    stop("story of long names", longStory, "order.eu.paid", PageScene::readFirst);
    stop("selection", "#/queues", "billing", page -> page.press("jj j k "));
    stop("redrive", "#/queues/%2F/billing.dead", "rejected", page -> page.press("j r"));
    stop("declare a queue", "#/queues", "billing", page -> sheet(page, "n"));
    stop("declare an exchange", "#/exchanges", "amq.default", page -> sheet(page, "n"));
    stop("publish", "#/queues/%2F/reports", "order.us.paid", page -> sheet(page, "u"));
    stop("get", "#/queues/%2F/reports", "reports", PageScene::got);
    stop("bind", "#/exchanges/%2F/orders", "order.eu.paid", page -> sheet(page, "n"));
    stop("keys", "#/queues", "billing", page -> open(page, "?", "dialog[open]"));
    stop("jump", "#/queues", "billing", page -> open(page, "/", ".jumpbox input"));
    stop("menu", "#/queues/%2F/reports", "reports", PageScene::menu);
    stop("delete", "#/queues/%2F/reports", "reports", page -> dialog(page, "Delete queue…"));
    stop("purge", "#/queues/%2F/reports", "reports", page -> dialog(page, "Purge queue…"));
    stop("columns", "#/queues", "billing", PageScene::columns);
    stop("unfolded", "#/connections", "web-shop", PageScene::unfolded);
    stop("not loaded", "#/queues", "billing", PageScene::notLoaded);
    stop("refused", "#/queues", "billing", PageScene::refused);
  }

  private static String unacked() {
    return "#/queues/%2F/" + ManagementClient.segment(RIGHT_TO_LEFT);
  }

  List<Stop> stops() {
    return stops;
  }

  /** Goes to the stop, past whatever was open, and waits until it is drawn. */
  void show(Page page, Stop stop) {
    page.press(Keys.ESCAPE);
    page.awaitGone(By.cssSelector("dialog[open], .jumpbox, .slide, .items"));
    page.open("#/more");
    page.awaitHeading("More");
    page.open(stop.address);
    page.await("what is there", d -> stop.name.equals("more") || page.script(LEFT_MORE) != null);
    page.find(By.cssSelector("main h1, main .empty h2"));
    page.await(stop.text, d -> page.script(SHOWS, stop.text));
    page.awaitGone(By.cssSelector(".skeleton"));
    stop.opening.on(page);
    page.await("what moves to stand still", d -> page.script(STILL));
  }

  private static final String LEFT_MORE =
      "return document.title.startsWith('More') ? null : document.title";

  private static final String STILL =
      "return document.getAnimations().every(a => a.playState === 'finished'"
          + " || a.effect.getComputedTiming().iterations === Infinity)";

  /** Whether the page has the text, be it hidden at this width or cut off. */
  private static final String SHOWS =
      "return document.getElementById('main').textContent.includes(arguments[0])";

  private static void open(Page page, String key, String selector) {
    page.press(key);
    page.find(By.cssSelector(selector));
  }

  private static void sheet(Page page, String key) {
    open(page, key, ".slide");
    page.await("the focus", d -> page.script("return !!document.activeElement.closest('.slide')"));
  }

  private static void readFirst(Page page) {
    page.press("j");
    page.find(By.cssSelector(".viewer section"));
  }

  private static void menu(Page page) {
    page.click(By.cssSelector("main .menu > button[aria-label='More acts']"));
    page.find(By.cssSelector("[role=menu]"));
  }

  private static void dialog(Page page, String act) {
    page.act(act);
    page.find(By.cssSelector("dialog[open]"));
  }

  private static void dryRun(Page page) {
    page.find(By.cssSelector(".tools [role=status]"));
    page.find(By.cssSelector(".graph .e.lit"));
  }

  private static void columns(Page page) {
    page.click(Page.button("Columns"));
    page.find(By.cssSelector("[role=menu]"));
  }

  private static void unfolded(Page page) {
    page.click(By.cssSelector("button.unfold"));
    page.find(By.cssSelector("tr.under"));
  }

  /** As when a part of the page does not come: a toast that stays. */
  private static void notLoaded(Page page) {
    page.script("dispatchEvent(new Event('notloaded'))");
    page.find(By.cssSelector(".toast .bad"));
  }

  private static void got(Page page) {
    page.act("Get messages…");
    page.find(By.cssSelector(".slide"));
    page.click(Page.submit());
    page.find(By.cssSelector(".slide details"));
  }

  /** A sheet with what the broker says against it, and toasts. */
  private static void refused(Page page) {
    sheet(page, "n");
    page.type(Page.field("Name"), "amq.mine");
    page.click(Page.submit());
    page.find(By.cssSelector(".slide .callout"));
    page.type(Page.field("Name"), "mine");
    page.click(Page.submit());
    page.find(By.cssSelector(".toast"));
  }

  @Override
  public void close() {
    demo.close();
    trouble.abort(5_000);
    broker.close();
  }
}
