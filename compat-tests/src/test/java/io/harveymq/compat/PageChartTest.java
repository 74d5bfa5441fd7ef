package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;

/** Charts by the keyboard, by touch and by the pointer. */
class PageChartTest extends PageTest {
  private static final By WHOLE = Page.button("Show whole span");

  private static final String DRAWN =
      "return [...document.querySelectorAll('h-chart')].filter(c => c.chart).length";

  /** Which pixel columns of the second chart, that of rates, are drawn from top to bottom. */
  private static final String CROSSHAIR =
      """
      const { canvas, chartArea: area } = document.querySelectorAll("h-chart")[1].chart;
      const [x, y, wide, high] = [area.left + 2, area.top + 1, area.right - area.left - 4, area.bottom - area.top - 2].map(Math.round);
      const pixels = canvas.getContext("2d").getImageData(x, y, wide, high).data;
      const full = column => {
        let drawn = 0;
        for (let row = 0; row < high; row++) if (pixels[(row * wide + column) * 4 + 3] > 0) drawn++;
        return drawn > high * 0.95;
      };
      return [...Array(wide).keys()].filter(full);
      """;

  @AfterEach
  void noTouch() {
    if (page != null) {
      page.driver()
          .executeCdpCommand("Emulation.setTouchEmulationEnabled", Map.of("enabled", false));
    }
  }

  private void open() {
    page.enter("#/?span=60000");
    page.await("charts that are drawn", d -> page.script(DRAWN).equals(2L));
  }

  private List<?> crosshair() {
    expectComplaint("willReadFrequently"); // so says the browser of whoever looks at pixels
    return (List<?>) page.script(CROSSHAIR);
  }

  private String told() {
    return (String) page.script("return document.activeElement.getAttribute('aria-valuetext')");
  }

  private void awaitZoom(boolean on) {
    page.await("zoom: " + on, d -> d.findElements(WHOLE).size() == (on ? 2 : 0));
  }

  /** Tab after tab, until the first chart has the focus. */
  private void tabToChart() {
    page.await(
        "the focus on a chart",
        d -> {
          page.press(Keys.TAB);
          return page.script("return document.activeElement.tagName === 'CANVAS'");
        });
    page.await("what takes its keys", d -> page.script(READ).equals(true));
  }

  @Test
  void arrowsMoveTheInstantOnAllChartsAndEscapeLeavesIt() {
    open();
    tabToChart();
    assertThat(page.script("return document.activeElement.getAttribute('aria-label')"))
        .isEqualTo("Messages in queues");
    assertThat(page.script("return getComputedStyle(document.activeElement).outlineStyle"))
        .isEqualTo("solid");
    assertThat(page.find(By.cssSelector("canvas:focus-visible + .keyhint")).isDisplayed()).isTrue();
    assertThat(crosshair()).isEmpty();
    page.press(Keys.ARROW_LEFT, Keys.ARROW_LEFT, Keys.ARROW_LEFT);
    page.await("the instant on the other chart", d -> !crosshair().isEmpty());
    String back = told();
    assertThat(back).matches("\\d\\d:\\d\\d:\\d\\d, ready .*, unacked .*");
    page.press(Keys.ARROW_LEFT);
    assertThat(told()).isLessThan(back);
    page.press(Keys.ARROW_RIGHT);
    assertThat(told()).isEqualTo(back);
    page.press(Keys.HOME);
    assertThat(told()).isLessThan(back);
    page.press(Keys.END);
    assertThat(told()).isGreaterThan(back);
    page.press(Keys.ARROW_LEFT, Keys.ESCAPE);
    page.await("no instant", d -> crosshair().isEmpty());
    assertThat(told()).isEqualTo("Now");
    page.awaitText(By.tagName("h1"), "Overview");
  }

  @Test
  void shiftedArrowsChooseARangeEnterZoomsToItAndEscapeGoesBack() {
    open();
    tabToChart();
    page.press(Keys.ARROW_LEFT, Keys.ARROW_LEFT);
    shifted(3);
    assertThat(told()).matches("\\d\\d:\\d\\d:\\d\\d to \\d\\d:\\d\\d:\\d\\d, .*");
    page.press(Keys.ENTER);
    awaitZoom(false); // three seconds are too few
    shifted(20);
    page.press(Keys.ENTER);
    awaitZoom(true);
    page.press(Keys.ARROW_RIGHT);
    page.press(Keys.ESCAPE);
    awaitZoom(false);
    assertThat(page.script("return document.activeElement.tagName")).isEqualTo("CANVAS");
  }

  @Test
  void whatIsZoomedToIsInTheAddressUntilAllIsShown() {
    open();
    tabToChart();
    page.press(Keys.ARROW_LEFT, Keys.ARROW_LEFT);
    shifted(20);
    page.press(Keys.ENTER);
    awaitZoom(true);
    page.await(
        "zoom in the address", d -> page.address().matches("#/\\?span=60000&zoom=\\d+-\\d+"));
    String address = page.address();
    page.reload(address);
    awaitZoom(true);
    String zoom = address.substring(address.indexOf("zoom=") + 5);
    page.await("the chart of that time", d -> zoom.equals(page.script(SHOWN)));
    page.click(WHOLE);
    awaitZoom(false);
    page.awaitAddress("#/?span=60000");
    page.open(address);
    awaitZoom(true);
    page.click(Page.button("1 h"));
    awaitZoom(false);
    page.awaitAddress("#/?span=3600000");
  }

