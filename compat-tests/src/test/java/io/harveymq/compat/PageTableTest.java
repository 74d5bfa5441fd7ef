package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;

/** What tables do while their values change. */
class PageTableTest extends PageTest {
  private static final String TABLE = "document.querySelector('table[aria-label=Queues]')";

  /** Where the columns begin and end, in whole CSS pixels. */
  private static final String EDGES =
      "return ["
          + TABLE
          + "].concat([..."
          + TABLE
          + ".tHead.rows[0].cells]).map(c => Math.round(c.getBoundingClientRect().right))";

  /** Whether no cell shows less than it has. */
  private static final String WHOLE =
      "return [..."
          + TABLE
          + ".querySelectorAll('tbody td.n')].every(c => c.scrollWidth <= c.clientWidth)";

  private static final String FEATURES_WIDTH =
      "return Math.round(" + TABLE + ".querySelector('td.features').clientWidth)";

  /** Pixels by which the table is wider than what holds it. */
  private static final String BEYOND_ITS_PANEL =
      "return Math.max(0, Math.floor("
          + TABLE
          + ".getBoundingClientRect().right - "
          + TABLE
          + ".closest('.panel').getBoundingClientRect().right))";

  /** Whether the lower end of the open menu is seen, which is below its list. */
  private static final String MENU_IS_WHOLE =
      """
      const menu = document.querySelector(".menu .items");
      const box = menu.getBoundingClientRect();
      return box.bottom > document.querySelector("main .panel").getBoundingClientRect().bottom
        && menu.contains(document.elementFromPoint(box.left + 20, box.bottom - 8));
      """;

  @SuppressWarnings("unchecked")
  private List<Long> edges() {
    return (List<Long>) page.script(EDGES);
  }

  private void awaitReady(String queue, String number) {
    page.await(
        number + " ready",
        d ->
            d.findElement(Page.row("Queues", queue))
                .findElement(By.cssSelector("td.c-ready"))
                .getText()
                .equals(number));
  }

  @Test
  void columnsStayWhereTheyAreWhenValuesChange() throws Exception {
    String queue = newQueue();
    fill(queue, Collections.nCopies(1234, "m").toArray(String[]::new));
    page.enter("#/queues?f=" + queue);
    awaitReady(queue, "1,234");
    List<Long> before = edges();
    channel.queuePurge(queue);
    awaitReady(queue, "0");
    assertThat(edges()).isEqualTo(before);
    fill(queue, Collections.nCopies(56, "m").toArray(String[]::new));
    awaitReady(queue, "56");
    assertThat(edges()).isEqualTo(before);
  }

  @Test
  void columnsAreMeasuredAnewForAnotherWindowAndOtherColumns() throws Exception {
    String queue = newQueue();
    page.enter("#/queues?f=" + queue);
    awaitReady(queue, "0");
    List<Long> wide = edges();
    page.width(1100, 800);
    List<Long> narrow = loadedAnew(queue);
    page.width(1440, 900);
    page.await("the columns of a wide window", d -> edges().equals(wide));
    page.width(1100, 800);
    page.await("the columns of a narrow window", d -> edges().equals(narrow));
    page.width(1440, 900);
    page.await("the columns of a wide window", d -> edges().equals(wide));
    page.click(Page.button("Columns"));
    page.click(Page.column("Node"));
    page.await("a column more", d -> edges().size() == wide.size() + 1);
    page.awaitText(Page.row("Queues", queue), "rabbit@");
    List<Long> more = edges();
    assertThat(loadedAnew(queue)).isEqualTo(more);
    assertThat(page.contentWidth()).isEqualTo(1440);
  }

  /** The columns of a page that never knew another window, nor other columns. */
  private List<Long> loadedAnew(String queue) {
    page.reload("#/queues?f=" + queue);
    awaitReady(queue, "0");
    return edges();
  }

  @Test
  void choiceOfColumnsIsWholeAboveAShortListAndStaysOpen() throws Exception {
    String queue = newQueue();
    page.enter("#/queues?f=" + queue);
    awaitReady(queue, "0");
    page.width(1100, 800);
    page.click(Page.button("Columns"));
    page.find(Page.column("Policy"));
    assertThat(page.script(MENU_IS_WHOLE)).isEqualTo(true);
    page.click(Page.column("Policy"));
    page.await(
        "a tick",
        d -> d.findElement(Page.column("Policy")).getAttribute("aria-checked").equals("true"));
    page.click(Page.column("Policy"));
    page.click(Page.column("Oldest")); // the last one
    page.await("a head", d -> !d.findElements(By.xpath("//th/button[.='Oldest']")).isEmpty());
    page.script("localStorage.removeItem('harvey.queueColumns')");
  }

