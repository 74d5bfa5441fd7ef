package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.By;
import org.openqa.selenium.interactions.Actions;

/**
 * Lists of what a team has that names things at length, in all virtual hosts: every column is
 * within its panel, and no number is cut off.
 */
@Timeout(240)
class PageWidthsTest extends PageTest {
  private static final String VHOST = "team-payments-integration-staging-eu";
  private static final String USER = "payments-service-integration-tester";
  private static final String EVENTS = "payments.settlement.events.topic.v2";
  private static final String DEAD = "payments.settlement.dead-letters";
  private static final String LATER = "payments.reminders.scheduled-delivery.v1";
  private static final String QUEUE = "payments.settlement.confirmed.worker-eu1";
  private static final String STREAM = "payments.settlement.notifications.email";
  private static final String CLIENT = "payments-settlement-reconciliation-worker";
  private static final String KEY = "settlement.sepa.eu.rejected.insufficient-funds";

  private static PageBroker broker;
  private static ManagementClient admin;
  private static final List<Connection> CONNECTIONS = new ArrayList<>();

  @BeforeAll
  static void begin() throws Exception {
    broker = PageBroker.start();
    admin = ManagementClient.at(broker.uri(), "guest", "guest");
    admin.put("/vhosts/" + VHOST, Map.of("description", "Integration tests of team payments"));
    admin.put("/users/" + USER, Map.of("password", "p", "tags", "monitoring,policymaker"));
    admin.put("/user-limits/" + USER + "/max-connections", Map.of("value", 10_000));
    for (String vhost : List.of("/", VHOST)) {
      administer(ManagementClient.segment(vhost));
      work(vhost);
    }
  }

  private static void administer(String vhost) {
    Map<String, Object> rights =
        Map.of(
            "configure", "^payments\\.settlement\\..*",
            "write", "^(payments|orders)\\..*",
            "read", "^(payments|orders|invoices)\\..*");
    admin.put("/permissions/" + vhost + "/" + USER, rights);
    admin.put("/permissions/" + vhost + "/guest", rights("configure", "write", "read"));
    Map<String, Object> topics = new LinkedHashMap<>(rights("write", "read"));
    topics.put("exchange", EVENTS);
    topics.put("write", "^settlement\\.[a-z]+\\..*\\.(confirmed|rejected)\\..*");
    admin.put("/topic-permissions/" + vhost + "/" + USER, topics);
    Map<String, Object> policy =
        Map.of(
            "pattern", "^payments\\.settlement\\.[a-z]+\\.worker-",
            "definition", Map.of("dead-letter-exchange", DEAD, "max-length", 1_000_000),
            "apply-to", "queues");
    admin.put("/policies/" + vhost + "/settlement-dead-letters-and-limits", policy);
    Map<String, Object> expiry =
        Map.of("pattern", "^tmp-integration-test-run-.*", "definition", Map.of("expires", 3600000));
    admin.put("/operator-policies/" + vhost + "/expiry-of-forgotten-queues-of-tests", expiry);
    admin.put("/vhost-limits/" + vhost + "/max-connections", Map.of("value", 10_000));
    admin.put("/dev/stories/" + vhost, Map.of());
  }

  private static Map<String, Object> rights(String... names) {
    Map<String, Object> all = new LinkedHashMap<>();
    for (String name : names) {
      all.put(name, ".*");
    }
    return all;
  }

