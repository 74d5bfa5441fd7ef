package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;

/**
 * Which edges of the topology have traffic: those that messages take, through other exchanges too.
 */
class PageTopologyTest extends PageTest {
  private static final By SIDE = By.cssSelector(".topo aside");

  private PageBroker broker;
  private Connection connection;
  private Pace pace;

  @BeforeEach
  void startShop() throws Exception {
    broker = PageBroker.start();
    connection = broker.connect("orders-api");
    Channel shop = connection.createChannel();
    shop.exchangeDeclare("unmatched", "fanout");
    shop.exchangeDeclare(
        "orders", "topic", false, false, Map.of("alternate-exchange", "unmatched"));
    shop.exchangeDeclare("audit", "fanout");
    shop.exchangeDeclare("quiet", "fanout");
    for (String queue : new String[] {"books", "archive", "rest", "shared"}) {
      shop.queueDeclare(queue, false, false, false, null);
    }
    shop.exchangeBind("audit", "orders", "order.#");
    shop.queueBind("books", "audit", "");
    shop.queueBind("archive", "audit", "");
    shop.queueBind("rest", "unmatched", "");
    shop.queueBind("shared", "quiet", "");
    pace = new Pace(() -> publish(shop));
    page = new Page(Browser.driver(), broker.uri());
  }

  private static void publish(Channel shop) throws IOException {
    shop.basicPublish("orders", "order.paid", null, bytes("{}"));
    shop.basicPublish("orders", "lost.key", null, bytes("{}"));
    shop.basicPublish("", "shared", null, bytes("{}"));
  }

  @AfterEach
  void stopShop() throws Exception {
    page.leave();
    pace.stop();
    connection.abort(5_000);
    broker.close();
  }

  private static By edge(String ends) {
    return By.xpath("//*[name()='path']/*[name()='title'][starts-with(.,'%s,')]".formatted(ends));
  }

  private double rate(String ends) {
    String title = page.find(edge(ends)).getDomProperty("textContent");
    return Double.parseDouble(title.replaceFirst(".*, ", "").replaceFirst("/s$", ""));
  }

  private void awaitTraffic(String ends) {
    page.await("traffic from " + ends, d -> rate(ends) > 0);
  }

  /** Texts of nodes that reach beyond their node, or are drawn smaller than they are. */
  private static final String BEYOND =
      """
      const found = [];
      for (const g of document.querySelectorAll(".graph g.n")) {
        const box = g.querySelector("rect").getBoundingClientRect();
        for (const text of g.querySelectorAll("text")) {
          if (text.getBoundingClientRect().right > box.right) found.push("beyond: " + text.textContent);
          if (text.getScreenCTM().a < 1) found.push("small: " + text.textContent);
        }
      }
      return found;
      """;

  @Test
  void textsOfTheGraphAreNotDrawnSmallerAndTellWholeNamesUnderThePointer() throws Exception {
    String name = "payments.settlement.confirmed.worker-eu1";
    try (Channel shop = connection.createChannel()) {
      shop.queueDeclare(name, false, false, false, null);
      shop.queueBind(name, "orders", "order.#");
      page.enter("#/topology");
      By title = By.xpath("//*[@class='graph' or @class='graph close']//*[@data-id]/*[1]");
      page.await(
          "the whole name",
          d ->
              d.findElements(title).stream()
                  .anyMatch(t -> t.getDomProperty("textContent").startsWith(name)));
      for (int width : List.of(768, 1024, 1280, 1440, 1600)) {
        page.width(width, 900);
        page.await("texts at " + width + " px", d -> ((List<?>) page.script(BEYOND)).isEmpty());
        assertThat(page.contentWidth()).isLessThanOrEqualTo(width);
      }
    }
  }

  @Test
  void trafficIsShownOnTheWayItTakes() {
    page.enter("#/topology");
    for (String ends :
        new String[] {
          "orders to audit",
          "audit to books",
          "audit to archive",
          "orders to unmatched",
          "unmatched to rest",
          "amq.default to shared"
        }) {
      awaitTraffic(ends);
    }
    assertThat(rate("quiet to shared")).isZero();
    // Each message goes to two queues, but only once to the exchange between.
    page.await("one each", d -> rate("orders to audit") < 1.5 * rate("audit to books"));
    page.click(By.xpath("//*[name()='g'][@data-id][starts-with(@aria-label,'audit, fanout · ')]"));
    page.awaitText(SIDE, "From exchanges");
  }

