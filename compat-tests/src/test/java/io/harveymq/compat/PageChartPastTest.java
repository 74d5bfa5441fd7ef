package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.harveymq.broker.vhost.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** What charts show of the time before they were opened, of a broker that began a while ago. */
class PageChartPastTest extends PageTest {
  private static final String UNKNOWN = "–";

  /** The values of the first chart's first series that are read out, those of now first. */
  private static final String READ_OUT =
      "return [...document.querySelectorAll('h-chart')[0].querySelectorAll('tbody tr')]"
          + ".map(row => row.cells[1].textContent)";

  /** How many points the first chart has between two instants. */
  private static final String POINTS_BETWEEN =
      "const [from, to] = arguments; const points = document.querySelector('h-chart')?.series[0][1] ?? [];"
          + "return points.filter(p => p[0] > from && p[0] < to).length";

  private PageBroker broker;

  @AfterEach
  void stopBroker() {
    if (broker != null) {
      page.leave();
      broker.close();
    }
  }

  /** The page of a broker that began so long ago. */
  private void open(Duration ago, String address) throws Exception {
    ManualClock clock = new ManualClock(System.currentTimeMillis() - ago.toMillis());
    broker = PageBroker.start(clock);
    broker.connect("somebody").close();
    ManagementClient.at(broker.uri(), "guest", "guest").read("/overview");
    clock.advance(ago);
    page = new Page(Browser.driver(), broker.uri());
    page.enter(address);
    page.await(
        "a chart",
        d -> page.script("return !!document.querySelector('h-chart')?.chart").equals(true));
  }

  private long pointsBetween(long from, long to) {
    return (Long) page.script(POINTS_BETWEEN, from, to);
  }

  @Test
  void timeBeforeTheBrokerIsUnknownAndNotZero() throws Exception {
    long before = System.currentTimeMillis();
    open(Duration.ofSeconds(270), "#/");
    List<String> known = List.of("0", "0", "0", "0", "0");
    page.await("what is known", d -> readOut().subList(0, 5).equals(known));
    assertThat(readOut().subList(8, 11)).containsOnly(UNKNOWN);
    assertThat(pointsBetween(0, before - 270_000)).isZero();
    page.await(
        "what takes its keys",
        d -> {
          page.script("document.querySelector('h-chart canvas').focus()");
          return page.script("return document.querySelector('h-chart').hands !== null");
        });
    page.press(Keys.HOME);
    assertThat(told()).endsWith("ready –, unacked –");
    page.press(Keys.END, Keys.ARROW_LEFT);
    assertThat(told()).endsWith("ready 0, unacked 0");
  }

  @SuppressWarnings("unchecked")
  private List<String> readOut() {
    return (List<String>) page.script(READ_OUT);
  }

  private String told() {
    return (String) page.script("return document.activeElement.getAttribute('aria-valuetext')");
  }

  @Test
  void whatIsZoomedToIsAskedForAsCloseAsItIsKept() throws Exception {
    open(Duration.ofMinutes(60), "#/?span=86400000");
    long from = System.currentTimeMillis() - 32 * 60_000;
    long to = from + 120_000;
    page.await("the past", d -> pointsBetween(0, from) > 0);
    assertThat(pointsBetween(from, to)).isLessThan(2);
    page.open("#/?span=86400000&zoom=" + from + "-" + to);
    page.await("more of it", d -> pointsBetween(from, to) > 20);
    page.click(Page.button("Show whole span"));
    page.awaitGone(Page.button("Show whole span"));
    assertThat(pointsBetween(from, to)).isGreaterThan(20);
    long before = System.currentTimeMillis() - 120 * 60_000;
    page.open("#/?span=86400000&zoom=" + (before - 60_000) + "-" + before);
    page.await("that time", d -> d.findElements(Page.button("Show whole span")).size() == 2);
    page.await("nothing of it", d -> pointsBetween(0, before) == 0);
    page.awaitText(By.tagName("h1"), "Overview");
  }

  @Test
  void nodeHasChartsOfWhatItUsesWithTheirPast() throws Exception {
    String samples = "/nodes?node_stats_age=60&node_stats_incr=5";
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> knownSamples(http.read(samples).at("/0/mem_used_details")) > 2);
    page.enter("#/node");
    for (String title :
        List.of(
            "Memory",
            "Disk free",
            "File descriptors and sockets",
            "Threads",
            "Garbage collections per second",
            "Bytes freed per second",
            "Context switches per second",
            "Opened per second")) {
      page.find(By.cssSelector("h-chart canvas[aria-label='" + title + "']"));
    }
    page.await(
        "memory of a while ago", d -> pointsBetween(0, System.currentTimeMillis() - 8_000) > 0);
    assertThat(readOut().get(0)).endsWith("MiB");
    page.click(Page.button("1 h"));
    page.awaitAddress("#/node?span=3600000");
    page.driver().navigate().back();
    page.awaitAddress("#/node");
  }

  private static long knownSamples(JsonNode details) {
    long since = details.path("samples_since").asLong(Long.MAX_VALUE);
    return StreamSupport.stream(details.path("samples").spliterator(), false)
        .filter(sample -> sample.get("timestamp").longValue() >= since)
        .count();
  }
}