  private static void work(String vhost) throws Exception {
    ConnectionFactory factory = factory();
    factory.setPort(broker.port());
    factory.setVirtualHost(vhost);
    Connection connection = factory.newConnection(CLIENT);
    CONNECTIONS.add(connection);
    Channel channel = connection.createChannel();
    channel.confirmSelect();
    channel.exchangeDeclare(EVENTS, "topic", true);
    channel.exchangeDeclare(DEAD, "fanout", true, false, Map.of("alternate-exchange", EVENTS));
    channel.exchangeDeclare(
        LATER, "x-delayed-message", true, false, Map.of("x-delayed-type", "topic"));
    Map<String, Object> rich =
        Map.of("x-message-ttl", 86_400_000, "x-max-priority", 5, "x-overflow", "reject-publish");
    channel.queueDeclare(QUEUE, true, false, false, rich);
    channel.queueBind(QUEUE, EVENTS, KEY);
    channel.queueDeclare(STREAM, true, false, false, Map.of("x-queue-type", "stream"));
    channel.queueBind(STREAM, EVENTS, "settlement.#");
    channel.queueDeclare("payments.settlement.dead-letters.parked", true, false, false, null);
    channel.queueBind("payments.settlement.dead-letters.parked", DEAD, "");
    byte[] body =
        "{\"settlement\":{\"amount\":40.9,\"iban\":\"DE0012345678\"}}"
            .getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 12; i++) {
      channel.basicPublish(EVENTS, KEY, null, body);
      channel.basicPublish("amq.topic", "settlement.unknown.kind.of.event.v3", null, body);
      channel.basicPublish(LATER, "reminder.invoice.overdue.second-notice", later(), body);
    }
    channel.waitForConfirmsOrDie(10_000);
    channel.basicQos(5);
    String tag = "settlement-confirmed-consumer-tag-eu-west-1";
    channel.basicConsume(QUEUE, false, tag, new DefaultConsumer(channel));
  }

  private static AMQP.BasicProperties later() {
    return new AMQP.BasicProperties.Builder().headers(Map.of("x-delay", 3_600_000)).build();
  }

  @AfterAll
  static void end() {
    CONNECTIONS.forEach(connection -> connection.abort(5_000));
    if (broker != null) {
      broker.close();
    }
  }

  /** Addresses, each with the name of a table that is there, and has rows. */
  private static Map<String, String> lists() {
    Map<String, String> lists = new LinkedHashMap<>();
    lists.put("#/queues", "Queues");
    lists.put("#/exchanges", "Exchanges");
    lists.put("#/connections", "Connections");
    lists.put("#/channels", "Channels");
    lists.put("#/consumers", "Consumers");
    lists.put("#/users", "Users");
    lists.put("#/vhosts", "Virtual hosts");
    lists.put("#/policies", "Operator policies");
    lists.put("#/limits", "Limits of users");
    lists.put("#/node", "Feature flags");
    lists.put("#/users/" + USER, "Topic permissions");
    lists.put("#/vhosts/" + VHOST, "Permissions");
    lists.put("#/messages/dropped", "Dropped messages");
    lists.put("#/messages?in=stories", "Life stories");
    String queue = "#/queues/" + VHOST + "/" + QUEUE;
    lists.put(queue, "Messages");
    lists.put(queue + "/bindings", "Bindings");
    lists.put(queue + "/consumers", "Consumers");
    lists.put(queue + "/settings", "Arguments");
    String exchange = "#/exchanges/" + VHOST + "/";
    lists.put(exchange + EVENTS + "/bindings", "Bindings from this exchange");
    lists.put(exchange + "amq.topic/dropped", "Dropped messages");
    lists.put(exchange + LATER + "/delayed", "Delayed messages");
    lists.put("#/rates", "Churn");
    lists.put("#/", "Busiest queues");
    return lists;
  }

  /** Columns that are not within their panel, and numbers that are not within their column. */
  private static final String CUT =
      """
      const found = [];
      for (const table of document.querySelectorAll("main table:not(.sr)")) {
        const name = table.getAttribute("aria-label");
        const { right } = table.closest(".panel").getBoundingClientRect();
        for (const th of table.tHead.rows[0].cells) {
          const over = th.getBoundingClientRect().right - right;
          if (over > 0.5) found.push(`${name}: ${th.textContent.trim()} is ${Math.round(over)} px beyond`);
        }
        for (const td of table.querySelectorAll("td.n")) {
          if (td.scrollWidth > td.clientWidth) found.push(`${name}: ${td.textContent.trim()} is cut`);
        }
        for (const td of table.querySelectorAll("td.c-name")) {
          if (td.clientWidth < 90) found.push(`${name}: a name has ${td.clientWidth} px`);
        }
      }
      return found;
      """;

  private static final String ROWS =
      "return document.querySelectorAll(`main table[aria-label='${arguments[0]}'] > tbody > tr`).length > 0";

  private void show(String address, String table) {
    page.open(address);
    page.await(table + " at " + address, d -> page.script(ROWS, table));
  }

  @Test
  void everyColumnOfEveryListIsWithinItsPanelOnALaptop() {
    page = new Page(Browser.driver(), broker.uri());
    page.width(1280, 800);
    page.enter("#/more");
    lists()
        .forEach(
            (address, table) -> {
              show(address, table);
              page.await("columns at " + address, d -> ((List<?>) page.script(CUT)).isEmpty());
            });
  }

  @Test
  void whatStandsBesideAListTakesNoColumnFromIt() {
    page = new Page(Browser.driver(), broker.uri());
    page.width(1280, 800);
    page.enter("#/more");
    for (String address : List.of("#/messages?in=stories", "#/messages/dropped")) {
      show(address, lists().get(address));
      page.press("j");
      page.find(By.cssSelector(".viewer section"));
      page.await("columns beside what is open", d -> ((List<?>) page.script(CUT)).isEmpty());
    }
  }

  @Test
  void noPageIsWiderThanATablet() {
    page = new Page(Browser.driver(), broker.uri());
    page.enter("#/more");
    for (int width : List.of(1024, 768)) {
      page.width(width, 900);
      lists()
          .forEach(
              (address, table) -> {
                show(address, table);
                assertThat(page.contentWidth()).as(address).isLessThanOrEqualTo(width);
              });
    }
  }

  @Test
  void nameThatIsCutIsTheTooltip() {
    page = new Page(Browser.driver(), broker.uri());
    page.width(1280, 800);
    page.enter("#/channels");
    By name = By.xpath("//table[@aria-label='Channels']/tbody/tr[1]/td[1]");
    page.await("a name", d -> d.findElement(name).getText().startsWith("payments"));
    new Actions(page.driver()).moveToElement(page.find(name)).perform();
    page.await(
        "the tooltip",
        d -> String.valueOf(d.findElement(name).getAttribute("title")).startsWith(CLIENT));
  }

  @Test
  void findingsAndBusiestQueuesTellTheirVirtualHostWhereThereAreSeveral() {
    page = new Page(Browser.driver(), broker.uri());
    page.enter("#/");
    for (String vhost : List.of("/", VHOST)) {
      page.find(
          By.xpath(
              "//*[@class='finding'][contains(.,'amq.topic')]//*[@class='tag'][.='%s']"
                  .formatted(vhost)));
      page.find(By.xpath("//table[@aria-label='Busiest queues']//td[.='%s']".formatted(vhost)));
    }
  }
}