  @Test
  void columnGrowsForAValueThatIsWiderThanIt() throws Exception {
    String queue = newQueue();
    page.enter("#/queues?f=" + queue);
    awaitReady(queue, "0");
    page.width(1280, 800);
    page.script(
        "document.querySelector('table[aria-label=Queues] tbody td.c-ready').append('1,234,567,890,123')");
    page.await("a column that is wide enough", d -> page.script(WHOLE));
    assertThat(page.contentWidth()).isEqualTo(1280);
  }

  @Test
  void featuresGetTheRoomThatOtherColumnsLeaveAndNoMore() throws Exception {
    String queue = name("a-queue-of-which-the-name-is-rather-long");
    Map<String, Object> arguments =
        Map.of(
            "x-message-ttl", 60000, "x-max-length", 1000, "x-dead-letter-exchange", "amq.fanout");
    channel.queueDeclare(queue, true, true, false, arguments);
    for (int width : List.of(1440, 1280)) {
      page.width(width, 900);
      page.enter("#/queues?f=" + queue);
      awaitReady(queue, "0");
      assertThat((Number) page.script(FEATURES_WIDTH)).as("at " + width).isNotEqualTo(140L);
      assertThat((Number) page.script(BEYOND_ITS_PANEL)).as("at " + width).isEqualTo(0L);
      page.script(
          "document.querySelectorAll('table[aria-label=Queues] tbody td.n').forEach(c => c.append('987,654'))");
      page.await(
          "the panel holds it",
          d -> page.script(WHOLE).equals(true) && page.script(BEYOND_ITS_PANEL).equals(0L));
      page.leave();
      page = new Page(Browser.driver(), BrokerUnderTest.managementUri());
    }
  }

  @Test
  void addressWithoutADirectionSortsNamesUpAndNumbersDown() throws Exception {
    String prefix = name("sorted");
    for (int i = 1; i <= 3; i++) {
      channel.queueDeclare(prefix + i, false, true, false, null);
      fill(prefix + i, Collections.nCopies(i == 2 ? 9 : i, "m").toArray(String[]::new));
    }
    page.enter("#/queues?sort=name&f=" + prefix);
    page.await("names up", d -> first().endsWith("1"));
    page.click(By.xpath("//th/button[starts-with(.,'Name')]"));
    page.await("names down", d -> first().endsWith("3"));
    page.awaitAddress("#/queues?sort=name&f=" + prefix + "&dir=down");
    page.open("#/queues?sort=messages_ready&f=" + prefix);
    page.await("numbers down", d -> first().endsWith("2"));
  }

  @Test
  void everyColumnFitsALaptopAlsoOfAllVirtualHosts() throws Exception {
    String vhost = name("second-vhost");
    http.put("/vhosts/" + vhost, Map.of()).isEmpty(201);
    String dead = newQueue();
    Map<String, Object> brief =
        Map.of("x-message-ttl", 1, "x-dead-letter-exchange", "", "x-dead-letter-routing-key", dead);
    String longest = name("a-name-as-long-as-clients-make-them-".repeat(4));
    channel.queueDeclare(longest, false, true, false, brief);
    publish("", longest, "m");
    page.width(1280, 800);
    page.enter("#/queues");
    page.awaitText(Page.row("Queues", dead), "Holds dead letters");
    page.find(By.xpath("//th[normalize-space()='Virtual host']"));
    page.await("columns within the panel", d -> page.script(BEYOND_ITS_PANEL).equals(0L));
    http.delete("/vhosts/" + vhost).isEmpty(204);
  }

  @Test
  void filterThatIsNoneFindsNothingAndSaysWhy() throws Exception {
    newQueue();
    page.enter("#/queues?f=%2F%5B%2F");
    page.awaitText(By.cssSelector(".empty"), "No regular expression: /[/");
    assertThat(page.driver().findElements(By.cssSelector("table[aria-label=Queues]"))).isEmpty();
    page.open("#/exchanges?f=%2F%5B%2F");
    page.awaitHeading("Exchanges");
    page.awaitText(By.cssSelector(".empty"), "No regular expression: /[/");
  }

  @Test
  void phoneSortsItsCardsToo() throws Exception {
    String prefix = name("sorted");
    for (int i = 1; i <= 3; i++) {
      channel.queueDeclare(prefix + i, false, true, false, null);
      fill(prefix + i, Collections.nCopies(i == 2 ? 9 : i, "m").toArray(String[]::new));
    }
    page.width(390, 800);
    page.enter("#/queues?f=" + prefix);
    page.click(By.xpath("//select[@aria-label='Sort by']/option[starts-with(.,'Ready')]"));
    page.await("the longest first", d -> first().endsWith("2"));
    page.click(By.cssSelector("button[aria-label='Largest first']"));
    page.await("the shortest first", d -> first().endsWith("1"));
  }

  private String first() {
    return page.find(By.cssSelector("table[aria-label=Queues] tbody tr .name")).getText();
  }
}
