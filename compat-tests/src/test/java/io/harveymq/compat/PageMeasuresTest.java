package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;

/** The page's design in numbers: how wide, high and large things are, and what lies where. */
@Timeout(120)
class PageMeasuresTest extends PageTest {
  private static final String REPORTS = "#/queues/%2F/reports";
  private static final By FIRST_MESSAGE =
      By.xpath("//table[@aria-label='Messages']/tbody/tr[1]//button");

  private static PageBroker broker;
  private static PageDemo demo;

  @BeforeAll
  static void startShop() throws Exception {
    broker = PageBroker.start();
    demo = new PageDemo(broker);
  }

  @AfterAll
  static void stopShop() {
    if (demo != null) {
      demo.close();
    }
    if (broker != null) {
      broker.close();
    }
  }

  /** Selector, then what the first such element that is seen has: its box, or a computed style. */
  private static final String WRONG =
      """
      const found = [];
      for (const line of arguments[0].trim().split("\\n")) {
        const [selector, ...wanted] = line.split(" | ");
        const e = [...document.querySelectorAll(selector)].find((one) => one.getBoundingClientRect().width);
        if (!e) found.push("no " + selector);
        else for (const want of wanted) {
          const [name, value] = want.split(": ");
          const box = e.getBoundingClientRect()[name];
          const is = box ?? getComputedStyle(e)[name];
          if (box === undefined ? is !== value : Math.abs(box - value) > 1) found.push(`${selector} ${name} ${is}, not ${value}`);
        }
      }
      return found;
      """;

  private void measures(String wanted) {
    page.await("fonts", d -> page.script("return document.fonts.status === 'loaded'"));
    assertThat((List<?>) page.script(WRONG, wanted)).isEmpty();
  }

  private void enter(int width, String address, By shown) {
    page = new Page(Browser.driver(), broker.uri());
    page.width(width, 900);
    page.enter(address);
    page.find(shown);
  }

  @ParameterizedTest
  @ValueSource(ints = {1280, 1440, 1600})
  void theFrameAndTheOverview(int width) {
    enter(width, "#/", By.cssSelector("h-chart canvas"));
    page.find(By.cssSelector(".finding"));
    page.find(By.xpath("//table[@aria-label='Busiest queues']//a[.='reports']"));
    measures(
        """
        body | fontSize: 13px | lineHeight: 20px | fontWeight: 400
        .rail | width: 196 | left: 0
        .rail a.nav | height: 32 | fontWeight: 600 | borderTopLeftRadius: 6px
        .topbar | height: 48 | left: 196 | paddingLeft: 24px | columnGap: 12px
        .jump | width: 300 | height: 28
        main | left: 196 | top: 48 | paddingLeft: 24px | paddingRight: 24px | rowGap: 16px
        h1 | fontSize: 20px | lineHeight: 28px | fontWeight: 600
        .panel | borderTopLeftRadius: 10px | borderTopWidth: 1px | boxShadow: none
        .panel > header | height: 44 | paddingLeft: 16px
        .panel > header h2 | fontSize: 13px | fontWeight: 600
        .finding | height: 41 | paddingLeft: 16px
        .finding .act | width: 148
        .btn.sm | height: 26 | fontSize: 12px | fontWeight: 500
        .seg | height: 30 | borderTopLeftRadius: 6px
        .tag | height: 18 | fontSize: 11px | borderTopLeftRadius: 4px
        .station .k | fontSize: 12px | lineHeight: 16px | fontWeight: 500
        .station .v | fontSize: 26px | lineHeight: 34px | fontWeight: 600
        .station .d | fontSize: 12px | lineHeight: 16px
        .grid | columnGap: 16px
        .g-main > :last-child | width: 316
        table.cards th | height: 32 | fontSize: 12px | fontWeight: 500 | paddingLeft: 16px
        table.cards th[aria-sort] | fontWeight: 600
        table.cards tbody tr | height: 34
        .kv | fontSize: 12px | lineHeight: 16px
        """);
    long body = (Long) page.script("return document.querySelector('.canvas').clientWidth");
    measures(".canvas | height: " + body * 190 / 560);
  }

  @Test
  void theListTheSheetAndTheDialog() {
    enter(1440, "#/queues", By.linkText("reports"));
    measures(
        """
        .btn.primary | height: 32 | fontWeight: 600 | borderTopLeftRadius: 6px
        .chip | height: 28 | borderTopLeftRadius: 14px
        .tools | paddingTop: 12px | paddingLeft: 16px
        .tools .input | height: 32 | width: 260
        table.cards th | height: 32
        table.cards tbody tr | height: 34
        td .name | fontWeight: 600
        .spark | width: 84 | height: 22
        """);
    page.script("document.documentElement.dataset.density = 'compact'");
    measures("table.cards tbody tr | height: 28");
    page.press("n");
    page.find(By.cssSelector(".slide"));
    page.await("the sheet in its place", d -> page.script(SHEET_STANDS));
    measures(
        """
        .slide | width: 440 | right: 1440 | top: 0 | height: 900
        .slide header h2 | fontSize: 15px | fontWeight: 600
        .slide .fields | rowGap: 16px | paddingLeft: 20px
        .slide .input | height: 32
        """);
    page.reload(REPORTS);
    page.act("Delete…");
    page.find(By.cssSelector("dialog[open]"));
    measures(
        """
        dialog | width: 440 | paddingLeft: 20px | borderTopLeftRadius: 10px
        dialog h2 | fontSize: 15px
        dialog .actions | columnGap: 8px
        """);
  }