  /** Which nodes, except those that it leads from or to, each drawn line of this kind runs into. */
  private static final String RUNS_INTO =
      """
      const boxes = [...document.querySelectorAll("g.n rect.node")].map((r) => [r.parentNode.getAttribute("aria-label"), r.getBBox()]);
      const hits = new Set();
      for (const path of document.querySelectorAll(arguments[0])) {
        for (let at = 0; at < path.getTotalLength(); at += 2) {
          const { x, y } = path.getPointAtLength(at);
          for (const [name, b] of boxes) if (x > b.x + 1 && x < b.x + b.width - 1 && y > b.y + 1 && y < b.y + b.height - 1) hits.add(path.textContent + " | " + name);
        }
      }
      return [...hits];
      """;

  /** The lines that run through the label that says this. */
  private static final String UNDER_LABEL =
      """
      const label = [...document.querySelectorAll("text.key")].find((t) => t.textContent === arguments[0]).previousElementSibling.getBBox();
      return [...document.querySelectorAll("path.e")].filter((path) => {
        for (let at = 0; at < path.getTotalLength(); at += 2) {
          const { x, y } = path.getPointAtLength(at);
          if (x > label.x && x < label.x + label.width && y > label.y && y < label.y + label.height) return true;
        }
        return false;
      }).map((path) => path.textContent.replace(/,.*/, ""));
      """;

  @SuppressWarnings("unchecked")
  private List<String> found(String script, String argument) {
    return (List<String>) page.script(script, argument);
  }

  /** More of the shop: dead letters that get lost, and an exchange that looks at headers. */
  private void declareMore() throws Exception {
    Channel shop = connection.createChannel();
    shop.exchangeDeclare("hdr", "headers");
    shop.exchangeDeclare("orders.dlx", "fanout");
    for (String[] dead : new String[][] {{"lostdl", "nowhere"}, {"billing", "orders.dlx"}}) {
      Map<String, Object> arguments =
          Map.of("x-dead-letter-exchange", dead[1], "x-message-ttl", 200);
      shop.queueDeclare(dead[0], false, false, false, arguments);
      shop.queueBind(dead[0], "orders", "order.*");
    }
    for (String queue : new String[] {"hq", "slow", "dead", "dead2"}) {
      shop.queueDeclare(queue, false, false, false, null);
    }
    shop.queueBind("slow", "orders", "order.*");
    shop.queueBind("dead", "orders.dlx", "");
    shop.queueBind("dead2", "orders.dlx", "");
    Map<String, Object> wanted = new LinkedHashMap<>();
    wanted.put("x-match", "all");
    wanted.put("tenant", "acme");
    wanted.put("region", "eu");
    shop.queueBind("hq", "hdr", "", wanted);
  }

  @Test
  void edgesAndLabelsKeepClearOfWhatIsNotTheirs() throws Exception {
    declareMore();
    page.enter("#/topology?all=1");
    awaitTraffic("orders to audit");
    page.find(edge("lostdl to nowhere"));
    page.find(edge("billing to orders.dlx"));
    picture("graph");
    assertThat(found(RUNS_INTO, "path.e.dl")).isEmpty();
    assertThat(found(UNDER_LABEL, "order.#")).containsExactly("orders to audit");
    assertThat(found(UNDER_LABEL, "alternate")).containsExactly("orders to unmatched");
    String headers = page.find(By.xpath("//*[name()='text'][contains(.,' = ')]")).getText();
    assertThat(headers).isIn("tenant = acme +1", "region = eu +1");
    assertThat(found(UNDER_LABEL, headers)).containsExactly("hdr to hq");
    assertThat(page.find(edge("lostdl to nowhere")).getDomProperty("textContent"))
        .endsWith("dead letters are lost: no such exchange");
    assertThat(found(UNDER_LABEL, "lost")).containsExactly("lostdl to nowhere");
  }

  private void picture(String name) throws IOException {
    Path picture = Path.of("target", "screenshots", "topology-" + name + ".png");
    Files.createDirectories(picture.getParent());
    Files.write(picture, page.driver().getScreenshotAs(OutputType.BYTES));
  }

