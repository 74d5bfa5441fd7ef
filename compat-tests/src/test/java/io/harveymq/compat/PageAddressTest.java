package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;

class PageAddressTest extends PageTest {
  @Test
  void addressOfAQueueInRabbitMqsPageOpensTheQueue() throws Exception {
    String queue = name("deep link & more");
    channel.queueDeclare(queue, false, false, false, null);
    page.enter("#/queues/%2F/" + ManagementClient.segment(queue));
    page.awaitHeading(queue);
    page.awaitText(By.cssSelector(".tabs [aria-current=page]"), "Messages");
  }

  @ParameterizedTest
  @CsvSource({
    "#/exchanges/%2F/amq.topic, amq.topic",
    "#/exchanges/%2F/amq.default, amq.default",
    "#/queues, Queues",
    "#/connections, Clients",
    "#/channels, Clients",
    "#/users/guest, guest",
    "#/vhosts, Admin",
    "#/vhosts/%2F, /",
    "#/cluster-name, Admin",
    "#/feature-flags, Admin",
    "#/deprecated-features, Admin",
    "#/nodes/rabbit@localhost, Admin",
    "#/policies, Admin",
    "#/limits, Admin",
    "#/nowhere, No page at this address"
  })
  void addressOfRabbitMqsPageOpensTheSameThing(String address, String heading) {
    page.enter(address);
    page.awaitText(By.tagName("h1"), heading);
  }

  @Test
  void addressOfNoPageLeavesNothingOfThePageBefore() {
    page.enter("#/vhosts");
    page.awaitHeading("Admin");
    page.open("#/nowhere");
    page.awaitHeading("No page at this address");
    assertThat(page.driver().getTitle()).isEqualTo("No page · Harvey");
    assertThat(page.driver().findElements(By.cssSelector(".rail [aria-current=page]"))).isEmpty();
  }

  @Test
  void addressOfTheFormOpensItAlsoFromTheExchangesOtherParts() {
    page.enter("#/exchanges/%2F/amq.topic/settings");
    page.awaitHeading("amq.topic");
    page.open("#/exchanges/%2F/amq.topic/publish");
    page.awaitText(By.cssSelector(".slide h2"), "Publish to amq.topic");
  }

  @Test
  void backButtonGoesThroughThePagesThatWereSeen() throws Exception {
    String queue = newQueue();
    page.enter("#/queues?f=" + queue);
    page.click(By.linkText(queue));
    page.awaitHeading(queue);
    page.click(By.partialLinkText("Bindings"));
    page.awaitText("No binding");
    page.driver().navigate().back();
    page.awaitGone(Page.button("Bind to an exchange"));
    page.awaitHeading(queue);
    page.driver().navigate().back();
    page.awaitHeading("Queues");
    assertThat(page.find(By.cssSelector("main .tools input")).getDomProperty("value"))
        .isEqualTo(queue);
    page.driver().navigate().forward();
    page.awaitHeading(queue);
  }

  private static By message(String key) {
    return By.xpath("//table[@aria-label='Messages']//button[.='%s']".formatted(key));
  }

  @Test
  void messageThatIsOpenIsInTheAddressWithItsPage() throws Exception {
    String queue = newQueue();
    channel.queueBind(queue, "amq.topic", "#");
    for (int i = 0; i < 60; i++) {
      channel.basicPublish("amq.topic", "key." + i, null, bytes("payload " + i));
    }
    String address = "#/queues/%2F/" + queue;
    page.enter(address);
    page.find(message("key.0"));
    page.click(By.cssSelector("main .tfoot [aria-label='Next page']"));
    page.awaitAddress(address + "?page=2");
    page.click(message("key.57"));
    page.awaitText(By.cssSelector(".viewer"), "payload 57");
    page.awaitAddress(address + "?page=2&message=0%3A57");

    page.press("j");
    page.press("2");
    page.awaitAddress(address + "/bindings");
    page.awaitText(By.cssSelector(".tabs [aria-current=page]"), "Bindings");
    page.press("1");
    page.awaitAddress(address + "/messages?page=2&message=0%3A58");
    page.awaitText(By.cssSelector(".viewer"), "payload 58");

    page.reload(address + "?message=0%3A58");
    page.awaitText(By.cssSelector(".viewer"), "payload 58");
    page.awaitAddress(address + "?message=0%3A58&page=2");

    page.open(address + "?page=99999999999");
    page.awaitAddress(address + "?page=2");

    page.open(address + "/messages?search=key.5&state=ready");
    page.awaitGone(message("key.49"));
    page.find(message("key.5"));
    page.click(By.partialLinkText("Bindings"));
    page.awaitAddress(address + "/bindings");
    page.awaitText(By.cssSelector(".tabs [aria-current=page]"), "Bindings");
    page.click(By.xpath("//nav[@class='tabs']/a[starts-with(., 'Messages')]"));
    page.awaitAddress(address + "/messages?search=key.5&state=ready");
    assertThat(page.find(By.cssSelector("main .searchbox input")).getDomProperty("value"))
        .isEqualTo("key.5");

    page.open(address + "?message=0%3A99");
    page.awaitText(By.cssSelector(".toasts"), "The message is not here.");
  }

