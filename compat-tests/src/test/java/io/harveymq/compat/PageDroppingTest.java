package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.harveymq.broker.vhost.ManualClock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;

/** What the page says of losses once they are over, on a clock that the test moves. */
class PageDroppingTest extends PageTest {
  private static final By FINDINGS = By.cssSelector("section[aria-label='Needs attention']");
  private static final By PATH = By.cssSelector("section[aria-label='Path of a message']");
  private static final By GRAPH = By.cssSelector("svg.graph");

  private final ManualClock clock = new ManualClock();
  private PageBroker broker;

  @BeforeEach
  void startBroker() throws Exception {
    broker = PageBroker.start(clock);
    page = new Page(Browser.driver(), broker.uri());
  }

  @AfterEach
  void stopBroker() {
    page.leave();
    broker.close();
  }

  private void lose(String exchange) throws Exception {
    try (Connection client = broker.connect("newcomer")) {
      Channel channel = client.createChannel();
      channel.exchangeDeclare(exchange, "fanout");
      channel.confirmSelect();
      channel.basicPublish(exchange, "k", null, bytes("precious"));
      channel.waitForConfirmsOrDie(10_000);
    }
  }

  @Test
  void messageThatWasLostIsToldOfUntilItIsSeenTo() throws Exception {
    lose("test_exchange");
    page.enter("#/");
    page.awaitText(FINDINGS, "test_exchange drops every message: no queue is bound to it");
    clock.advance(Duration.ofSeconds(30));
    page.awaitText(FINDINGS, "test_exchange dropped 1 message: no queue is bound to it");
    page.awaitText(FINDINGS, "at ");
    page.awaitText(PATH, "1 dropped so far");
    page.open("#/topology");
    page.awaitText(GRAPH, "test_exchange");
    page.awaitText(GRAPH, "1 dropped");
    page.awaitText(By.cssSelector(".topo aside"), "1 message was dropped.");
    page.open("#/exchanges");
    page.awaitText(By.cssSelector("main table"), "Dropped 1");
    page.open("#/exchanges/%2F/test_exchange");
    page.awaitText("1 message was dropped.");
    page.awaitText(PATH, "1 so far");
    page.open("#/");
    page.script("arguments[0].click()", page.find(By.cssSelector("[aria-label^='Hide until']")));
    page.awaitText(FINDINGS, "Nothing else needs attention. 1 message was dropped so far.");
    lose("test_exchange");
    page.awaitText(FINDINGS, "drops every message");
  }

  @Test
  void exchangeThatWouldRouteAgainIsNoMoreToldOfAndNothingIsDenied() throws Exception {
    lose("mended");
    try (Connection client = broker.connect("other")) {
      Channel channel = client.createChannel();
      channel.queueDeclare("taker", false, false, false, null);
      channel.queueBind("taker", "mended", "");
    }
    clock.advance(Duration.ofSeconds(30));
    page.enter("#/");
    page.awaitText(FINDINGS, "Nothing needs attention. 1 message was dropped so far.");
    page.awaitText(PATH, "1 dropped so far");
  }

  @Test
  void whoMaySeeSomeVirtualHostsOnlyIsToldOfNoMore() throws Exception {
    ManagementClient api = ManagementClient.at(broker.uri(), "guest", "guest");
    api.put("/vhosts/own", Map.of());
    api.put("/users/watcher", Map.of("password", "p", "tags", "monitoring"));
    api.put("/permissions/own/watcher", Map.of("configure", ".*", "write", ".*", "read", ".*"));
    api.put("/queues/own/mine", Map.of());
    api.put("/queues/%2F/theirs", Map.of());
    lose("elsewhere");
    page.open("#/");
    page.logIn("watcher", "p");
    page.awaitText(FINDINGS, "Nothing needs attention where you have permissions.");
    assertThat(page.find(FINDINGS).getText()).doesNotContain("dropped");
    page.awaitText(PATH, "dropped");
    By rail = By.cssSelector("nav.rail a[href='#/queues'] .count");
    page.await("own queues", d -> d.findElement(rail).getText().equals("1"));
  }

  @Test
  void whatDropsMessagesIsLaidOutFirst() throws Exception {
    try (Connection client = broker.connect("shop")) {
      Channel channel = client.createChannel();
      channel.exchangeDeclare("a", "fanout");
      for (int i = 0; i < 6; i++) {
        channel.queueDeclare("a" + i, false, false, false, null);
        channel.queueBind("a" + i, "a", "");
      }
      lose("z");
      page.enter("#/topology?all=1");
      double first = top("z");
      double next = top("a0");
      assertThat(first).isLessThan(next).isLessThan(top("a"));
      lose("y");
      assertThat(top("y")).isGreaterThan(first);
      assertThat(top("z")).isEqualTo(first);
      assertThat(top("a0")).isEqualTo(next);
    }
  }

  private static By node(String name) {
    return By.xpath("//*[name()='g'][@data-id][starts-with(@aria-label,'%s,')]".formatted(name));
  }

  private double top(String name) {
    return Double.parseDouble(
        page.find(node(name)).findElement(By.cssSelector("rect")).getDomAttribute("y"));
  }
}
