package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;

/** Every number of RabbitMQ's page that is not on the first look at Harvey's. */
class PageRatesTest extends PageTest {
  private static final String RATES = "All message rates";

  private static By rate(String what) {
    return Page.row(RATES, what);
  }

  @Test
  void allRatesOfTheBrokerAreOneClickFromTheOverview() throws Exception {
    String queue = newQueue();
    fill(queue, "a", "b");
    channel.basicGet(queue, true);
    page.enter("#/");
    page.click(By.linkText("All rates"));
    page.awaitHeading("All rates");
    page.find(rate("Get (auto ack)"));
    page.find(rate("Unroutable (drop)"));
    page.find(Page.row("Churn", "Queues created"));
    page.awaitAddress("#/rates");
  }

  @Test
  void ratesOfAQueueAreInItsAddressWhileTheyAreOpen() throws Exception {
    String queue = newQueue();
    fill(queue, "a");
    page.enter("#/queues/%2F/" + queue + "/charts");
    page.click(Page.button("All rates"));
    page.find(rate("Publish"));
    page.awaitAddress("#/queues/%2F/" + queue + "/charts?rates=1");
    page.click(Page.button("All rates"));
    page.awaitGone(rate("Publish"));
    page.awaitAddress("#/queues/%2F/" + queue + "/charts");
  }

  @Test
  void ratesOfAQueueNameWhoSentAndWhoTook() throws Exception {
    String queue = newQueue();
    Connection taker = keep(factory().newConnection(name("taker")));
    Channel own = taker.createChannel();
    fill(queue, "a", "b", "c");
    own.basicGet(queue, true);
    own.basicGet(queue, false);
    page.enter("#/queues/%2F/" + queue + "/charts?rates=1");
    page.awaitText(rate("Get (auto ack)"), "1");
    page.awaitText(rate("Get (manual ack)"), "1");
    page.awaitText(Page.row("Came from", "amq.default"), "3");
    page.awaitText(Page.row("Went to", taker.getClientProvidedName() + ", channel 1"), "2");
    page.awaitText(Page.row("What it holds", "Ready"), "1");
    page.awaitText(Page.row("What it holds", "Unacked"), "1");
  }

  @Test
  void bindingsBetweenExchangesTellWhatPassed() throws Exception {
    String from = newExchange("topic");
    String to = newExchange("fanout");
    String idle = newExchange("fanout");
    channel.exchangeBind(to, from, "order.#");
    channel.exchangeBind(idle, from, "none");
    String queue = newQueue(to, "");
    newQueue(to, "");
    channel.confirmSelect();
    for (int i = 0; i < 3; i++) {
      channel.basicPublish(from, "order.eu", null, bytes("m"));
    }
    channel.basicPublish(to, "k", null, bytes("m"));
    channel.waitForConfirmsOrDie(10_000);
    page.enter("#/exchanges/%2F/" + from);
    awaitPassed("Bindings from this exchange", to, "3");
    awaitPassed("Bindings from this exchange", idle, "0");
    page.open("#/exchanges/%2F/" + to);
    awaitPassed("Bindings to this exchange", from, "3");
    awaitPassed("Bindings from this exchange", queue, "4");
    page.open("#/queues/%2F/" + queue + "/bindings");
    awaitPassed("Bindings", to, "4");
  }

  /** More flows than the broker notes. */
  @Test
  void whatPassedIsUnknownOnceFlowsAreLeftOut() throws Exception {
    String vhost = name("many");
    http.put("/vhosts/" + vhost, Map.of()).isEmpty(201);
    String passed = "/dev/topology?parts=passed&vhost=" + vhost;
    int many = 182;
    ConnectionFactory factory = factory();
    factory.setVirtualHost(vhost);
    try (Connection own = factory.newConnection();
        Channel to = own.createChannel()) {
      to.exchangeDeclare("hub", "fanout", true);
      for (int i = 0; i < many; i++) {
        to.queueDeclare("q" + i, false, false, false, Map.of("x-max-length", 1));
        to.queueBind("q" + i, "hub", "");
        to.exchangeDeclare("x" + i, "fanout", true);
        to.exchangeBind("hub", "x" + i, "");
      }
      to.confirmSelect();
      to.basicPublish("x0", "", null, bytes("m"));
      to.waitForConfirmsOrDie(10_000);
      assertThat(http.read(passed).has("left_out")).isFalse();
      page.enter("#/exchanges/" + vhost + "/x0");
      awaitPassed("Bindings from this exchange", "hub", "1");
      for (int i = 1; i < many; i++) {
        to.basicPublish("x" + i, "", null, bytes("m"));
      }
      to.waitForConfirmsOrDie(10_000);
    }
    assertThat(http.read(passed).get("left_out").booleanValue()).isTrue();
    page.open("#/exchanges/" + vhost + "/x" + (many - 1));
    awaitPassed("Bindings from this exchange", "hub", "\u2013");
    page.leave();
    http.delete("/vhosts/" + vhost).isEmpty(204);
  }

