package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.Connection;
import io.harveymq.broker.vhost.BrokerClock;
import io.harveymq.management.HttpLimits;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WindowType;

/** What the page asks of the broker, and when it asks for nothing. */
class PageStreamsTest extends PageTest {
  private static final int STREAMS_OF_THE_OVERVIEW = 2;

  /** Keeps the addresses of the streams that the page opens. */
  private static final String NOTE_STREAMS =
      """
      window.streams = [];
      const fetched = window.fetch;
      window.fetch = (url, ...more) => {
        if (String(url).includes("dev/live")) window.streams.push(String(url));
        return fetched(url, ...more);
      };
      """;

  private static HttpResponse<InputStream> open(URI stream) throws Exception {
    String credentials =
        Base64.getEncoder().encodeToString("guest:guest".getBytes(StandardCharsets.UTF_8));
    HttpRequest request =
        HttpRequest.newBuilder(stream).header("authorization", "Basic " + credentials).build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
  }

  private static JsonNode firstEvent(URI stream) throws Exception {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(open(stream).body(), StandardCharsets.UTF_8))) {
      String data = lines.readLine();
      while (!data.startsWith("data: ")) {
        data = lines.readLine();
      }
      return new ObjectMapper().readTree(data.substring("data: ".length()));
    }
  }

  private static Set<String> fields(JsonNode object) {
    Set<String> names = new HashSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** What the list's stream, the last one that was opened, gives of the first row. */
  private Set<String> streamed(String view) throws Exception {
    String address =
        page.await(
            "a stream of " + view,
            d -> {
              @SuppressWarnings("unchecked")
              List<String> all = (List<String>) page.script("return window.streams");
              return all.stream()
                  .filter(one -> one.contains("view=" + view))
                  .reduce((before, last) -> last)
                  .orElse(null);
            });
    return fields(firstEvent(URI.create(address)).get("items").get(0));
  }

  private void enterNotingStreams(String address) {
    Map<String, Object> added =
        page.driver()
            .executeCdpCommand(
                "Page.addScriptToEvaluateOnNewDocument", Map.of("source", NOTE_STREAMS));
    try {
      page.enter(address);
    } finally {
      page.driver().executeCdpCommand("Page.removeScriptToEvaluateOnNewDocument", added);
    }
  }

  @Test
  void pageThatIsLeftWatchesNothingAnyMore() {
    page.enter("#/more");
    Object left =
        page.script(
            """
            return import(document.querySelector("script[src$='js/first.js']").src).then(({ Page }) => {
              const left = new Page({});
              left.stop();
              let closed = false;
              left.keep(() => (closed = true));
              return closed && left.watch({ where: "overview", onData: () => {} }) === null;
            });
            """);
    assertThat(left).isEqualTo(true);
  }

  @Test
  void listOfQueuesAsksForTheColumnsThatItShows() throws Exception {
    String queue = newQueue();
    fill(queue, "a");
    enterNotingStreams("#/queues?f=" + queue);
    page.find(Page.row("Queues", queue));
    assertThat(streamed("queues"))
        .contains("name", "messages_ready", "consumers", "arguments", "message_stats")
        .doesNotContain("memory", "node", "message_bytes", "messages_ready_details");
    page.click(By.xpath("//button[normalize-space()='Columns']"));
    page.click(Page.column("Memory"));
    page.await(
        "memory in the row",
        d -> d.findElement(Page.row("Queues", queue)).getText().contains("KiB"));
    assertThat(streamed("queues")).contains("memory").doesNotContain("node");
  }

  @Test
  void listsOfClientsAskForTheColumnsThatTheyShow() throws Exception {
    Connection client = keep(factory().newConnection(name("client")));
    client.createChannel();
    enterNotingStreams("#/connections");
    page.find(Page.row("Connections", client.getClientProvidedName()));
    assertThat(streamed("connections"))
        .contains("name", "client_properties", "recv_oct_details")
        .doesNotContain("garbage_collection", "frame_max", "recv_oct");
    page.open("#/channels");
    page.find(Page.row("Channels", client.getClientProvidedName() + ", channel 1"));
    assertThat(streamed("channels"))
        .contains("name", "number", "prefetch_count")
        .doesNotContain("garbage_collection", "reductions");
  }

  @Test
  void hiddenTabClosesItsStreamsAndOpensThemWhenItIsShown() throws Exception {
    HttpLimits limits = new HttpLimits(256, 10_000_000, 60_000, 30_000, STREAMS_OF_THE_OVERVIEW);
    expectComplaint("503");
    try (PageBroker broker = PageBroker.start(BrokerClock.SYSTEM, limits);
        Connection client = broker.connect("declarer")) {
      client.createChannel().queueDeclare("q", false, false, false, null);
      URI stream = broker.uri().resolve("/api/dev/live?view=overview");
      page = new Page(Browser.driver(), broker.uri());
      page.enter("#/");
      page.find(Page.row("Busiest queues", "q"));
      page.await("no room for another stream", d -> status(stream) == 503);
      String shown = page.driver().getWindowHandle();
      page.driver().switchTo().newWindow(WindowType.TAB);
      try {
        page.await("room for a stream", d -> status(stream) == 200);
      } finally {
        page.driver().close();
        page.driver().switchTo().window(shown);
      }
      page.await("the streams are open again", d -> status(stream) == 503);
      page.leave();
    }
  }

  @Test
  void brokerThatIsSilentIsLostUntilItIsHeardAgain() throws Exception {
    By light = By.cssSelector(".topbar .live");
    try (Wire wire = new Wire(BrokerUnderTest.managementUri().getPort())) {
      page = new Page(Browser.driver(), URI.create("http://127.0.0.1:" + wire.address().getPort()));
      page.enter("#/");
      page.awaitText(light, "Live");
      page.find(By.cssSelector(".station .v"));
      wire.hold(true);
      page.awaitText(light, "trying again");
      assertThat(page.find(light).getText()).startsWith("Last values");
      page.find(By.cssSelector("main.stale .station .v"));
      wire.hold(false);
      page.awaitText(light, "Live");
      page.find(By.cssSelector("main:not(.stale) .station .v"));
      page.leave();
    }
  }

  private static int status(URI stream) {
    try {
      HttpResponse<InputStream> answer = open(stream);
      answer.body().close();
      return answer.statusCode();
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Test
  void whatEachPageBeginsWithIsAskedOnceAndBeforeTheModulesRun() {
    page.enter("#/");
    page.find(By.cssSelector(".station .v"));
    page.reload("#/");
    page.find(By.cssSelector(".station .v"));
    for (String question : List.of("dev/features", "vhosts?columns=name")) {
      assertThat(
              page.script(
                  "return performance.getEntriesByType('resource')"
                      + ".filter(e => e.name.endsWith(arguments[0])).length",
                  "/api/" + question))
          .as(question)
          .isEqualTo(1L);
    }
    assertThat(page.script("return Object.keys(globalThis.early)")).isEqualTo(List.of());
  }

  @Test
  void pagesOfClientsAskForNothingThatTheyDoNotShow() {
    page.enter("#/channels");
    page.find(By.cssSelector("table[aria-label=Channels] > tbody > tr"));
    page.await("the names of clients", d -> (Boolean) page.script(ASKED_FOR, "/api/connections?"));
    for (String list : List.of("/api/queues", "/api/bindings", "/api/consumers")) {
      assertThat(page.script(ASKED_FOR, list)).as(list).isEqualTo(false);
    }
  }

  private static final String ASKED_FOR =
      "return performance.getEntriesByType('resource').some(e => e.name.includes(arguments[0]))";
}