  @Test
  void whereItWouldGoIsInTheAddressAndLightsItsPathOnly() throws Exception {
    page.enter("#/topology?exchange=orders&key=lost.key");
    awaitTraffic("orders to unmatched");
    page.awaitText("nothing is published");
    By lit = By.cssSelector("path.e.lit");
    page.await("the way of the alternate", d -> d.findElements(lit).size() == 2);
    assertThat(page.driver().findElements(By.cssSelector("path.e:not(.lit):not(.dim)"))).isEmpty();
    picture("dim");
    page.type(By.cssSelector("[aria-label='Routing key']"), "order.paid");
    page.await("the other way", d -> d.findElements(lit).size() == 3);
    page.awaitAddress("#/topology?exchange=orders&key=order.paid");
  }

  @Test
  void ofSeveralVirtualHostsTheOneThatIsMeantIsShown() throws Exception {
    ManagementClient admin = ManagementClient.at(broker.uri(), "guest", "guest");
    admin.put("/vhosts/staging", Map.of());
    admin.put("/exchanges/staging/orders", Map.of("type", "direct"));
    page.enter("#/topology?all=1");
    By staged =
        By.xpath(
            "//*[name()='g'][@data-id][starts-with(@aria-label,'orders, direct')]"
                + "[contains(@aria-label,'· staging')]");
    page.click(staged);
    page.awaitAddress("#/topology?all=1&focus=x%3Aorders&in=staging");
    page.reload("#/topology?all=1&focus=x%3Aorders&in=staging");
    page.await(
        "it is selected",
        d ->
            d.findElement(staged)
                .findElement(By.cssSelector("rect"))
                .getDomAttribute("class")
                .contains(" on"));
    page.reload("#/topology?focus=q:bocks&in=%2F");
    page.awaitText(SIDE, "No queue bocks in vhost /");
    page.click(By.linkText("books"));
    page.awaitText(SIDE, "Show messages");
  }

  @Test
  void clientsOfOtherVirtualHostsAreNotShownAndFoldedOnesAreToldWhole() throws Exception {
    ManagementClient admin = ManagementClient.at(broker.uri(), "guest", "guest");
    admin.put("/vhosts/calm", Map.of());
    admin.put("/exchanges/calm/resting", Map.of("type", "direct"));
    admin.put("/queues/calm/resting", Map.of());
    By folded = By.cssSelector(".graph g.n:not([data-id])");
    try (Connection silent = broker.connect("watcher")) {
      silent.createChannel();
      page.width(1024, 800);
      page.script("localStorage.setItem('harvey.vhost', '/')");
      page.enter("#/topology");
      page.await("a silent client", d -> d.findElement(folded).getText().contains("watcher"));
      assertThat(page.find(folded).findElements(By.tagName("text")))
          .allSatisfy(text -> assertThat(text.getText()).doesNotContain("…"));
      page.script("localStorage.setItem('harvey.vhost', 'calm')");
      page.reload("#/topology");
      page.await("its exchange", d -> d.findElement(folded).getText().contains("resting"));
      assertThat(page.find(By.cssSelector(".graph")).getText())
          .doesNotContain("client")
          .doesNotContain("watcher");
    }
  }

  @Test
  void onAPhoneTheListTellsWhereDeadLettersGo() throws Exception {
    declareMore();
    page.width(390, 800);
    page.enter("#/topology?all=1");
    page.awaitText(By.cssSelector(".topolist"), "exchange orders.dlx");
    page.awaitText(By.cssSelector(".topolist"), "no such exchange, they are lost");
    picture("phone");
    assertThat(
            (Long)
                page.script(
                    "return Math.min(...[...document.querySelectorAll('.topolist a')].map((a) => Math.floor(a.getBoundingClientRect().height)))"))
        .isGreaterThanOrEqualTo(40);
    assertThat(page.contentWidth()).isLessThanOrEqualTo(390);
  }

  @Test
  void onAPhoneTheListLeadsFromExchangeToExchange() {
    page.width(390, 800);
    page.enter("#/topology");
    By audit =
        By.xpath(
            "//ul[@class='topolist']/li[a='orders']//li[contains(.,'order.#')][contains(.,'audit')]");
    page.await("the rate", d -> !d.findElement(audit).getText().endsWith(" 0/s"));
    assertThat(page.find(audit).getText()).contains("exchange audit");
  }
}