  private void awaitPassed(String table, String other, String passed) {
    page.await(
        passed + " by the binding of " + other,
        d ->
            d.findElement(
                    By.xpath(
                        "//table[@aria-label='%s']/tbody/tr[contains(.,'%s')]"
                            .formatted(table, other)))
                .findElements(By.tagName("td"))
                .get(4)
                .getText()
                .equals(passed));
  }

  @Test
  void ratesOfAChannelHaveItsConfirms() throws Exception {
    String queue = newQueue();
    Connection publisher = keep(factory().newConnection(name("publisher")));
    Channel own = publisher.createChannel();
    own.confirmSelect();
    for (int i = 0; i < 17; i++) {
      own.basicPublish("", queue, null, bytes("m"));
    }
    own.waitForConfirms();
    page.enter("#/channels");
    page.click(By.linkText(publisher.getClientProvidedName() + ", channel 1"));
    page.click(Page.button("All rates"));
    page.awaitText(rate("Publisher confirm"), "17");
    page.awaitText(Page.row("Published to", "amq.default"), "17");
  }

  @Test
  void argumentsOfAConsumerAreShownWhereItIs() throws Exception {
    String queue = newQueue();
    channel.basicConsume(
        queue, false, "first", false, false, Map.of("x-priority", 9), (t, m) -> {}, t -> {});
    page.enter("#/queues/%2F/" + queue + "/consumers");
    page.awaitText(Page.row("Consumers", "first"), "x-priority = 9");
    page.open("#/consumers?f=" + queue);
    page.click(Page.button("Columns"));
    page.click(Page.column("Arguments"));
    page.awaitText(Page.row("Consumers", queue), "x-priority = 9");
  }

  @Test
  void connectionsHaveTheColumnsThatAreChosenAndArePickedByAPattern() throws Exception {
    Connection client = keep(factory().newConnection(name("client")));
    page.enter("#/connections");
    By row = Page.row("Connections", client.getClientProvidedName());
    page.find(row);
    page.click(Page.button("Columns"));
    page.click(Page.column("Protocol"));
    page.awaitText(row, "AMQP 0-9-1");
    page.type(By.cssSelector("main input[type=search]"), "/^nobody/");
    page.awaitText("Nothing matches");
    page.type(By.cssSelector("main input[type=search]"), "/^127.*->/");
    page.find(row);
  }

  @Test
  void nodeTellsWhereItsMemoryIsAndWhatItOffers() {
    page.enter("#/node");
    page.awaitText(Page.row("Memory details", "Heap other_proc"), "iB");
    page.find(Page.row("Exchange types", "x-consistent-hash"));
    page.find(Page.row("Authentication mechanisms", "PLAIN"));
    page.find(Page.row("Churn", "Connections opened"));
    page.awaitText("Garbage collections");
  }

  @Test
  void suddenStopIsDrawnAsOne() {
    page.enter("#/queues");
    Object fall =
        page.script(
            """
            const points = Array.from({ length: 1200 }, (_, i) => [i * 1000, i < 602 ? 5 + i % 2 : 0]);
            return import(document.querySelector("script[src$='js/first.js']").src).then(({ thinned }) => {
              const drawn = thinned(points);
              const last = drawn.findLastIndex(p => p[1] > 0);
              return drawn[last + 1][0] - drawn[last][0];
            });
            """);
    assertThat((Long) fall).isBetween(1_000L, 10_000L);
  }

  @Test
  void clusterGetsAnotherName() {
    String before = http.read("/cluster-name").get("name").textValue();
    try {
      page.enter("#/cluster-name");
      page.click(Page.button("Change the cluster name…"));
      page.type(Page.field("Cluster name"), "shop-tests");
      page.click(Page.submit());
      page.awaitText(By.cssSelector(".toasts"), "The cluster is now shop-tests");
      page.awaitText(By.id("main"), "shop-tests");
      assertThat(http.read("/cluster-name").get("name").textValue()).isEqualTo("shop-tests");
    } finally {
      http.put("/cluster-name", Map.of("name", before)).isEmpty(204);
    }
  }
}
