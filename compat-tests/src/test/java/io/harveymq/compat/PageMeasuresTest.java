package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.By;

/**
 * The page's design in numbers: how wide, high and large things are, what lies where, and of which
 * colour it is in light and in dark. One load for all widths.
 */
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

  /** Token, its colour in light, and in dark. */
  private static final String TOKENS =
      """
      canvas #f4f6f5 #0e1413
      surface #ffffff #151d1b
      raised #ffffff #1c2624
      sunken #edf0ef #0a0f0e
      line #dce2e0 #2c3836
      line-2 #b9c4c1 #44534f
      edge #7c8a86 #687874
      ink #14201e #e5ecea
      muted #53615d #9fada9
      accent #0a626d #6ccad1
      on-accent #ffffff #06282c
      accent-bg #e1f0f1 #12343a
      ok #14694a #6fcb9b
      warn #7f4f00 #ebb75a
      bad #ab2e0c #ff9370
      bad-fill #ab2e0c #f2703a
      on-bad #ffffff #2a0d02
      publish #2b86dc #4a8fd8
      deliver #12806e #4fcfae
      ack #47277d #d9cbfb
      unacked #c08a10 #f5c95a
      """;

  /** Selector, then of which token's colour the first such element that is seen is, in a theme. */
  private static final String MISCOLOURED =
      """
      const [tokens, lines, theme] = arguments;
      document.documentElement.dataset.theme = theme;
      const known = new Map(tokens.trim().split("\\n").map((l) => l.split(" ")).map((p) => [p[0], p[theme === "dark" ? 2 : 1]]));
      const hex = (c) => "#" + c.match(/\\d+/g).slice(0, 3).map((n) => Number(n).toString(16).padStart(2, "0")).join("");
      const found = [];
      return Promise.resolve().then(judge); // when the charts have heard of it
      function judge() {
        for (const line of lines.trim().split("\\n")) {
          const [selector, ...wanted] = line.split(" | ");
          const e = [...document.querySelectorAll(selector)].find((one) => one.getBoundingClientRect().width);
          if (!e) found.push("no " + selector);
          else for (const want of wanted) {
            const [name, token] = want.split(": ");
            const is = hex(e.chart?.data.datasets.find((d) => d.name === name)?.borderColor ?? getComputedStyle(e)[name]);
            if (is !== known.get(token)) found.push(`${theme}: ${selector} ${name} ${is}, not ${token} ${known.get(token)}`);
          }
        }
        return found;
      }
      """;

  private void colours(String wanted) {
    for (String theme : List.of("dark", "light")) {
      assertThat((List<?>) page.script(MISCOLOURED, TOKENS, wanted, theme)).isEmpty();
    }
  }

  @Test
  void theFrameAndTheOverview() {
    enter(1440, "#/", By.cssSelector("h-chart canvas"));
    page.find(By.cssSelector(".finding"));
    page.find(By.xpath("//table[@aria-label='Busiest queues']//a[.='reports']"));
    for (int width : List.of(1280, 1440, 1600)) {
      page.width(width, 900);
      measures(FRAME);
      measures(OVERVIEW);
      long body = (Long) page.script("return document.querySelector('.canvas').clientWidth");
      measures(".canvas | height: " + body * 190 / 560);
    }
    page.width(1024, 900);
    measures(FRAME.replace("width: 300", "width: 200"));
    measures(
        """
        .flow | height: 97 | left: 220
        .station .v | fontSize: 26px
        .g2 > :last-child | left: 220
        .g-main > :last-child | left: 220
        .finding .act | width: 148
        """);
    page.width(768, 900);
    measures(
        FRAME
            .replace("width: 300 | ", "")
            .replace("left: 196", "left: 56")
            .replace("left: 220", "left: 80")
            .replace("width: 196", "width: 56"));
    measures(
        """
        .flow | left: 80
        .station .v | fontSize: 20px | lineHeight: 34px
        .g2 > :last-child | left: 80
        .g-main > :last-child | left: 80
        """);
    colours(OVERVIEW_COLOURS);
  }

  private static final String FRAME =
      """
      body | fontSize: 13px | lineHeight: 20px | fontWeight: 400
      .rail | width: 196 | left: 0
      .rail a.nav | height: 32 | fontWeight: 600 | borderTopLeftRadius: 6px
      .topbar | height: 48 | left: 196 | paddingLeft: 24px | columnGap: 12px
      .vhost | height: 28 | left: 220
      .jump | width: 300 | height: 28
      main | left: 196 | top: 48 | paddingLeft: 24px | paddingRight: 24px | rowGap: 16px
      h1 | fontSize: 20px | lineHeight: 28px | fontWeight: 600
      .panel | borderTopLeftRadius: 10px | borderTopWidth: 1px | boxShadow: none
      .panel > header | height: 44 | paddingLeft: 16px
      .panel > header h2 | fontSize: 13px | fontWeight: 600
      .seg | height: 30 | borderTopLeftRadius: 6px
      .grid | columnGap: 16px
      """;

  private static final String OVERVIEW =
      """
      .finding | height: 41 | paddingLeft: 16px
      .finding .act | width: 148
      .btn.sm | height: 26 | fontSize: 12px | fontWeight: 500
      .tag | height: 18 | fontSize: 11px | borderTopLeftRadius: 4px
      .flow | height: 97
      .station .k | fontSize: 12px | lineHeight: 16px | fontWeight: 500
      .station .v | fontSize: 26px | lineHeight: 34px | fontWeight: 600
      .station .d | fontSize: 12px | lineHeight: 16px
      .g-main > :last-child | width: 316
      table.cards th | height: 32 | fontSize: 12px | fontWeight: 500 | paddingLeft: 16px
      table.cards th[aria-sort] | fontWeight: 600
      table.cards tbody tr | height: 34
      .kv | fontSize: 12px | lineHeight: 16px
      """;

  private static final String OVERVIEW_COLOURS =
      """
      body | color: ink | backgroundColor: canvas
      .rail | borderRightColor: line
      .rail a[aria-current] | color: accent | backgroundColor: accent-bg
      .rail a.nav:not([aria-current]) | color: muted
      .topbar | backgroundColor: canvas | borderBottomColor: line
      .jump | color: muted | backgroundColor: surface | borderTopColor: line
      .live | color: ink
      .panel | backgroundColor: surface | borderTopColor: line
      .tag | color: muted | backgroundColor: sunken
      .seg | backgroundColor: sunken | borderTopColor: line
      .seg [aria-pressed=true] | color: ink | backgroundColor: raised
      .seg [aria-pressed=false] | color: muted
      .finding | borderTopColor: line
      .finding > .warn | color: warn
      .finding .ev | color: muted
      .btn.sm | color: ink | backgroundColor: surface | borderTopColor: line-2
      .station + .station | borderLeftColor: line
      .station .k | color: muted
      .dot-publish | backgroundColor: publish
      .dot-deliver | backgroundColor: deliver
      .dot-ack | backgroundColor: ack
      .g2 > :first-child h-chart | ready: publish | unacked: unacked
      .g2 > :last-child h-chart | published: publish | delivered: deliver | acked: ack
      table.cards th | color: muted | borderBottomColor: line
      table.cards th[aria-sort] | color: ink
      td .name | color: ink
      td .st.ok | color: ok
      .kv dt | color: muted
      .kv dd a | color: accent
      .bar-0 | fill: sunken
      .bar-1 | fill: accent
      """;

  @Test
  void theListTheSheetAndTheDialog() {
    enter(1440, "#/queues", By.linkText("reports"));
    page.find(By.cssSelector(".chip[aria-pressed=false]"));
    page.find(By.cssSelector(".spark:not(.idle)"));
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
    colours(
        """
        .btn.primary | color: on-accent | backgroundColor: accent
        .chip[aria-pressed=true] | color: accent | backgroundColor: accent-bg | borderTopColor: accent
        .chip[aria-pressed=false] | color: muted | backgroundColor: surface | borderTopColor: line
        .tools .input | color: ink | backgroundColor: surface | borderTopColor: edge
        td input | borderTopColor: edge
        .spark:not(.idle) path:not(.a) | stroke: publish
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
    colours(
        """
        .slide | color: ink | backgroundColor: raised | borderLeftColor: line
        .slide .hint | color: muted
        .slide .code | backgroundColor: sunken
        """);
    page.reload(REPORTS);
    page.act("Delete queue…");
    page.find(By.cssSelector("dialog[open]"));
    measures(
        """
        dialog | width: 440 | paddingLeft: 20px | borderTopLeftRadius: 10px
        dialog h2 | fontSize: 15px
        dialog .actions | columnGap: 8px
        """);
    colours(
        """
        dialog | color: ink | backgroundColor: raised | borderTopColor: line
        dialog .danger-fill | color: on-bad | backgroundColor: bad-fill
        """);
  }

  private static final String SHEET_STANDS =
      "return document.querySelector('.slide').getAnimations().every(a => a.playState === 'finished')";

  @Test
  void aMessageIsShownBesideTheListAndOnATabletBelow() {
    enter(1280, REPORTS, FIRST_MESSAGE);
    page.press("j");
    page.find(By.cssSelector(".viewer section"));
    for (int width : List.of(1280, 1440, 1600)) {
      page.width(width, 900);
      measures(
          """
          .tabs | columnGap: 24px
          .viewer | width: 420 | borderLeftWidth: 1px
          .viewer section | paddingLeft: 16px | paddingTop: 12px
          .viewer .code | fontSize: 12px | lineHeight: 19px
          .list tbody tr | height: 34
          """);
      assertThat(tops(".list", ".viewer")).isTrue();
    }
    colours(
        """
        .tabs [aria-current=page] | color: ink | borderBottomColor: accent
        .tabs a:not([aria-current=page]) | color: muted
        .list td | borderBottomColor: line
        .viewer | borderLeftColor: line
        .viewer h3 | color: muted
        .viewer .code | color: ink | backgroundColor: sunken
        .viewer .code .s | color: ok
        .viewer .code .m | color: warn
        """);
    for (int width : List.of(768, 1024)) {
      page.width(width, 900);
      assertThat(tops(".list", ".viewer")).isFalse();
      int left = width == 768 ? 81 : 221;
      measures(".viewer | left: " + left + " | borderLeftWidth: 0px | borderTopWidth: 1px");
      assertThat((Long) page.script("return document.querySelector('.list').offsetHeight"))
          .isLessThan(600);
    }
  }

  @Test
  void aNodeIsShownBesideTheTopology() {
    enter(1280, "#/topology", By.cssSelector(".graph g.n"));
    page.click(By.cssSelector(".graph g.n"));
    page.find(By.cssSelector(".topo aside h2"));
    for (int width : List.of(1280, 1440, 1600)) {
      page.width(width, 900);
      measures(
          """
          .topo aside | width: 328 | paddingLeft: 16px | rowGap: 16px
          .topo aside h2 | fontSize: 15px
          .tools select | width: 170 | height: 32
          .tools input | width: 200 | height: 32
          """);
      assertThat(tops(".canvasbox", ".topo aside")).isTrue();
    }
    assertThat((List<?>) page.script(ROWS)).isEqualTo(List.of(42L, 130L, 218L));
    colours(
        """
        .topo aside | color: ink | borderLeftColor: line
        .topo aside h2 | color: ink
        .graph .node.x:not(.on) | fill: accent-bg | stroke: accent
        .graph .node.on | stroke: accent
        .graph .name | fill: ink
        .graph .t2:not(.tdrop) | fill: muted
        .graph .key | fill: ink
        .graph .e:not(.d, .dl, .idle) | stroke: publish
        .graph .e.d:not(.idle) | stroke: deliver
        .graph .e.dl | stroke: unacked
        """);
  }

  /** Where the first queues stand in the drawing. */
  private static final String ROWS =
      "return [...document.querySelectorAll('.graph g[data-id^=\"q:\"] rect')]"
          + ".map(r => +r.getAttribute('y')).sort((a, b) => a - b).slice(0, 3)";

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
        .topbar | height: 41 | paddingLeft: 16px
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
