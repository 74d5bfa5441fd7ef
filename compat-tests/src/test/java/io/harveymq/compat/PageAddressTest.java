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

  /** Its module, and what it imports, are loaded from the cache when they are asked for again. */
  private static final String TOPOLOGY_IS_HERE =
      """
      const found = performance.getEntriesByType("resource").find((one) => one.name.endsWith("/pages/topology.js"));
      if (!found) return null;
      return import(found.name).then(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
        .then(() => "drawn");
      """;
}