  private static final String SHEET_STANDS =
      "return document.querySelector('.slide').getAnimations().every(a => a.playState === 'finished')";

  @ParameterizedTest
  @ValueSource(ints = {1280, 1440, 1600})
  void aMessageOrANodeIsShownBesideTheRest(int width) {
    enter(width, REPORTS, FIRST_MESSAGE);
    page.click(FIRST_MESSAGE);
    page.find(By.cssSelector(".viewer section"));
    measures(
        """
        .tabs | columnGap: 24px
        .viewer | width: 420 | borderLeftWidth: 1px
        .viewer section | paddingLeft: 16px | paddingTop: 12px
        .viewer .code | fontSize: 12px | lineHeight: 19px
        .list tbody tr | height: 34
        """);
    assertThat(tops(".list", ".viewer")).isTrue();
    page.reload("#/topology");
    page.click(By.cssSelector(".graph g.n"));
    page.find(By.cssSelector(".topo aside h2"));
    measures(
        """
        .topo aside | width: 328 | paddingLeft: 16px | rowGap: 16px
        .topo aside h2 | fontSize: 15px
        """);
    assertThat(tops(".canvasbox", ".topo aside")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {768, 1024})
  void onATabletItIsShownBelow(int width) {
    enter(width, REPORTS, FIRST_MESSAGE);
    page.click(FIRST_MESSAGE);
    page.find(By.cssSelector(".viewer section"));
    assertThat(tops(".list", ".viewer")).isFalse();
    measures(".viewer | left: 221 | borderLeftWidth: 0px | borderTopWidth: 1px");
    assertThat((Long) page.script("return document.querySelector('.list').offsetHeight"))
        .isLessThan(600);
  }

  private boolean tops(String one, String other) {
    return (Boolean)
        page.script(
            "const [a, b] = arguments; const top = s => document.querySelector(s)"
                + ".getBoundingClientRect().top; return Math.abs(top(a) - top(b)) <= 1",
            one,
            other);
  }

  @Test
  void aPhoneHasCardsOfTwoLinesAndAFlowFromAboveToBelow() {
    enter(390, "#/queues", By.linkText("reports"));
    measures(
        """
        .topbar | height: 48 | paddingLeft: 16px
        .tabbar | height: 60 | bottom: 900 | width: 390
        main | left: 0 | paddingLeft: 16px | rowGap: 12px
        .btn.primary | height: 40
        .chip | height: 40
        table.cards td.c-ready | fontSize: 15px | fontWeight: 600
        """);
    assertThat((List<?>) page.script(CARDS)).isEmpty();
    page.reload("#/");
    page.find(By.cssSelector(".station"));
    measures(".station .v | fontSize: 20px | lineHeight: 26px");
    assertThat((List<?>) page.script(STATIONS)).hasSize(5).doesNotHaveDuplicates();
  }

  /** Cards that are not of two lines, with the numbers at the right. */
  private static final String CARDS =
      """
      const top = (row, cell) => row.querySelector(cell).getBoundingClientRect();
      return [...document.querySelectorAll("table.cards tbody tr")].filter((row) => {
        const [name, ready, status, rate] = [".c-name", ".c-ready", ".c-st", ".c-rate"].map((c) => top(row, c));
        const apart = Math.abs(name.y - ready.y) > 4 || Math.abs(status.y - rate.y) > 4 || status.top < name.bottom;
        return apart || ready.right < 340 || row.offsetHeight < 40 || row.offsetHeight > 70;
      }).map((row) => row.textContent);
      """;

  private static final String STATIONS =
      "return [...document.querySelectorAll('.station')].map(s => s.getBoundingClientRect().top)";

  @Test
  void onAPhoneAMessageTakesThePlaceOfItsList() {
    enter(390, REPORTS, FIRST_MESSAGE);
    page.width(390, 600);
    assertThat(page.find(By.cssSelector(".viewer")).isDisplayed()).isFalse();
    page.script("arguments[0].scrollIntoView()", page.find(FIRST_MESSAGE));
    page.click(FIRST_MESSAGE);
    page.find(By.cssSelector(".viewer section"));
    assertThat(page.find(By.cssSelector(".list")).isDisplayed()).isFalse();
    page.await("its beginning in sight", d -> page.script(BEGINS));
    page.click(By.cssSelector(".viewer button[aria-label=Close]"));
    page.await("the list", d -> page.find(By.cssSelector(".list")).isDisplayed());
  }

  /** Below the top bar, and not far below. */
  private static final String BEGINS =
      """
      const y = document.querySelector(".viewer").getBoundingClientRect().top;
      return y >= 48 && y < 80;
      """;
}