  @Test
  void droppedMessageThatIsOpenIsInTheAddress() throws Exception {
    String exchange = name("nowhere");
    channel.exchangeDeclare(exchange, "fanout");
    for (int i = 0; i < 3; i++) {
      channel.basicPublish(exchange, "key." + i, null, bytes("payload " + i));
    }
    String address = "#/exchanges/%2F/" + exchange + "/dropped";
    By messages = By.xpath("//table[@aria-label='Dropped messages']//button[.='key.1']");
    page.enter(address);
    page.click(messages);
    page.awaitText(By.cssSelector(".viewer"), "payload 1");
    page.await("its address", d -> page.address().startsWith(address + "?message="));
    String opened = page.address();
    page.click(By.partialLinkText("Settings"));
    page.awaitAddress(address.replace("dropped", "settings"));
    page.driver().navigate().back();
    page.awaitText(By.cssSelector(".viewer"), "payload 1");
    page.awaitAddress(opened);
    page.open(address);
    page.awaitGone(By.xpath("//*[@class='viewer'][contains(.,'payload 1')]"));
    page.reload(opened);
    page.awaitText(By.cssSelector(".viewer"), "payload 1");
  }

  @Test
  void timeRangeIsInTheAddress() throws Exception {
    String address = "#/queues/%2F/" + newQueue() + "/charts";
    By hour = By.xpath("//*[@aria-label='Time range']//button[.='1 h'][@aria-pressed='true']");
    page.enter(address);
    page.click(Page.button("1 h"));
    page.awaitAddress(address + "?span=3600000");
    page.reload(address + "?span=3600000");
    page.find(hour);
    page.click(Page.button("All rates"));
    page.awaitAddress(address + "?span=3600000&rates=1");
    page.open(address + "?span=60000");
    page.awaitGone(hour);
    page.awaitGone(By.cssSelector("main button[aria-expanded=true]"));
    page.driver().navigate().back();
    page.find(hour);
    page.open(address);
    page.find(By.xpath("//*[@aria-label='Time range']//button[.='10 min'][@aria-pressed='true']"));
    page.open("#/?span=3600000");
    page.find(hour);
  }

  @Test
  void missingQueueIsNamedWithTheNearestOne() throws Exception {
    expectComplaint("404");
    String queue = newQueue();
    page.enter("#/queues/%2F/" + queue.substring(0, queue.length() - 1) + "~");
    page.awaitText("It was deleted, or never existed.");
    page.awaitText("Nearest name:");
  }

  @Test
  void pageThatComesLateDoesNotTakeThePlaceOfTheOneThatWasOpenedMeanwhile() {
    page.enter("#/more");
    page.awaitHeading("More");
    page.script("location.hash = '#/queues'");
    page.awaitHeading("Queues");
    Map<String, Object> slow = new HashMap<>(Map.of("offline", false, "latency", 700));
    slow.putAll(Map.of("downloadThroughput", -1, "uploadThroughput", -1));
    page.driver().executeCdpCommand("Network.enable", Map.of());
    page.driver().executeCdpCommand("Network.emulateNetworkConditions", slow);
    try {
      page.open("#/topology");
      page.open("#/more");
      page.awaitHeading("More");
      page.await("the late page's code", d -> page.script(TOPOLOGY_IS_HERE) != null);
    } finally {
      page.driver().executeCdpCommand("Network.disable", Map.of());
    }
    assertThat(page.find(By.tagName("h1")).getText()).isEqualTo("More");
  }

  @Test
  void whatDidNotComeWhileTheBrokerWasAwayComesOnceItIsBack() {
    expectComplaint("ERR_INTERNET_DISCONNECTED");
    page.enter("#/queues");
    page.awaitHeading("Queues");
    page.script("window.loadedOnce = true");
    network(true);
    try {
      page.press("n");
      page.awaitText(By.cssSelector(".toasts"), "Not loaded.");
      page.script("location.hash = '#/limits'");
      assertThat(page.find(By.tagName("h1")).getText()).isEqualTo("Queues");
    } finally {
      network(false);
    }
    page.awaitHeading("Admin");
    assertThat(page.script("return window.loadedOnce")).isNull();
    page.open("#/queues");
    page.awaitHeading("Queues");
    page.press("n");
    page.awaitText(By.cssSelector(".slide h2"), "Declare");
  }

  private void network(boolean offline) {
    page.driver().executeCdpCommand("Network.enable", Map.of());
    page.driver()
        .executeCdpCommand(
            "Network.emulateNetworkConditions",
            Map.of(
                "offline",
                offline,
                "latency",
                0,
                "downloadThroughput",
                -1,
                "uploadThroughput",
                -1));
  }

  /** Its module, and what it imports, are loaded from the cache when they are asked for again. */
  private static final String TOPOLOGY_IS_HERE =
      """
      const found = performance.getEntriesByType("resource").find((one) => one.name.endsWith("/pages/topology.js"));
      if (!found) return null;
      return import(found.name).then(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
        .then(() => "drawn");
      """;
}