  @Test
  void whatIsZoomedToLongAgoIsWithinTheTimeThatIsShown() {
    long from = System.currentTimeMillis() - 1_800_000;
    page.enter("#/?zoom=" + from + "-" + (from + 60_000));
    awaitZoom(true);
    assertThat(page.script("return document.querySelector('h-chart').span")).isEqualTo(3_600_000L);
    page.open("#/");
    awaitZoom(false);
    page.await(
        "the usual span",
        d -> page.script("return document.querySelector('h-chart').span").equals(600_000L));
    String far = "1-1790000000000";
    for (String none : List.of("x", "1", "5-1", "-", "1-2", far, "1-99999999999999999999")) {
      page.reload("#/?zoom=" + none);
      page.await("charts that are drawn", d -> page.script(DRAWN).equals(2L));
      page.await("the address was read", d -> page.script(READ).equals(true));
      assertThat(page.driver().findElements(WHOLE)).isEmpty();
    }
  }

  /** Whether what chooses the zoom is there, which looks at the address at once. */
  private static final String READ = "return document.querySelector('h-chart').hands !== null";

  /** The times at the ends of the first chart, as in the address. */
  private static final String SHOWN =
      "const x = document.querySelector('h-chart').chart?.scales.x; return x && x.min + '-' + x.max";

  private void shifted(int times) {
    Actions keys = new Actions(page.driver()).keyDown(Keys.SHIFT);
    for (int i = 0; i < times; i++) {
      keys.sendKeys(Keys.ARROW_LEFT);
    }
    keys.keyUp(Keys.SHIFT).perform();
  }

  @Test
  void instantsOfAZoomedChartAreToldApart() {
    open();
    tabToChart();
    page.press(Keys.ARROW_LEFT, Keys.ARROW_LEFT);
    shifted(40);
    page.press(Keys.ENTER);
    awaitZoom(true);
    List<?> labels =
        (List<?>)
            page.script(
                "return document.querySelector('h-chart').chart.scales.x.ticks.map(t => t.label)");
    assertThat(labels).isNotEmpty().doesNotHaveDuplicates();
    assertThat(labels).allMatch(label -> ((String) label).matches("\\d\\d:\\d\\d:\\d\\d"));
  }

  @Test
  void whatPassedWhileThePageWasNotToldIsFilledFromTheServer() {
    String samples = "/overview?lengths_age=60&lengths_incr=5";
    String since = "/queue_totals/messages_ready_details/samples_since";
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> http.read(samples).at(since).longValue() < System.currentTimeMillis() - 35_000);
    String source = "const now = Date.now; Date.now = () => now() - (window.late ?? 25_000);";
    Map<String, Object> late =
        page.driver()
            .executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", source));
    try {
      page.enter("#/");
      page.await("points of a while ago", d -> points() > 1);
      page.script("window.late = 0");
      page.await("points of the while between", d -> (Long) page.script(LONGEST_HOLE) < 15_000);
    } finally {
      page.driver().executeCdpCommand("Page.removeScriptToEvaluateOnNewDocument", late);
    }
  }

  private long points() {
    return (Long) page.script("return document.querySelector('h-chart')?.series[0][1].length ?? 0");
  }

  /** Ms between two points of the last minute, once the page is told of the present again. */
  private static final String LONGEST_HOLE =
      """
      const at = document.querySelector("h-chart").series[0][1].map((p) => p[0]);
      if (Date.now() - at.at(-1) > 5_000) return 60_000;
      return Math.max(...at.map((t, i) => (i ? t - at[i - 1] : 0)));
      """;

  @Test
  void keysOfChartsAreListed() {
    page.enter("#/queues");
    page.press("?");
    page.awaitText(By.cssSelector("dialog[open]"), "On a chart");
  }

  @Test
  void pointerShowsTheInstantOnAllChartsWhileItIsThere() {
    open();
    new Actions(page.driver())
        .moveToElement(page.find(By.cssSelector("h-chart canvas")), -60, 0)
        .perform();
    page.await("the instant on the other chart", d -> !crosshair().isEmpty());
    new Actions(page.driver()).moveToElement(page.find(By.tagName("h1"))).perform();
    page.await("no instant", d -> crosshair().isEmpty());
  }

  @Test
  void fingerShowsTheInstantZoomsSidewaysAndScrollsDown() {
    page.width(390, 844);
    page.driver().executeCdpCommand("Emulation.setTouchEmulationEnabled", Map.of("enabled", true));
    open();
    page.script("document.querySelector('h-chart').scrollIntoView({ block: 'center' })");
    swipe(0, 0);
    page.await("the instant on the other chart", d -> !crosshair().isEmpty());
    awaitZoom(false);
    swipe(90, 0);
    awaitZoom(true);
    page.click(WHOLE);
    awaitZoom(false);
    page.script("document.querySelector('h-chart').scrollIntoView({ block: 'center' })");
    double before = ((Number) page.script("return scrollY")).doubleValue();
    swipe(0, -150);
    page.await(
        "another place of the page",
        d -> ((Number) page.script("return scrollY")).doubleValue() > before + 50);
    awaitZoom(false);
  }

  /** A finger on the first chart that moves by so many pixels and is lifted. */
  private void swipe(int right, int down) {
    List<?> box =
        (List<?>)
            page.script(
                "const box = document.querySelector('h-chart canvas').getBoundingClientRect();"
                    + "return [box.x + 90, box.y + box.height / 2]");
    double x = ((Number) box.get(0)).doubleValue();
    double y = ((Number) box.get(1)).doubleValue();
    touch("touchStart", List.of(Map.of("x", x, "y", y)));
    List<Integer> steps =
        right == 0 && down == 0 ? List.of() : List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    for (int step : steps) {
      touch(
          "touchMove", List.of(Map.of("x", x + right * step / 10.0, "y", y + down * step / 10.0)));
    }
    touch("touchEnd", List.of());
  }

  private void touch(String type, List<?> points) {
    page.driver()
        .executeCdpCommand("Input.dispatchTouchEvent", Map.of("type", type, "touchPoints", points));
  }
}
